package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// A command sends no key where serve would not: neither the one that mirrors tools, nor the one
// that goes on after it has found a fault.
func TestKeysAreSentNowhereInTheClear(t *testing.T) {
	const remote = "http://service.invalid"
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "HUME_API_URL=" + remote + "\n", "bridge.yaml": configtest.EnoughYAML})
	exits(t, exitUsage, []string{"tools", "sync", "--dry-run"}, "HUME_API_URL: "+config.ErrPlaintext.Error())
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "TWILIO_API_URL=" + remote + "\n", "bridge.yaml": configtest.EnoughYAML})
	got := exits(t, exitUsage, []string{"doctor"}, "TWILIO_API_URL: "+config.ErrPlaintext.Error())
	if strings.Contains(got.out, "credentials") {
		t.Errorf("the doctor went there:\n%s", got.out)
	}
	const database = "DATABASE_URL=postgres://u:p@database.invalid/d\n"
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + database, "bridge.yaml": configtest.EnoughYAML})
	got = exits(t, exitUsage, []string{"doctor"}, "wrong    configuration", "wrong    database", "wrong    ledger")
	if n := strings.Count(got.out, "the connection to database.invalid accepts any certificate"); n != 2 { // of the configuration, and of the database
		t.Errorf("it says so %d times, want 2:\n%s", n, got.out)
	}
}

// Other commands that need the database alone hold it to the same.
func TestMigrateRefusesAPlaintextDatabase(t *testing.T) {
	configtest.In(t, map[string]string{".env": "DATABASE_URL=postgres://u:p@db.example/d?sslmode=disable\n"})
	exits(t, exitUsage, []string{"migrate", "status"}, "DATABASE_URL: the connection to db.example may be unencrypted")
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

	configtest.In(t, map[string]string{".env": token})
	exits(t, exitFailed, append(list, "--url", service.URL), "the service answered 307", "not followed", "--url")
	exits(t, exitUsage, append(list, "--url", "http://voice.example"), "--url: everything sent there would be unencrypted")
	exits(t, exitUsage, append(list, "--url", "voice.example"), "--url: want an absolute URL")
	exits(t, exitUsage, append(list, "--url", "https://u:hush@voice.example"), "--url: want a URL without a password")

	configtest.In(t, map[string]string{".env": listen})
	t.Setenv("BRIDGE_API_TOKEN", "0123456789abcdef0123456789abcdef")
	exits(t, exitUsage, list, "BRIDGE_LISTEN comes from this folder's .env")
	configtest.In(t, map[string]string{".env": listen + token}) // that token is not the one that would be sent
	t.Setenv("BRIDGE_API_TOKEN", "another 0123456789abcdef01234567")
	exits(t, exitUsage, list, "BRIDGE_LISTEN comes from this folder's .env")
	configtest.In(t, map[string]string{".env": "BRIDGE_TLS=on\nPUBLIC_URL=https://elsewhere.example\n"})
	t.Setenv("BRIDGE_API_TOKEN", "0123456789abcdef0123456789abcdef")
	exits(t, exitUsage, list, "PUBLIC_URL comes from this folder's .env")
	os.Unsetenv("BRIDGE_API_TOKEN")
	configtest.In(t, map[string]string{".env": listen + "BRIDGE_API_TOKEN_FILE=token\n", "token": "somebody's secret"})
	exits(t, exitUsage, list, "BRIDGE_LISTEN comes from this folder's .env")
	configtest.In(t, map[string]string{".env": token + "BRIDGE_LISTEN=198.51.100.7:8080\n"})
	exits(t, exitUsage, list, "BRIDGE_LISTEN: everything sent there would be unencrypted")
	if len(got) > 0 {
		t.Errorf("somebody else was sent %d request(s)", len(got))
	}

	configtest.In(t, map[string]string{".env": listen + token})
	Main(list) // the answer is empty; what counts is that it was asked
	if len(got) != 1 || !strings.HasPrefix(got[0], "Bearer 0123") {
		t.Errorf("the service of this folder was asked %d times", len(got))
	}
}
