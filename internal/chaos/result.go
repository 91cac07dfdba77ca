package chaos

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Result is what came of a plan.
type Result struct {
	Plan       Plan
	Violations []string // each begins with the invariant's name
	Log        []string
	Outcomes   map[string]int            // of calls
	Faults     map[string]map[string]int // by fault: outcomes of the calls that it happened to
	Reached    map[Pair]int
}

// Failed tells whether an invariant did not hold.
func (r *Result) Failed() bool { return len(r.Violations) > 0 }

func (r *Result) String() string {
	return fmt.Sprintf("%s\n%s\n\nlog:\n%s", r.Plan, strings.Join(r.Violations, "\n"), strings.Join(r.Log, "\n"))
}

// checkIdle notes calls that an instance keeps though all is over.
func (w *World) checkIdle() {
	for _, i := range w.alive() {
		if n := i.board.Live(); n != 0 {
			w.broken("%s still has %d calls, 4 min after the last caller has hung up", i.name, n)
		}
	}
}

// result checks the invariants of a world that is over.
func (w *World) result() *Result {
	r := &Result{Plan: w.plan, Log: w.lines, Outcomes: map[string]int{}, Faults: map[string]map[string]int{}, Reached: w.reached}
	for _, p := range w.problems {
		r.Violations = append(r.Violations, "world: "+p)
	}
	for _, inv := range Invariants {
		for _, v := range inv.Broken(w) {
			r.Violations = append(r.Violations, inv.Name+": "+v)
		}
	}
	for _, c := range w.db.written() {
		switch {
		case c.Call != nil:
			r.Log = append(r.Log, fmt.Sprintf("head %s: epoch %d version %d at %s: %s %s", c.Call.ID, c.Call.Epoch, c.Call.Version, c.Call.Instance, c.Call.Status, c.Call.Outcome))
		default:
			r.Log = append(r.Log, fmt.Sprintf("line %s: epoch %d seq %d at %d ms: %s %s", c.CallID, c.Epoch, c.Entry.Seq, c.Entry.AtMS, c.Entry.Kind, c.Entry.Text))
		}
	}
	count := func(fault, outcome string) {
		if r.Faults[fault] == nil {
			r.Faults[fault] = map[string]int{}
		}
		r.Faults[fault][outcome]++
	}
	for _, t := range w.talks {
		outcome := "no record"
		if head, found := w.record(t); found {
			outcome = head.Outcome
		}
		r.Outcomes[outcome]++
		for _, f := range append(t.faults, w.disturbed...) {
			count(f, outcome)
		}
	}
	return r
}

// record is what the call log has of a call.
func (w *World) record(t *Talk) (calllog.Call, bool) {
	ctx := context.Background()
	id := t.id
	if !t.outbound() {
		if t.call == nil {
			return calllog.Call{}, false
		}
		head, err := w.db.Store.BySID(ctx, string(t.call.ID))
		if err != nil {
			return head, false
		}
		id = head.ID
	}
	head, err := w.db.Store.Get(ctx, id)
	return head, err == nil
}

// since is a time of the world, for a violation.
func (w *World) since(t time.Time) time.Duration { return t.Sub(w.began).Truncate(time.Millisecond) }
