package chaos

import (
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
)

// deadest is how long a caller may hear nothing while nobody is there to speak.
const deadest = 5 * time.Second

// unproved is the fault after which a caller may hear nothing for longer: a call that ends waits up to 10 s for the proof
// that its last words were played.
const unproved = "marks lost"

// deadAir checks what callers heard.
func deadAir(w *World) (bad []string) {
	for _, t := range w.talks {
		if t.suffered(unproved) {
			continue
		}
		for n, l := range t.lines {
			end := t.lineEnd(n)
			covers := append(l.sounds(), t.excused...)
			for _, a := range t.agents {
				covers = append(covers, a.span())
			}
			if q := (span{l.opened, end}).quietest(covers); q.to.Sub(q.from) > deadest {
				bad = append(bad, fmt.Sprintf("call %d hears nothing from %v to %v", t.plan.N, w.since(q.from), w.since(q.to)))
			}
		}
	}
	return bad
}

// linesMost is how many lines a call may have: four that are lost, and those that it leaves on purpose.
const linesMost = 16

// circles checks that no call gets one line after the other.
func circles(w *World) (bad []string) {
	for _, t := range w.talks {
		if n := len(t.lines); n > linesMost {
			bad = append(bad, fmt.Sprintf("call %d had %d lines", t.plan.N, n))
		}
	}
	return bad
}

// lineEnd is when a line of the call was over.
func (t *Talk) lineEnd(n int) time.Time {
	l := t.lines[n]
	return l.opened.Add(time.Duration(len(l.Heard())/frameBytes) * frame)
}

// asTheyCome is the faults after which an agent hears the caller's frames as they come: a call does not put them in
// order, since a carrier sends them over a connection that keeps their order.
var asTheyCome = []string{"frames reordered", "frames doubled"}

// suffered tells whether one of the faults happened to the call.
func (t *Talk) suffered(faults ...string) bool {
	return slices.ContainsFunc(t.faults, func(f string) bool { return slices.Contains(faults, f) })
}

// inOrder checks the numbers of all frames that were heard.
func inOrder(w *World) (bad []string) {
	for _, t := range w.talks {
		var down []int
		for _, l := range t.lines {
			down = append(down, numbers(l.Heard(), downFirst)...)
		}
		if at, _ := disorder(down); len(at) > 0 {
			bad = append(bad, fmt.Sprintf("call %d hears frame %d after %d", t.plan.N, down[at[0]], down[at[0]-1]))
		}
		for _, a := range t.agents {
			up := numbers(a.listened(), upFirst)
			if at, _ := disorder(up); len(at) > 0 && !t.suffered(asTheyCome...) {
				bad = append(bad, fmt.Sprintf("agent %s hears frame %d after %d", a.chat.ID, up[at[0]], up[at[0]-1]))
			}
		}
	}
	return bad
}

// wanted is how a call ends to which nothing happens, unless it presses keys: it may be without a line when it is to end.
var wanted = map[string]call.Reason{
	"caller hangs up": call.CallerHungUp, "agent ends": call.AgentEnded,
	"operator hangs up": call.AgentEnded, "opt out": call.OptedOut,
}

// untouched checks the calls to which nothing happened in a world to which nothing happened.
func untouched(w *World) (bad []string) {
	if len(w.disturbed) > 0 {
		return nil
	}
	for _, t := range w.talks {
		head, found := w.record(t)
		if len(t.faults) > 0 || !found || len(t.lines) == 0 {
			continue
		}
		ending := ""
		if n := len(t.plan.Acts); n > 0 {
			ending = t.plan.Acts[n-1].Event.Name
		}
		if want, known := wanted[ending]; known && !t.did("send digits") && t.did(ending) && head.Outcome != string(want) {
			bad = append(bad, fmt.Sprintf("call %d ends as %q, want %q", t.plan.N, head.Outcome, want))
		}
		streams := len(t.lines)
		for _, e := range head.Entries {
			if e.Kind == calllog.KindReconnect && streams == 1 {
				bad = append(bad, fmt.Sprintf("call %d: the agent was replaced at %d ms", t.plan.N, e.AtMS))
			}
			if e.Event == calllog.EventStreamLost {
				bad = append(bad, fmt.Sprintf("call %d: the line was lost at %d ms", t.plan.N, e.AtMS))
			}
		}
		if q := head.Quality; q != nil && (q.Gaps > 0 || q.Late > 0 || q.Dropped > 0) {
			bad = append(bad, fmt.Sprintf("call %d: quality %+v", t.plan.N, *q))
		}
	}
	return bad
}

// did tells whether an act happened, and the call went on so that it could have an effect.
func (t *Talk) did(name string) bool { return t.acted[name] }
