package chaos

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// Plan is a world before it is played.
type Plan struct {
	Seed      uint64
	Instances int
	Balance   Balance
	Spare     bool // there is a second voice
	Calls     []CallPlan
	Faults    []Planned
}

// CallPlan is one call: who places it, and what both sides do.
type CallPlan struct {
	N        int // its number in the plan, which stays when others are left out
	Outbound bool
	At       time.Duration // since the world's beginning
	Answer   carrier.State // of a call that is placed: what becomes of it
	Rings    time.Duration // before that
	Latency  time.Duration // of the carrier's requests
	Dials    time.Duration // that a voice takes to be dialed
	Stays    bool          // the caller hangs up at the world's end alone
	Result   carrier.TransferResult
	Acts     []Planned
}

// Planned is an event, when it happens, and how badly.
type Planned struct {
	Event *Event
	Call  int           // of a fault: N of the call that it happens to; -1 for the world
	At    time.Duration // since the call, or the world, began
	For   time.Duration
	Count int
}

// Event is something that happens to a call or to the world.
type Event struct {
	Name  string
	What  string // for docs/RELIABILITY.md
	Needs Need
	Early bool // it is prepared before the call is placed
	// Do has it happen. The call is nil if it happens to the world.
	Do func(*World, *Talk, Planned)
}

// Need is what there has to be for an event to happen.
type Need int

// The needs.
const (
	NeedsNothing Need = iota
	NeedsLine         // an open one
	NeedsAgent        // a connected one, and an open line
)

// NewPlan makes the plan of a seed.
func NewPlan(seed uint64) Plan {
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	p := Plan{Seed: seed, Instances: 1 + r.IntN(3), Balance: Balance(r.IntN(int(balances))), Spare: r.IntN(2) == 0}
	for n := range 1 + r.IntN(4) {
		p.Calls = append(p.Calls, newCall(r, n))
	}
	for range r.IntN(5) {
		p.Faults = append(p.Faults, newFault(r, p.Calls))
	}
	return p
}

func newCall(r *rand.Rand, n int) CallPlan {
	c := CallPlan{N: n, Outbound: r.IntN(3) == 0, At: upTo(r, 3*time.Second), Rings: upTo(r, 2*time.Second),
		Answer: carrier.InProgress, Result: carrier.TransferTaken,
		Latency: 5*time.Millisecond + upTo(r, 300*time.Millisecond), Dials: 50*time.Millisecond + upTo(r, 800*time.Millisecond), Stays: r.IntN(5) == 0}
	if r.IntN(4) == 0 {
		c.Answer = oneOf(r, carrier.Busy, carrier.NoAnswer, carrier.Failed)
	}
	if r.IntN(2) == 0 {
		c.Result = oneOf(r, carrier.TransferNoAnswer, carrier.TransferBusy, carrier.TransferNotAccepted)
	}
	at := time.Second + c.Rings
	for range 1 + r.IntN(4) {
		at += 500*time.Millisecond + upTo(r, 2*time.Second)
		c.Acts = append(c.Acts, Planned{Event: anEvent(r, Acts), At: at, Count: 1 + r.IntN(40)})
	}
	at += time.Second + upTo(r, 3*time.Second)
	c.Acts = append(c.Acts, Planned{Event: anEvent(r, Endings), At: at, Count: 1})
	return c
}

func newFault(r *rand.Rand, calls []CallPlan) Planned {
	at := 3 * time.Second
	if r.IntN(3) > 0 {
		at = 11 * time.Second
	}
	f := Planned{Call: oneOf(r, calls...).N, At: upTo(r, at), For: upTo(r, 6*time.Second), Count: 1 + r.IntN(20)}
	switch r.IntN(8) {
	case 0, 1:
		f.Event = anEvent(r, LineFaults)
	case 2, 3:
		f.Event = anEvent(r, AgentFaults)
	case 4, 5:
		f.Event = anEvent(r, CarrierFaults)
	default:
		f.Event, f.Call = anEvent(r, WorldFaults), -1
	}
	return f
}

func upTo(r *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(d))).Truncate(time.Millisecond)
}

func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// anEvent chooses by the events' names, so that a new row of a table takes over a few choices and leaves all others: the
// plans of most seeds stay as they are.
func anEvent(r *rand.Rand, list []*Event) (best *Event) {
	draw := r.Uint64()
	var most uint64
	for _, e := range list {
		h := fnv.New64a()
		fmt.Fprintf(h, "%d %s", draw, e.Name)
		if n := h.Sum64(); best == nil || n > most {
			best, most = e, n
		}
	}
	return best
}

func (p Plan) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "seed %d: %d instances, balance %d, spare voice %v\n", p.Seed, p.Instances, p.Balance, p.Spare)
	for _, c := range p.Calls {
		fmt.Fprintf(&s, "  call %d: outbound %v at %v, %s after %v, transfers %q, latency %v, dials %v, stays %v:", c.N, c.Outbound, c.At, c.Answer, c.Rings, c.Result,
			c.Latency, c.Dials, c.Stays)
		for _, a := range c.Acts {
			fmt.Fprintf(&s, " %s@%v", a.Event.Name, a.At)
		}
		s.WriteByte('\n')
	}
	for _, f := range p.Faults {
		fmt.Fprintf(&s, "  fault %s on %d at %v for %v, %d times\n", f.Event.Name, f.Call, f.At, f.For, f.Count)
	}
	return s.String()
}
