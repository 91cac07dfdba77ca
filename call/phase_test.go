package call

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// everyPhase is a call in each phase, and in none.
func everyPhase() []phase {
	p, w := &placed{}, &waiting{}
	later := time.Now().Add(time.Hour)
	return []phase{nil, &asking{}, &reserved{}, dialing{p}, ringing{p}, awaiting{w}, overdue{w}, &live{}, &reconnecting{}, sendingDigits{w},
		&transferred{}, &ended{until: later}, &unconfirmed{until: later}}
}

// What a call may do next, written down once more and by hand: docs/ARCHITECTURE.md draws it.
var mayGo = map[string]string{
	"<nil>":              "*call.asking *call.reserved call.awaiting *call.unconfirmed",
	"*call.asking":       "<nil> call.awaiting *call.unconfirmed",
	"*call.reserved":     "<nil> call.dialing",
	"call.dialing":       "<nil> call.ringing call.awaiting *call.ended",
	"call.ringing":       "<nil> call.awaiting *call.ended",
	"call.awaiting":      "<nil> call.overdue *call.live *call.ended",
	"call.overdue":       "<nil> call.awaiting *call.ended",
	"*call.live":         "<nil> *call.reconnecting call.sendingDigits *call.transferred *call.ended",
	"*call.reconnecting": "<nil> call.awaiting *call.ended",
	"call.sendingDigits": "<nil> call.overdue *call.live *call.ended",
	"*call.transferred":  "<nil> call.awaiting *call.ended",
	"*call.ended":        "<nil>",
	"*call.unconfirmed":  "<nil> call.awaiting",
}

// Every pair of phases: what is allowed moves the call, the gauge and whoever waits, and stops what the phase before had
// set a time for; what is not changes nothing.
func TestEveryPairOfPhases(t *testing.T) {
	t.Parallel()
	for i, from := range everyPhase() {
		allowed := 0
		for j := range everyPhase() {
			to := everyPhase()[j]
			gauge := &shown{}
			b := newTable(gauge)
			e := &entry{id: "1", sid: "CA1"}
			if from != nil {
				e.phase, e.timer = from, time.NewTimer(time.Hour)
				b.byID["1"], b.bySID["CA1"], b.busy = e, e, places(from)
			}
			changed, timer := b.changed, e.timer
			moved := b.move(e, from, to)
			pair := fmt.Sprintf("%T to %T", from, to)
			want := slices.Contains(strings.Fields(mayGo[fmt.Sprintf("%T", from)]), fmt.Sprintf("%T", to))
			if moved != want {
				t.Errorf("%s: moved %v", pair, moved)
			}
			now := from
			if moved {
				allowed++
				now = to
			}
			if e.phase != now || b.phaseOf("CA1") != now || (b.withID("1") == nil) != (now == nil) {
				t.Errorf("%s: it is in %T, and the table has it in %T", pair, e.phase, b.phaseOf("CA1"))
			}
			if b.busy != places(now) || moved && gauge.value != float64(places(now)) {
				t.Errorf("%s: %d places are taken, and the gauge shows %v", pair, b.busy, gauge.value)
			}
			select {
			case <-changed:
				if !moved {
					t.Errorf("%s: whoever waits was woken", pair)
				}
			default:
				if moved {
					t.Errorf("%s: nobody was woken", pair)
				}
			}
			if timer != nil && timer.Stop() == moved {
				t.Errorf("%s: the timer of the phase before was stopped %v", pair, !moved)
			}
		}
		if allowed == 0 {
			t.Errorf("%T (%d) leads nowhere", from, i)
		}
	}
}

// Two that move the same call: the second is refused, also to a phase that would be allowed.
func TestTheSecondMoveIsRefused(t *testing.T) {
	t.Parallel()
	b := newTable(prometheus.NewGauge(prometheus.GaugeOpts{}))
	e := b.entry("1", "CA1")
	first, second := awaiting{&waiting{}}, awaiting{&waiting{}}
	if !b.move(e, nil, first) || b.move(e, second, &live{}) || b.move(e, nil, second) || !b.move(e, first, &live{}) {
		t.Errorf("it is in %T", e.phase)
	}
	if b.move(&entry{id: "1"}, nil, first) {
		t.Error("there are two calls of one id")
	}
}

// A call that is over is forgotten when nobody asks about it any more, and can be found by either name until then.
func TestForgotten(t *testing.T) {
	t.Parallel()
	b := newTable(prometheus.NewGauge(prometheus.GaugeOpts{}))
	for id, until := range map[string]time.Time{"old": time.Now().Add(-time.Second), "new": time.Now().Add(time.Hour)} {
		put(&b, id, &ended{until: until})
	}
	e := b.withID("new")
	b.name(e, "CA1")
	b.name(e, "CA2")
	if b.of("CA1") != nil || b.of("CA2") != e || b.withID("old") != nil {
		t.Error("a name that was guessed still leads to it, or its own doesn't, or an old call is there")
	}
	put(&b, "old", &ended{until: time.Now().Add(-time.Second)})
	b.sweep(time.Now())
	if len(b.byID) != 1 {
		t.Errorf("%d calls are left", len(b.byID))
	}
}

// shown is a gauge that tells what it shows.
type shown struct {
	prometheus.Gauge
	value float64
}

func (s *shown) Set(v float64) { s.value = v }
