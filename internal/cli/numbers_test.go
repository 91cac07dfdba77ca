package cli

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/routing"
)

// askingYAML is benchYAML with a number whose caller's agent an endpoint names.
func askingYAML(ask string) string {
	return strings.Replace(benchYAML, `"`+ours+`": `, `"`+ours+`": {ask: `+ask+`, else: reminders} # `, 1) +
		"\n"
}

// From the webhook to the log: the question is signed with the secret that is kept beside
// the master key, and the agent that the answer names takes the call.
func TestANumberAsksWhoAnswers(t *testing.T) {
	questions := make(chan routing.Question, 1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		secret, err := os.ReadFile(filepath.Join("data", "signing.secret"))
		if err != nil {
			t.Error(err)
		}
		hook, err := webhooks.NewWebhook(strings.TrimSpace(string(secret)))
		if err == nil {
			err = hook.Verify(body, r.Header)
		}
		var q routing.Question
		if err != nil || json.Unmarshal(body, &q) != nil {
			t.Errorf("%s: %v", body, err)
		}
		questions <- q
		io.WriteString(w, `{"agent": "reminders", "variables": {"name": "Dana"}}`)
	}))
	t.Cleanup(web.Close)
	b := servingWith(t, askingYAML(fmt.Sprintf("{url: %q, timeout: 3s}", web.URL)), evitest.Script())
	b.line.Attestation = "TN-Validation-Passed-A"
	c, err := b.line.Dial(t.Context(), person, ours)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	if q := <-questions; q.Data.From != person || q.Data.To != ours || q.Data.CallSID != c.SID || q.Data.Attestation != "TN-Validation-Passed-A" {
		t.Errorf("the question is %+v", q)
	}
	var head calllog.Call
	for head.ID == "" {
		if err := b.s.Writer.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		head, _ = b.s.DB.Calls().BySID(t.Context(), c.SID) // not there until Answer has been written down
	}
	if head.Agent != "reminders" || head.Variables["name"] != "Dana" {
		t.Errorf("the log has %+v", head)
	}
	exits(t, exitDone, []string{"doctor"}, "who answers", "127.0.0.1 resolves")
}

func TestSigningSecrets(t *testing.T) {
	key := base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes ..."))
	for given, want := range map[string]int{key: 1, "whsec_" + key + " , " + key: 2, ",": 0, key + "," + key + "," + key: 0, "no": 0} {
		list, err := config.DecodeSigningKeys(given)
		if len(list) != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", given, len(list), err)
		}
		if err != nil && strings.Contains(err.Error(), key) {
			t.Error("the error quotes a secret")
		}
	}
	c := &config.Config{Environment: config.Environment{DataDir: t.TempDir()}}
	first, err := service.SigningSecrets(c)
	if err != nil || len(first) != 1 || len(first[0]) != 32 {
		t.Fatalf("got %v, %v", first, err)
	}
	if again, err := service.SigningSecrets(c); err != nil || string(again[0]) != string(first[0]) {
		t.Errorf("another one the second time: %v", err)
	}
	if info, err := os.Stat(filepath.Join(c.DataDir, "signing.secret")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
