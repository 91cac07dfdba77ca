package bridge

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// What leaves this machine is encrypted, unless BRIDGE_INSECURE says otherwise.
func TestPlaintextIsForThisMachine(t *testing.T) {
	for line, remote := range map[string]bool{
		"TWILIO_API_URL=http://twilio.example":                                        true,
		"TWILIO_API_URL=http://127.0.0.1:9999":                                        false,
		"HUME_API_URL=http://10.0.0.5:8000":                                           true,
		"HUME_API_URL=ws://hume.example":                                              true,
		"HUME_API_URL=http://localhost:8000":                                          false,
		"REALTIME_URL=ws://voice.example/v1/realtime":                                 true,
		"REALTIME_URL=ws://[::1]:9000/v1/realtime":                                    false,
		"DATABASE_URL=postgres://u:p@db.example/d":                                    true,
		"DATABASE_URL=postgres://u:p@db.example/d?sslmode=require":                    true,
		"DATABASE_URL=postgres://u:p@db.example/d?sslmode=verify-full":                false,
		"DATABASE_URL=postgres://u:p@/d?host=/run/postgresql":                         false,
		"DATABASE_URL=postgres://u:p@[::1]/d\nBRIDGE_MIGRATE_URL=postgres://o:p@db/d": true,
	} {
		for _, insecure := range []bool{false, true} {
			env := enoughEnv + line + "\n"
			if insecure {
				env += "BRIDGE_INSECURE=on\n"
			}
			in(t, map[string]string{".env": env, "bridge.yaml": enoughYAML})
			_, err := load()
			if refused := err != nil; refused != (remote && !insecure) {
				t.Errorf("%s, insecure %t: %v", line, insecure, err)
			}
			if err != nil && !strings.Contains(err.Error(), "BRIDGE_INSECURE") {
				t.Errorf("%s: the error does not say what would allow it: %v", line, err)
			}
		}
	}
}

// What a tool is told is a person's: its address and an MCP server's are held to the same.
func TestToolsAreToldNothingInTheClear(t *testing.T) {
	const tool = "tools:\n  t: {description: T., http: {url: \"%s\"}}\n"
	const server = "mcp:\n  m: {url: \"%s\"}\n"
	for name, test := range map[string]struct{ yaml, at string }{
		"a tool elsewhere":           {fmt.Sprintf(tool, "http://crm.example/orders"), "tools.t.http.url"},
		"a tool here":                {fmt.Sprintf(tool, "http://127.0.0.1:9000/orders"), ""},
		"a tool over TLS":            {fmt.Sprintf(tool, "https://crm.example/orders"), ""},
		"a server of tools":          {fmt.Sprintf(server, "http://10.0.0.5:8000/mcp"), "mcp.m.url"},
		"a server of tools here":     {fmt.Sprintf(server, "http://[::1]:8000/mcp"), ""},
		"a server of tools over TLS": {fmt.Sprintf(server, "https://mcp.example/"), ""},
	} {
		for _, insecure := range []string{"off", "on"} {
			env := enoughEnv + "BRIDGE_INSECURE=" + insecure + "\n"
			in(t, map[string]string{".env": env, "bridge.yaml": enoughYAML + test.yaml})
			want := test.at
			if insecure == "on" {
				want = ""
			}
			_, err := load()
			if want == "" && err != nil {
				t.Errorf("%s, insecure %s: %v", name, insecure, err)
			}
			if want != "" && (err == nil || !strings.Contains(err.Error(), want+": "+errPlaintext.Error())) {
				t.Errorf("%s, insecure %s: %v", name, insecure, err)
			}
		}
	}
}

// A command sends no key where serve would not: neither the one that mirrors tools, nor the one
// that goes on after it has found a fault.
func TestKeysAreSentNowhereInTheClear(t *testing.T) {
	const remote = "http://service.invalid"
	in(t, map[string]string{".env": enoughEnv + "HUME_API_URL=" + remote + "\n", "bridge.yaml": enoughYAML})
	exits(t, exitUsage, []string{"tools", "sync", "--dry-run"}, "HUME_API_URL: "+errPlaintext.Error())
	in(t, map[string]string{".env": enoughEnv + "TWILIO_API_URL=" + remote + "\n", "bridge.yaml": enoughYAML})
	got := exits(t, exitUsage, []string{"doctor"}, "TWILIO_API_URL: "+errPlaintext.Error())
	if strings.Contains(got.out, "credentials") {
		t.Errorf("the doctor went there:\n%s", got.out)
	}
	const database = "DATABASE_URL=postgres://u:p@database.invalid/d\n"
	in(t, map[string]string{".env": enoughEnv + database, "bridge.yaml": enoughYAML})
	got = exits(t, exitUsage, []string{"doctor"}, "wrong    configuration", "wrong    database", "wrong    ledger")
	if n := strings.Count(got.out, "the connection to database.invalid takes any certificate"); n != 2 { // of the configuration, and of the database
		t.Errorf("it says so %d times, want 2:\n%s", n, got.out)
	}
}

// Other commands that need the database alone hold it to the same.
func TestMigrateRefusesAPlaintextDatabase(t *testing.T) {
	in(t, map[string]string{".env": "DATABASE_URL=postgres://u:p@db.example/d?sslmode=disable\n"})
	exits(t, exitUsage, []string{"migrate", "status"}, "DATABASE_URL: the connection to db.example may be in the clear")
}

// A command sends its token to the service, and to nobody else.
func TestTheTokenGoesToTheServiceAlone(t *testing.T) {
	var got []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.Header.Get("Authorization")) }))
	defer elsewhere.Close()
	service := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer service.Close()
	listen := "BRIDGE_LISTEN=" + strings.TrimPrefix(elsewhere.URL, "http://") + "\n"
	const token = "BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\n"
	list := []string{"calls", "list"}

	in(t, map[string]string{".env": token})
	exits(t, exitFailed, append(list, "--url", service.URL), "the service answered 307", "not followed")
	exits(t, exitUsage, append(list, "--url", "http://voice.example"), "--url: everything sent there would travel in the clear")
	exits(t, exitUsage, append(list, "--url", "voice.example"), "--url: want an absolute URL")
	exits(t, exitUsage, append(list, "--url", "https://u:hush@voice.example"), "--url: want no password in it")

	in(t, map[string]string{".env": listen})
	t.Setenv("BRIDGE_API_TOKEN", "0123456789abcdef0123456789abcdef")
	exits(t, exitUsage, list, "BRIDGE_LISTEN: it comes from the .env of this folder")
	in(t, map[string]string{".env": listen + token}) // that token is not the one that would be sent
	t.Setenv("BRIDGE_API_TOKEN", "another 0123456789abcdef01234567")
	exits(t, exitUsage, list, "BRIDGE_LISTEN: it comes from the .env of this folder")
	in(t, map[string]string{".env": "BRIDGE_TLS=on\nPUBLIC_URL=https://elsewhere.example\n"})
	t.Setenv("BRIDGE_API_TOKEN", "0123456789abcdef0123456789abcdef")
	exits(t, exitUsage, list, "PUBLIC_URL: it comes from the .env of this folder")
	os.Unsetenv("BRIDGE_API_TOKEN")
	in(t, map[string]string{".env": listen + "BRIDGE_API_TOKEN_FILE=token\n", "token": "somebody's secret"})
	exits(t, exitUsage, list, "BRIDGE_LISTEN: it comes from the .env of this folder")
	in(t, map[string]string{".env": token + "BRIDGE_LISTEN=198.51.100.7:8080\n"})
	exits(t, exitUsage, list, "BRIDGE_LISTEN: everything sent there would travel in the clear")
	if len(got) > 0 {
		t.Errorf("somebody else was sent %d request(s)", len(got))
	}

	in(t, map[string]string{".env": listen + token})
	Main(list) // the answer is empty; what counts is that it was asked
	if len(got) != 1 || !strings.HasPrefix(got[0], "Bearer 0123") {
		t.Errorf("the service of this folder was asked %d times", len(got))
	}
}
