package config

import (
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

// Files that others can read or write are named, with the command that changes it.
func TestFileModesAreChecked(t *testing.T) {
	const clean = configtest.EnoughYAML + "tools:\n  t: {http: {url: \"https://x.example\", headers: {Authorization: \"Bearer ${CRM}\"}}}\n"
	const secret = configtest.EnoughYAML + "tools:\n  t: {http: {url: \"https://x.example\", headers: {X-Api-Key: \"0123456789\"}}}\n"
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
			configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "CRM=x\n", "bridge.yaml": test.yaml, "data/master.key": "k", "data/signing.secret": "s"})
			for file, mode := range test.mode {
				if err := os.Chmod(file, mode); err != nil {
					t.Fatal(err)
				}
			}
			c, err := Load()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range c.Posture() {
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
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "BRIDGE_INSECURE=on\n", "bridge.yaml": configtest.EnoughYAML})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, f := range c.Posture() {
		said[f.What] = true
	}
	if said["user"] != (os.Geteuid() == 0) || !said["BRIDGE_INSECURE"] {
		t.Errorf("it says %v", said)
	}
}
