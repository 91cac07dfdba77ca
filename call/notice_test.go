package call

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call/leg/legtest"
)

// When a call asks for what, if nobody says a word.
func TestNoticeTimes(t *testing.T) {
	t.Parallel()
	type saying struct {
		at   time.Duration
		text string
	}
	for _, test := range []struct {
		name   string
		limits Limits
		want   []saying
		end    Reason
	}{
		{"the last minute of an hour", Limits{Duration: time.Hour, Inactivity: 2 * time.Hour},
			[]saying{{59 * time.Minute, sayLastMinute}, {time.Hour, sayTimeIsUp}}, TimeLimit},
		{"a short call is warned at its half", Limits{Duration: time.Minute, Inactivity: time.Hour},
			[]saying{{30 * time.Second, sayLastMinute}, {time.Minute, sayTimeIsUp}}, TimeLimit},
		{"nobody is there", Limits{Duration: time.Hour, Inactivity: 2 * time.Minute},
			[]saying{{2 * time.Minute, sayStillThere}, {150 * time.Second, sayNobodyThere}}, AgentEnded},
		{"both at once", Limits{Duration: 2 * time.Minute, Inactivity: time.Minute},
			[]saying{{time.Minute, sayLastMinute}, {time.Minute, sayStillThere}, {90 * time.Second, sayNobodyThere}}, AgentEnded},
	} {
		h := newHand(t, test.limits, nil)
		var got []saying
		for h.c.ending == nil && len(got) < 10 {
			h.until(h.c.wake(h.now))
			said := h.agent.Said()
			for _, text := range said[len(got):] {
				got = append(got, saying{h.now.Sub(legtest.Epoch), text})
			}
		}
		if !slices.Equal(got, test.want) || h.c.ending.out.Reason != test.end {
			t.Errorf("%s: said %v and ended as %s", test.name, got, h.c.ending.out.Reason)
		}
	}
}

// A sign of life, or the agent's own speech, puts the question off; the answer
// takes it back.
func TestSignsOfLife(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return legtest.Epoch.Add(time.Duration(seconds) * time.Second) }
	var n notice
	n.begin(legtest.Epoch, legtest.Epoch, Limits{Duration: time.Hour, Inactivity: time.Minute})
	quiet := func(want int) {
		t.Helper()
		if got := n.quiet(); !got.Equal(at(want)) {
			t.Errorf("quiet after %v, want %d s", got.Sub(legtest.Epoch), want)
		}
	}
	quiet(60)
	n.heard(at(20))
	quiet(80)
	n.spoke(at(50)) // the agent is heard until then
	quiet(110)
	n.spoke(at(30)) // and this is long over
	quiet(110)
	n.asked = true
	quiet(140)
	n.spoke(at(120)) // the question itself
	quiet(140)
	n.heard(at(130))
	quiet(190)
	if n.asked {
		t.Error("the answer isn't heard")
	}
}

// A stream that goes on with a call keeps its limit; the caller's silence begins
// anew.
func TestNoticeOfResumedCall(t *testing.T) {
	t.Parallel()
	limits := Limits{Duration: 10 * time.Minute, Inactivity: time.Minute}
	var n notice
	n.begin(legtest.Epoch, legtest.Epoch, limits)
	later := legtest.Epoch.Add(5 * time.Minute)
	n.begin(later, later, limits)
	if want := legtest.Epoch.Add(10 * time.Minute); !n.stop.Equal(want) || !n.quiet().Equal(later.Add(time.Minute)) {
		t.Errorf("stops after %v and asks %v after the new stream", n.stop.Sub(legtest.Epoch), n.quiet().Sub(later))
	}
}
