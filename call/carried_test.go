package call

import (
	"testing"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// A call counts at once until it is over: while it waits for its stream, while it is live, while
// its stream is lost, and while the caller talks to somebody else. One that we placed doesn't.
func TestACallCountsUntilItIsOver(t *testing.T) {
	t.Parallel()
	const sid carrier.CallID = "CA1"
	in, out := &Call{}, &Call{}
	in.journal.head = calllog.Call{Direction: calllog.Inbound, From: ann, To: line1}
	out.journal.head = calllog.Call{Direction: calllog.Outbound, From: ann, To: line1}
	for name, put := range map[string]func(*Switchboard, *Call){
		"waiting": func(b *Switchboard, c *Call) { b.waiting = map[carrier.CallID]*waiting{sid: {call: c}} },
		"live":    func(b *Switchboard, c *Call) { b.live = map[carrier.CallID]*live{sid: {call: c}} },
		"parked":  func(b *Switchboard, c *Call) { b.parked = map[carrier.CallID]*parked{sid: {call: c}} },
		"away":    func(b *Switchboard, c *Call) { b.away = map[carrier.CallID]*away{sid: {call: c}} },
	} {
		for c, want := range map[*Call]int{in: 1, out: 0} {
			b := &Switchboard{}
			put(b, c)
			if ofCaller, ofNumber := b.carried(carrier.Incoming{From: ann, To: line1}); ofCaller != want || ofNumber != want {
				t.Errorf("%s: %d of the caller and %d of the number, want %d", name, ofCaller, ofNumber, want)
			}
			if ofCaller, ofNumber := b.carried(carrier.Incoming{From: bob, To: line2}); ofCaller != 0 || ofNumber != 0 {
				t.Errorf("%s: %d of somebody else and %d of another number", name, ofCaller, ofNumber)
			}
		}
	}
}
