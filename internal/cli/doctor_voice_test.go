package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// What the doctor says of EVI at Hume's own host: that it ended, and the one line that gives
// the agent another voice. Of EVI elsewhere it says neither.
func TestTheDoctorNamesTheEndOfEVI(t *testing.T) {
	refused := errors.New("agent: dial: 410: gone")
	before, after := config.EVIEnd.Add(-time.Minute), config.EVIEnd.Add(time.Minute)
	agents := `sellers:
  s: {legal_name: S LLC}
agents:
  unsaid: {seller: s}
  plain:
    seller: s
    voice: evi
  listed:
    seller: s
    evi: {}
    voice: [evi, desk]
`
	for _, row := range []struct {
		name, url, env, agent string
		err                   error
		now                   time.Time
		state, say            string
	}{
		{"it ended", "https://api.hume.ai", "", "plain", refused, after, config.Wrong,
			"agent: dial: 410: gone. By Hume's announcement hosted EVI ended on 2026-11-13. To change the voice, change one line: bridge.yaml line 7: voice: realtime, with OPENAI_API_KEY in the environment, and a prompt_file: EVI's prompt is in Hume's account"},
		{"it ends", "https://API.hume.ai/", "", "plain", nil, before, config.Warning, "reachable at https://API.hume.ai/. By Hume's announcement hosted EVI ends on 2026-11-13. To change"},
		{"it answers all the same", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "plain", nil, after, config.Warning, "voice: realtime"},
		{"a desk takes over", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "listed", refused, after, config.Wrong, "bridge.yaml line 11: voice: [realtime, desk]"},
		{"a voice by default", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "unsaid", refused, after, config.Wrong, "voice: realtime under agents.unsaid, bridge.yaml line 4"},
		{"a server of one's own", "wss://evi.example", "", "plain", nil, after, config.Well, "reachable at wss://evi.example"},
		{"one that is away", "wss://evi.example", "", "plain", refused, after, config.Wrong, "agent: dial: 410: gone"},
	} {
		configtest.In(t, map[string]string{".env": configtest.EnoughEnv + row.env + "HUME_API_URL=" + row.url + "\n", "bridge.yaml": agents})
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		f := voiceFinding(c, row.agent, config.VoiceEVI, row.err, row.now)
		whole := row.name != "it ended" && strings.Contains(f.Say, row.say) || f.Say == row.say
		if f.State != row.state || !whole || c.EVISunset(row.now) == "" && strings.Contains(f.Say, "2026") {
			t.Errorf("%s: %+v", row.name, f)
		}
	}
}

// Each voice of each agent gets a handshake, and what the running service counts is shown.
func TestTheDoctorAsksEachVoice(t *testing.T) {
	b := servingWith(t, strings.Replace(benchYAML, "{seller: harbor}", "{seller: harbor, voice: [evi, desk]}", 1), evitest.Script())
	exits(t, exitDone, []string{"doctor"}, "agent harbor, voice desk", "agent harbor, voice evi", "agent reminders, voice evi", "reachable at http://127.0.0.1")
	b.voice.Refuse(503, -1)
	c, err := b.line.Dial(t.Context(), person, ours)
	if err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); b.s.Switchboard.Voices()[2].Failures == 0; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("no handshake has failed")
		}
	}
	c.HangUp()
	exits(t, exitFailed, []string{"doctor"}, "wrong    agent reminders, voice evi", "503", "warning  agent reminders, voice evi", "handshake(s) with it failed")
}

// The doctor opens a session with a realtime voice, and tells by the server's list when its
// models end.
func TestTheDoctorTellsWhenAModelEnds(t *testing.T) {
	ends := time.Now().UTC().AddDate(0, 0, 30).Format(time.DateOnly)
	s := realtimetest.NewServer(realtimetest.Config{Key: "sk-right", Shutdowns: map[string]string{"gpt-old": ends, "gpt-gone": "2026-01-20", "gpt-new": ""}})
	t.Cleanup(s.Close)
	yaml := func(settings string) string {
		return "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    voice: [realtime, desk]\n    realtime:\n      " + strings.ReplaceAll(settings, "; ", "\n      ") + "\n"
	}
	for _, row := range []struct {
		name, key, settings string
		want                []string // as state: text
	}{
		{"a model with an end", "sk-right", "model: gpt-old", []string{"ok: reachable at 127.0.0.1", "warning: gpt-old ends on " + ends + ", in 30 day(s): set another as agents.a.realtime.model (bridge.yaml line 8)"}},
		{"one that has ended", "sk-right", "model: gpt-gone", []string{"ok: reachable", "wrong: gpt-gone ended on 2026-01-20"}},
		{"one without an end", "sk-right", "model: gpt-new; transcription: {model: gpt-old}", []string{"ok: reachable", "ok: no announced end date for gpt-new", "warning: gpt-old ends on"}},
		{"one that isn't there", "sk-right", "model: gpt-typo", []string{"ok: reachable", "warning: gpt-typo is not a model"}},
		{"a key that isn't taken", "sk-wrong", "model: gpt-new", []string{"wrong: agent: dial: ", "warning: can't find out when it ends: realtime: models: the server rejected the handshake with status 401"}},
		{"a server of one's own", "", "dialect: localai; model: gpt-typo", []string{"ok: reachable at 127.0.0.1"}},
	} {
		configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "OPENAI_API_KEY=" + row.key + "\nREALTIME_URL=" + s.URL() + "\n", "bridge.yaml": yaml(row.settings)})
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		if row.key == "" {
			own := realtimetest.NewServer(realtimetest.Config{Dialect: realtime.LocalAI, Shutdowns: map[string]string{"m": ""}})
			t.Cleanup(own.Close)
			c.Vars["REALTIME_URL"] = own.URL()
		}
		var got []string
		for _, f := range checkVoices(t.Context(), c) {
			if !strings.HasSuffix(f.What, "desk") {
				got = append(got, f.State+": "+f.Say)
			}
		}
		ok := len(got) == len(row.want)
		for i := range row.want {
			ok = ok && strings.HasPrefix(got[i], row.want[i])
		}
		if !ok || strings.Contains(strings.Join(got, ""), "sk-") {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
