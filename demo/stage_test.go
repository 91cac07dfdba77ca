package demo

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Nothing of the user's own configuration reaches the demo's service, and no secret is a
// file's.
func TestSettingsAreOurs(t *testing.T) {
	for _, name := range []string{"TWILIO_AUTH_TOKEN", "HUME_API_KEY", "DATABASE_URL", "BRIDGE_MASTER_KEY_FILE", "OPENAI_API_KEY"} {
		t.Setenv(name, "the-users-own")
	}
	s, err := newSettings(t.TempDir(), voiceRealtime)
	if err != nil {
		t.Fatal(err)
	}
	s.crmURL = "http://127.0.0.1:1"
	env := s.environment()
	if i := slices.IndexFunc(env, func(v string) bool { return strings.Contains(v, "the-users-own") }); i >= 0 {
		t.Errorf("the service is given the user's %s", env[i])
	}
	if !slices.Contains(env, "PATH="+os.Getenv("PATH")) {
		t.Error("the service is not given the PATH, in which Postgres may be")
	}
	if err := s.write(allLines()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(s.dir, "bridge.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{s.crmURL + "/orders", s.crmURL + "/appointments", allLines().greeting.text, allLines().reminder.text, calledNumber, remindersNumber, "voice: [realtime, evi]"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("bridge.yaml has no %q", want)
		}
	}
	for _, secret := range []string{s.apiToken, s.authToken, s.humeKey, s.openAIKey, s.crmToken} {
		if len(secret) < 20 || strings.Contains(string(b), secret) {
			t.Errorf("a secret of %d characters is too short, or in bridge.yaml", len(secret))
		}
	}
}

func TestOffice(t *testing.T) {
	o := newCRM("secret")
	defer o.http.Close()
	for _, tt := range []struct {
		name, path, token, body string
		want                    int
	}{
		{"known order", "/orders", "secret", `{"order_id":"A17"}`, 200},
		{"unknown order", "/orders", "secret", `{"order_id":"B1"}`, 404},
		{"no JSON", "/orders", "secret", `{`, 404},
		{"wrong token", "/orders", "other", `{"order_id":"A17"}`, 401},
		{"free hour", "/appointments", "secret", `{"day":"Thursday","part":"afternoon"}`, 200},
		{"another hour", "/appointments", "secret", `{"day":"Friday","part":"afternoon"}`, 404},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url()+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+tt.token)
		res, err := o.http.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != tt.want {
			t.Errorf("%s: answered %d, want %d", tt.name, res.StatusCode, tt.want)
		}
	}
	if n := o.requests(); n != 6 {
		t.Errorf("it counted %d requests, want 6", n)
	}
}

func TestTail(t *testing.T) {
	for _, tt := range []struct{ name, said, want string }{
		{"nothing", "", ""},
		{"an error of the command", "INF starts\nbridge: no\n  because\n", "bridge: no\n  because"},
		{"only a log", "1\n2\n3\n4\n5\n6\n", "2\n3\n4\n5\n6"},
		{"an error at once", "bridge: no", "bridge: no"},
		{"much", strings.Repeat("x", 2*tailBytes) + "\nend", strings.Repeat("x", tailBytes-4) + "\nend"},
	} {
		var log strings.Builder
		tail := &tail{to: &log}
		if _, err := tail.Write([]byte(tt.said)); err != nil {
			t.Fatal(err)
		}
		if got := tail.last(); got != tt.want {
			t.Errorf("%s: the last words are %q, want %q", tt.name, got, tt.want)
		}
		if log.String() != tt.said {
			t.Errorf("%s: not all was passed on", tt.name)
		}
	}
}
