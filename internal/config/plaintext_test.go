package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
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
			env := configtest.EnoughEnv + line + "\n"
			if insecure {
				env += "BRIDGE_INSECURE=on\n"
			}
			configtest.In(t, map[string]string{".env": env, "bridge.yaml": configtest.EnoughYAML})
			_, err := Load()
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
			env := configtest.EnoughEnv + "BRIDGE_INSECURE=" + insecure + "\n"
			configtest.In(t, map[string]string{".env": env, "bridge.yaml": configtest.EnoughYAML + test.yaml})
			want := test.at
			if insecure == "on" {
				want = ""
			}
			_, err := Load()
			if want == "" && err != nil {
				t.Errorf("%s, insecure %s: %v", name, insecure, err)
			}
			if want != "" && (err == nil || !strings.Contains(err.Error(), want+": "+ErrPlaintext.Error())) {
				t.Errorf("%s, insecure %s: %v", name, insecure, err)
			}
		}
	}
}
