package bridge

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
)

// What the doctor says of EVI at Hume's own host: that it ended, and the one line that gives
// the agent another voice. Of EVI elsewhere it says neither.
func TestTheDoctorNamesTheEndOfEVI(t *testing.T) {
	refused := errors.New("agent: dial: 410: gone")
	before, after := eviEnd.Add(-time.Minute), eviEnd.Add(time.Minute)
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
		{"it ended", "https://api.hume.ai", "", "plain", refused, after, wrong,
			"agent: dial: 410: gone. By Hume's announcement hosted EVI ended on 2026-11-13. The one line that changes the voice: bridge.yaml line 7: voice: realtime, with OPENAI_API_KEY in the environment"},
		{"it ends", "https://API.hume.ai/", "", "plain", nil, before, warning, "it answers at https://API.hume.ai/. By Hume's announcement hosted EVI ends on 2026-11-13. The one line"},
		{"it answers all the same", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "plain", nil, after, warning, "voice: realtime"},
		{"a desk takes over", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "listed", refused, after, wrong, "bridge.yaml line 11: voice: [realtime, desk]"},
		{"a voice by default", "https://api.hume.ai", "OPENAI_API_KEY=k\n", "unsaid", refused, after, wrong, "voice: realtime under agents.unsaid, bridge.yaml line 4"},
		{"a server of one's own", "wss://evi.example", "", "plain", nil, after, well, "it answers at wss://evi.example"},
		{"one that is away", "wss://evi.example", "", "plain", refused, after, wrong, "agent: dial: 410: gone"},
	} {
		in(t, map[string]string{".env": enoughEnv + row.env + "HUME_API_URL=" + row.url + "\n", "bridge.yaml": agents})
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		f := c.voiceFinding(row.agent, voiceEVI, row.err, row.now)
		whole := row.name != "it ended" && strings.Contains(f.Say, row.say) || f.Say == row.say
		if f.State != row.state || !whole || c.eviSunset(row.now) == "" && strings.Contains(f.Say, "2026") {
			t.Errorf("%s: %+v", row.name, f)
		}
	}
}

// Each voice of each agent gets a handshake, and what the running service counts is shown.
func TestTheDoctorAsksEachVoice(t *testing.T) {
	b := servingWith(t, strings.Replace(benchYAML, "{seller: harbor}", "{seller: harbor, voice: [evi, desk]}", 1), evitest.Script())
	exits(t, exitDone, []string{"doctor"}, "agent harbor, voice desk", "agent harbor, voice evi", "agent reminders, voice evi", "it answers at http://127.0.0.1")
	b.voice.Refuse(503, -1)
	c, err := b.line.Dial(t.Context(), person, ours)
	if err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); b.s.switchboard.Voices()[2].Failures == 0; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("no handshake has failed")
		}
	}
	c.HangUp()
	exits(t, exitFailed, []string{"doctor"}, "wrong    agent reminders, voice evi", "503", "warning  agent reminders, voice evi", "in the running service its last")
}
