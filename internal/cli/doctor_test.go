package cli

import (
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A master key that is lost: the doctor says so, and serve starts under no other one, nor makes
// one over the trail.
func TestLostMasterKey(t *testing.T) {
	serving(t)
	if err := os.Remove("data/master.key"); err != nil {
		t.Fatal(err)
	}
	exits(t, exitFailed, []string{"doctor"}, "wrong    ledger", "BRIDGE_MASTER_KEY: the master key is missing: the consent ledger was created with one that is neither set nor in", "data/master.key")
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	c.Listen = "127.0.0.1:0"
	instanceDir(t, c)
	if _, err = service.Start(t.Context(), c, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), "BRIDGE_MASTER_KEY: the master key is missing: the consent ledger was created with one that is neither set nor in") {
		t.Errorf("serve: %v", err)
	}
	if _, err := os.Stat(service.MasterKeyFile(c)); err == nil {
		t.Error("serve made another key")
	}

	// Beside a private Postgres that rests, what the ledger left in the folder tells.
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": configtest.EnoughYAML, "data/ledger.seen": "x"})
	exits(t, exitFailed, []string{"doctor"}, "wrong    ledger", "BRIDGE_MASTER_KEY: the master key is missing: the consent ledger was created with one that is neither set nor in")
}

// instanceDir gives a second instance its own data folder.
func instanceDir(t *testing.T, c *config.Config) { c.DataDir = t.TempDir() }

// One fault hides no other: wrong credentials, a host that isn't there, a public address that is
// something else.
func TestDoctorGoesOnAfterAFault(t *testing.T) {
	api := httptest.NewServer(twiliotest.NewAPI(&twiliotest.Phone{AccountSID: "AC00000000000000000000000000000001", AuthToken: "another"}))
	t.Cleanup(api.Close)
	tools := "tools:\n  look: {description: Looks., http: {url: \"https://nowhere.invalid/x\"}}\n"
	env := strings.Replace(configtest.EnoughEnv, "https://voice.example.com", api.URL, 1) + "TWILIO_API_URL=" + api.URL + "\nHUME_API_URL=http://127.0.0.1:1\n"
	want := []string{"wrong    Twilio", "can't read the account with these credentials", "wrong    PUBLIC_URL", "this is another program", "wrong    tool look", "nowhere.invalid can't be resolved"}
	configtest.In(t, map[string]string{".env": env, "bridge.yaml": configtest.EnoughYAML + tools})
	exits(t, exitFailed, []string{"doctor"}, want...)
	configtest.In(t, map[string]string{".env": env + "BRIDGE_MAX_CALLS=none\n", "bridge.yaml": configtest.EnoughYAML + tools})
	exits(t, exitUsage, []string{"doctor"}, append(want, "wrong    configuration", "BRIDGE_MAX_CALLS", "database", "clock")...)
}

// doctor --fix sets the webhooks of our numbers, of others none, and only when it is asked to.
func TestDoctorFixSetsTheWebhooks(t *testing.T) {
	b := serving(t)
	other := twiliotest.Number{PhoneNumber: "+16282350199", VoiceURL: "https://other.example/voice", VoiceMethod: "GET"}
	b.api.SetNumbers(twiliotest.Number{PhoneNumber: ours, VoiceURL: "https://demo.twilio.com/welcome", VoiceMethod: "GET"}, other)
	exits(t, exitFailed, []string{"doctor"}, "set its voice webhook", "--fix")
	if b.api.Numbers()[0].VoiceMethod != "GET" {
		t.Error("without --fix it was set")
	}
	exits(t, exitDone, []string{"doctor", "--fix"}, "webhooks set; its calls went to", "demo.twilio.com")
	exits(t, exitDone, []string{"doctor"}, "its calls and texts arrive here")
	base := b.line.Bridge
	want := twiliotest.Number{PhoneNumber: ours, VoiceURL: base + "/twilio/voice", VoiceMethod: "POST", StatusCallback: base + "/twilio/status", SMSURL: base + "/twilio/sms"}
	if got := b.api.Numbers(); got[0] != want || got[1] != other {
		t.Errorf("numbers: %+v", got)
	}
}

// Whoever copies both example files is told of each placeholder that is left, by doctor and serve.
func TestCopiedExamplesNameEachPlaceholder(t *testing.T) {
	files := map[string]string{"prompts/support.md": "x", "prompts/reminders.md": "x"}
	for from, to := range map[string]string{"../../.env.example": ".env", "../../bridge.example.yaml": "bridge.yaml"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		files[to] = string(b)
	}
	configtest.In(t, files)
	empty := []string{"PUBLIC_URL", "BRIDGE_API_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "OPENAI_API_KEY", "CRM_TOKEN"}
	left := []string{"sellers.riverbend.legal_name", "sellers.riverbend.callback_number: +14155550123 is only an example", "sellers.riverbend.tollfree_optout", "sellers.riverbend.texts_from",
		"agents.support.transfer_to", "agents.support.fallback.dial", "numbers: +14155550100", "numbers: +14155550101", "numbers: +14155550102",
		"numbers.+14155550102.ask.url: https://crm.example/who", "tools.order_status.http.url: https://crm.example/orders"}
	got := exits(t, exitUsage, []string{"doctor"}, append(empty, left...)...)
	if n := strings.Count(got.out, "  placeholder "); n != len(left) {
		t.Errorf("%d placeholders, want %d:\n%s", n, len(left), got.out)
	}
	empty = slices.DeleteFunc(empty, func(name string) bool { return name == "BRIDGE_API_TOKEN" }) // keys may stand in for it
	exits(t, exitUsage, []string{"serve"}, empty...)

	files[".env"] = configtest.EnoughEnv + "OPENAI_API_KEY=k\nCRM_TOKEN=t\n"
	configtest.In(t, files)
	c, err := config.Load() // filled in, the examples have no error
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c.WarnOfPlaceholders(zerolog.New(&log))
	if n := strings.Count(log.String(), "still has a placeholder from the examples"); n != len(left)+1 || strings.Contains(log.String(), "555") {
		t.Errorf("the log has %d:\n%s", n, log.String())
	}
}
