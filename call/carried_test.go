package call

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// A call counts at once until it is over: while it waits for its stream, while it is live, while
// its stream is lost, and while the caller talks to somebody else. One that we placed doesn't.
func TestACallCountsUntilItIsOver(t *testing.T) {
	t.Parallel()
	inbound, outbound := &Call{}, &Call{}
	inbound.journal.head = calllog.Call{Direction: calllog.Inbound, From: ann, To: line1}
	outbound.journal.head = calllog.Call{Direction: calllog.Outbound, From: ann, To: line1}
	for name, in := range map[string]func(*Call) phase{
		"awaiting":       func(c *Call) phase { return awaiting{&waiting{call: c}} },
		"sending digits": func(c *Call) phase { return sendingDigits{&waiting{call: c}} },
		"live":           func(c *Call) phase { return &live{call: c} },
		"reconnecting":   func(c *Call) phase { return &reconnecting{call: c} },
		"transferred":    func(c *Call) phase { return &transferred{call: c} },
	} {
		for c, want := range map[*Call]int{inbound: 1, outbound: 0} {
			b := &Switchboard{table: newTable(prometheus.NewGauge(prometheus.GaugeOpts{}))}
			put(&b.table, "1", in(c))
			if ofCaller, ofNumber := b.carried(carrier.Incoming{From: ann, To: line1}); ofCaller != want || ofNumber != want {
				t.Errorf("%s: %d of the caller and %d of the number, want %d", name, ofCaller, ofNumber, want)
			}
			if ofCaller, ofNumber := b.carried(carrier.Incoming{From: bob, To: line2}); ofCaller != 0 || ofNumber != 0 {
				t.Errorf("%s: %d of somebody else and %d of another number", name, ofCaller, ofNumber)
			}
		}
	}
}

// put has a call in a phase.
func put(t *table, id string, p phase) { t.byID[id] = &entry{id: id, phase: p} }
