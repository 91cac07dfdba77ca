package chaos

import (
	"context"
	"testing"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent/consenttest"
)

// Each invariant of what is written down is seen not to hold.
func TestBrokenInvariants(t *testing.T) {
	head := func(version int, outcome string) calllog.Change {
		return calllog.Change{Call: &calllog.Call{ID: "placed-0", Version: version, Outcome: outcome}}
	}
	entry := func(epoch, seq int, kind calllog.Kind, at int64) calllog.Change {
		return calllog.Change{CallID: "placed-0", Epoch: epoch, Entry: &calllog.Entry{Seq: seq, Kind: kind, AtMS: at}}
	}
	for _, tt := range []struct {
		name, invariant string
		changes         []calllog.Change
		more            func(*World)
	}{
		{"no outcome", "one outcome", []calllog.Change{head(1, "")}, nil},
		{"two outcomes", "one outcome", []calllog.Change{head(1, "agent_ended"), head(2, "caller_hung_up")}, nil},
		{"not counted", "counted once", []calllog.Change{head(1, "agent_ended")}, nil},
		{"told twice", "counted once", nil, func(w *World) { w.ends["placed-0"] = 2 }},
		{"no decision", "decided", nil, func(w *World) { w.rung["placed-0"] = 1 }},
		{"written over", "log", []calllog.Change{entry(0, 1, calllog.KindNote, 5), entry(0, 1, calllog.KindTool, 9)}, nil},
		{"a hole", "log", []calllog.Change{entry(0, 1, calllog.KindNote, 5), entry(0, 3, calllog.KindNote, 9)}, nil},
		{"doubled", "log", []calllog.Change{entry(1, 2, calllog.KindTool, 5), entry(3, 2, calllog.KindTool, 5)}, nil},
		{"too many lines", "circles", nil, func(w *World) { w.talks[0].lines = make([]*Line, linesMost+1) }},
	} {
		w := &World{db: newDatabase(), ledger: &consenttest.Ledger{}, ends: map[string]int{}, rung: map[string]int{}}
		w.talks = []*Talk{{w: w, id: "placed-0", plan: CallPlan{Outbound: true}}}
		if err := w.db.write(context.Background(), tt.changes); err != nil {
			t.Fatal(err)
		}
		if tt.more != nil {
			tt.more(w)
		}
		for _, i := range Invariants {
			if i.Name == tt.invariant && len(i.Broken(w)) == 0 {
				t.Errorf("%s: %q is said to hold", tt.name, i.Name)
			}
		}
	}
}
