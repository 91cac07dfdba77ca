package call

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/carrier"
)

// entry is one call of an instance, from the first that it hears of it until nobody asks about it any more.
type entry struct {
	id    string         // ours
	sid   carrier.CallID // the carrier's; empty until it is known
	phase phase          // nil of a call that is not in the table
	next  *prepared      // what it follows when the carrier asks; nil for nothing
	timer *time.Timer    // of its phase; nil for none
}

// table is all calls of an instance, each in one phase. The switchboard's mutex guards it.
type table struct {
	byID    map[string]*entry
	bySID   map[carrier.CallID]*entry
	busy    int              // calls that hold an agent, or will when somebody answers
	gauge   prometheus.Gauge // shows busy
	changed chan struct{}    // closed and made anew when anything changes
	swept   time.Time        // when calls that are over were last forgotten
}

func newTable(gauge prometheus.Gauge) table {
	return table{byID: map[string]*entry{}, bySID: map[carrier.CallID]*entry{}, gauge: gauge, changed: make(chan struct{})}
}

// move brings a call from one phase to another: the only way in which a phase changes. It is false, and nothing
// changes, if the call is not in the phase it is said to be in, because somebody else was quicker, or if a call can't go
// from the one to the other. To nil it takes the call out of the table.
func (t *table) move(e *entry, from, to phase) bool {
	if e == nil || e.phase != from || !mayFollow(from, to) || from == nil && t.byID[e.id] != nil {
		return false
	}
	if e.timer != nil {
		e.timer.Stop()
		e.timer = nil
	}
	e.phase = to
	switch {
	case to == nil:
		t.remove(e)
	case from == nil:
		t.byID[e.id] = e
		t.name(e, e.sid)
	}
	t.busy += places(to) - places(from)
	t.gauge.Set(float64(t.busy))
	t.wake()
	return true
}

// wake wakes whoever waits for a change, such as Drain.
func (t *table) wake() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// entry is that of a call: what the table has of it by either name, or a new one, which is in the table once it is moved
// to a phase.
func (t *table) entry(id string, sid carrier.CallID) *entry {
	e := t.of(sid)
	if e == nil {
		e = t.withID(id)
	}
	if e == nil {
		e = &entry{id: id, sid: sid}
	}
	return e
}

// of finds a call by the carrier's name for it; nil if it is not here.
func (t *table) of(sid carrier.CallID) *entry { return t.unlessForgotten(t.bySID[sid]) }

// withID finds a call by ours.
func (t *table) withID(id string) *entry { return t.unlessForgotten(t.byID[id]) }

// phaseOf is the phase of a call, by the carrier's name for it; nil if it is not here.
func (t *table) phaseOf(sid carrier.CallID) phase {
	if e := t.of(sid); e != nil {
		return e.phase
	}
	return nil
}

// name gives a call the carrier's name for it, or another one.
func (t *table) name(e *entry, sid carrier.CallID) {
	if t.bySID[e.sid] == e {
		delete(t.bySID, e.sid)
	}
	if e.sid = sid; sid != "" {
		t.bySID[sid] = e
	}
}

// identify gives a call another id of ours: that by which the log has it already.
func (t *table) identify(e *entry, id string) {
	if e.phase != nil {
		delete(t.byID, e.id)
		t.byID[id] = e
	}
	e.id = id
}

// all is the calls in the table, to be looked at while they move.
func (t *table) all() []*entry { return slices.Collect(maps.Values(t.byID)) }

// unlessForgotten takes a call out of the table of which nobody asks any more.
func (t *table) unlessForgotten(e *entry) *entry {
	if e != nil && forgotten(e.phase, time.Now()) {
		t.move(e, e.phase, nil)
		return nil
	}
	return e
}

// sweep takes all such calls out, once a minute.
func (t *table) sweep(now time.Time) {
	if now.Sub(t.swept) < time.Minute {
		return
	}
	t.swept = now
	for _, e := range t.all() {
		t.unlessForgotten(e)
	}
}

func (t *table) remove(e *entry) {
	delete(t.byID, e.id)
	if t.bySID[e.sid] == e {
		delete(t.bySID, e.sid)
	}
}
