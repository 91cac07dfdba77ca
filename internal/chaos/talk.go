package chaos

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
)

// Talk is one call of a world, with all that was seen of it.
type Talk struct {
	w        *World
	plan     CallPlan
	up, down stamped

	mu       sync.Mutex // guards what follows
	id       string     // ours, of a call that is placed
	call     *carriertest.Call
	lines    []*Line
	agents   []*Agent
	refuse   []error       // what the next dials return
	hang     time.Duration // that the next dial takes
	began    time.Time     // when the carrier had the call
	ended    time.Time
	excused  []span // when no sound can be expected: see [Talk.excuse]
	faults   []string
	acted    map[string]bool
	requests int // to the balancer
	asked    int // webhooks yet to be asked twice
	hangups  int // requests of the carrier to end the call that yet fail
	placing  []error
	unheard  int // status reports yet to be lost
	repeated int // status reports yet to come twice

	overtaken bool // a line of it arrived after its end: see [World.raced]
}

// at is how far a call is, or was.
func (t *Talk) carried() *carriertest.Call {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.call
}

// line is the newest line that is open; nil if there is none.
func (t *Talk) line() *Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return nil
	}
	l := t.lines[len(t.lines)-1]
	select {
	case <-l.Over():
		return nil
	default:
		return l
	}
}

// agent is the newest agent that is there; nil if there is none.
func (t *Talk) agent() *Agent {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.agents) - 1; i >= 0; i-- {
		a := t.agents[i]
		select {
		case <-a.gone:
		case <-a.of.dead:
		default:
			return a
		}
	}
	return nil
}

// excuse notes that from now on, for a while, the caller can't be expected to hear anything, whatever we send.
func (t *Talk) excuse(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.excused = append(t.excused, span{now, now.Add(d)})
}

// faulty notes that a fault happened to the call.
func (t *Talk) faulty(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, name)
}

// outbound tells that we place the call.
func (t *Talk) outbound() bool { return t.plan.Outbound }

// dialer is a voice, as an instance dials it.
type dialer struct {
	of    *Instance
	voice string
}

// Check implements [agent.Dialer].
func (dialer) Check(agent.Session) error { return nil }

// Dial implements [agent.Dialer].
func (d dialer) Dial(ctx context.Context, s agent.Session) (agent.Agent, error) {
	t := d.of.w.bySID(carrier.CallID(s.CallSID))
	if t == nil || d.of.isDead() {
		return nil, &agent.LostError{Op: "dial", Err: errDead}
	}
	t.mu.Lock()
	wait := t.plan.Dials + t.hang
	t.hang = 0
	var err error
	if len(t.refuse) > 0 {
		err, t.refuse = t.refuse[0], t.refuse[1:]
	}
	t.mu.Unlock()
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, &agent.LostError{Op: "dial", Err: context.Cause(ctx)}
	}
	if err != nil {
		d.of.w.logf(t, "%s: voice %s refuses: %v", d.of.name, d.voice, err)
		return nil, err
	}
	t.mu.Lock()
	a := newAgent(t, d.of, len(t.agents), s, d.voice)
	t.agents = append(t.agents, a)
	t.mu.Unlock()
	d.of.w.logf(t, "%s: agent %s is there", d.of.name, a.chat.ID)
	a.Reply(30, false)
	return a, nil
}

var _ agent.Dialer = dialer{}

// voices are those of an instance.
func (i *Instance) voices() []*call.Voice {
	all := []*call.Voice{call.NewVoice("evi", dialer{i, "evi"})}
	if i.w.plan.Spare {
		all = append(all, call.NewVoice("realtime", dialer{i, "realtime"}))
	}
	return all
}
