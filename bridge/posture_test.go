package bridge

import (
	"net"
	"os"
	"strings"
	"testing"
)

// Files that others can read or write are named, with the command that changes it.
func TestFileModesAreChecked(t *testing.T) {
	const clean = enoughYAML + "tools:\n  t: {http: {url: \"https://x.example\", headers: {Authorization: \"Bearer ${CRM}\"}}}\n"
	const secret = enoughYAML + "tools:\n  t: {http: {url: \"https://x.example\", headers: {X-Api-Key: \"0123456789\"}}}\n"
	for name, test := range map[string]struct {
		yaml string
		mode map[string]os.FileMode
		want []string
	}{
		"closed":             {clean, nil, nil},
		"read by the group":  {clean, map[string]os.FileMode{".env": 0o640, "bridge.yaml": 0o644}, nil},
		"the passing server": {clean, map[string]os.FileMode{"data": 0o711}, nil},
		".env for all":       {clean, map[string]os.FileMode{".env": 0o644}, []string{"its mode is 0644, and it holds secrets: chmod 0640 .env"}},
		"bridge.yaml with a secret, for all": {secret, map[string]os.FileMode{"bridge.yaml": 0o644},
			[]string{"chmod 0640 bridge.yaml"}},
		"bridge.yaml that others write": {clean, map[string]os.FileMode{"bridge.yaml": 0o666}, []string{"chmod 0644 bridge.yaml"}},
		"keys for all": {clean, map[string]os.FileMode{"data/master.key": 0o644, "data/signing.secret": 0o640},
			[]string{"chmod 0600 data/master.key", "chmod 0600 data/signing.secret"}},
		"data for all": {clean, map[string]os.FileMode{"data": 0o755}, []string{"chmod 0711 data"}},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, map[string]string{".env": enoughEnv + "CRM=x\n", "bridge.yaml": test.yaml, "data/master.key": "k", "data/signing.secret": "s"})
			for file, mode := range test.mode {
				if err := os.Chmod(file, mode); err != nil {
					t.Fatal(err)
				}
			}
			c, err := load()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range c.posture() {
				if f.What != "user" {
					got = append(got, f.Say)
				}
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(strings.Join(got, "\n"), want) {
					t.Errorf("nothing of %q in %q", want, got)
				}
			}
		})
	}
}

// Root is asked for nothing that needs it, and is told so.
func TestRootIsTold(t *testing.T) {
	in(t, map[string]string{".env": enoughEnv + "BRIDGE_INSECURE=on\n", "bridge.yaml": enoughYAML})
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, f := range c.posture() {
		said[f.What] = true
	}
	if said["user"] != (os.Geteuid() == 0) || !said["BRIDGE_INSECURE"] {
		t.Errorf("it says %v", said)
	}
}

// Each start says what weakens the setup, and what is left of the examples, though it fails then.
func TestServeSaysWhatWeakensIt(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	env := enoughEnv + "BRIDGE_INSECURE=on\nBRIDGE_MAX_CALL=7\nBRIDGE_LISTEN=" + taken.Addr().String() + "\n" +
		"TWILIO_API_URL=http://127.0.0.1:1\nHUME_API_URL=http://127.0.0.1:1\n"
	in(t, map[string]string{".env": env, "bridge.yaml": enoughYAML})
	if err := os.Chmod(".env", 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{"may travel in the clear", "its mode is 0644", "a placeholder of the examples is left",
		"BRIDGE_MAX_CALL: there is no such setting", "BRIDGE_LISTEN: "}
	if os.Geteuid() == 0 {
		want = append(want, "the service runs as root, which it needs for nothing: give it a user of its own")
	}
	exits(t, exitFailed, []string{"serve"}, want...)
	exits(t, exitFailed, []string{"doctor"}, "warning  BRIDGE_INSECURE", "chmod 0640 .env")
}
