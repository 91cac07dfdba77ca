package chaos

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// plans are those that ever failed, as small as they can be, of which the seed makes another plan by now.
var plans = []struct {
	why  string
	plan Plan
}{
	{"a call that was over here was claimed for a line of it, and had no outcome", Plan{Instances: 2, Balance: OtherLine,
		Calls: []CallPlan{{N: 1, Outbound: true, At: 2056 * time.Millisecond, Answer: carrier.InProgress, Rings: 699 * time.Millisecond,
			Result: carrier.TransferTaken, Latency: 15 * time.Millisecond, Dials: 80 * time.Millisecond, Stays: true,
			Acts: []Planned{act("caller speaks", 9034), act("operator hangs up", 11881)}}},
		Faults: []Planned{fault("asked twice", 1, 5468, 3390), fault("database away", -1, 7767, 5871)}}},
}

// Plans that ever failed don't fail again.
func TestPlans(t *testing.T) {
	for _, p := range plans {
		if r := play(t, p.plan); r.Failed() {
			t.Errorf("%s:\n%v", p.why, r)
		}
	}
}

func act(name string, ms int) Planned { return fault(name, 0, ms, 0) }

func fault(name string, call, ms, lasts int) Planned {
	for _, e := range allEvents() {
		if e.Name == name {
			return Planned{Event: e, Call: call, At: time.Duration(ms) * time.Millisecond, For: time.Duration(lasts) * time.Millisecond, Count: 7}
		}
	}
	panic("internal error: chaos: no event " + name)
}
