package cli

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

// Whether a call promotes anything is the agent's to say where nobody else does: the
// commands leave it out, and bridge.yaml's contains_marketing fills it in.
func TestWhoSaysThatACallPromotes(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{"": "", "--marketing": `"contains_marketing":true`, "--no-marketing": `"contains_marketing":false`} {
		var f intentFlags
		k, err := kong.New(&f, kong.Vars{"purposes": "any"}, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Parse(append([]string{"+12125552671", "--agent", "reminders"}, strings.Fields(args)...)); err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		i, err := f.intent()
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(i)
		if err != nil || !strings.Contains(string(b), want) || want == "" && strings.Contains(string(b), "marketing") {
			t.Errorf("%s: %s, %v", args, b, err)
		}
	}
	f, wrong := config.ParseFile([]byte("sellers: {s: {legal_name: S LLC}}\nagents: {quiet: {seller: s, contains_marketing: false}, sells: {seller: s, contains_marketing: true}, silent: {seller: s}}\n"))
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	d := service.NewDirectory((&config.Config{File: f}))
	for name, want := range map[string]bool{"quiet": true, "sells": false, "silent": false} {
		if d.Agents[name].NoMarketing != want {
			t.Errorf("%s: %v", name, d.Agents[name].NoMarketing)
		}
	}
}
