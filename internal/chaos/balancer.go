package chaos

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
)

// Balance is how a balancer chooses an instance. None is sticky: a call's next request may go anywhere.
type Balance int

// The ways.
const (
	Round     Balance = iota // one after the other
	OtherLine                // a call's lines go to the instance after the one that its webhooks go to
	Anywhere                 // by a number made of the seed, the call and the request
	balances
)

// Balancer is what the carrier reaches the instances by.
type Balancer struct{ w *World }

var _ carriertest.Service = Balancer{}

// pick chooses an instance for a request of a call; nil if there is none.
func (b Balancer) pick(t *Talk, line bool) *Instance {
	all := b.w.serving()
	if len(all) == 0 {
		return nil
	}
	n := 0
	if t != nil {
		t.mu.Lock()
		t.requests++
		n = t.requests
		t.mu.Unlock()
		n += t.plan.N
	}
	switch b.w.plan.Balance {
	case OtherLine:
		n = 0
		if t != nil {
			n = t.plan.N
		}
		if line {
			n++
		}
	case Anywhere:
		x := (b.w.plan.Seed + uint64(n)) * 0x9e3779b97f4a7c15
		n = int(x >> 40)
	case Round:
	}
	return all[n%len(all)]
}

// ask puts a webhook to an instance. One whose instance dies meanwhile gets no answer, and the carrier hangs up. A
// webhook that is asked twice is answered by another instance, and both answers are good.
func (b Balancer) ask(t *Talk, what string, f func(*Instance) carrier.Step) carrier.Step {
	if t != nil {
		time.Sleep(t.plan.Latency)
	}
	i := b.pick(t, false)
	if i == nil {
		return carrier.HangUp{}
	}
	if t != nil {
		t.mu.Lock()
		twice := t.asked > 0
		if twice {
			t.asked--
		}
		t.mu.Unlock()
		if twice {
			if other := b.pick(t, false); other != nil {
				s := f(other)
				b.w.logf(t, "%s: %s, unheard answer %T", other.name, what, s)
			}
		}
	}
	s := f(i)
	if i.isDead() {
		s = carrier.HangUp{}
	}
	b.w.logf(t, "%s: %s, answer %T", i.name, what, s)
	return s
}

// Answer implements [carriertest.Service].
func (b Balancer) Answer(in carrier.Incoming) carrier.Step {
	t := b.w.byParty(in.From)
	b.w.names(in.Call, t)
	return b.ask(t, "answer", func(i *Instance) carrier.Step { return i.board.Answer(in) })
}

// AnswerOutbound implements [carriertest.Service].
func (b Balancer) AnswerOutbound(ctx context.Context, in carrier.Incoming, id string) carrier.Step {
	t := b.w.byParty(in.To)
	b.w.names(in.Call, t)
	return b.ask(t, "answer", func(i *Instance) carrier.Step { return i.board.AnswerOutbound(ctx, in, id) })
}

// Next implements [carriertest.Service].
func (b Balancer) Next(ctx context.Context, in carrier.Incoming) carrier.Step {
	t := b.w.bySID(in.Call)
	if in.Transfer != "" {
		t.excuse(50 * time.Millisecond)
	}
	return b.ask(t, "next "+string(in.Transfer), func(i *Instance) carrier.Step { return i.board.Next(ctx, in) })
}

// Connect implements [carriertest.Service].
func (b Balancer) Connect(line carrier.Line) {
	far := line.(*carriertest.Line)
	t := b.w.byLine(far)
	if t != nil {
		time.Sleep(t.plan.Latency)
	}
	i := b.pick(t, true)
	if i == nil || t == nil {
		far.Break(errBroken)
		return
	}
	l := &Line{Line: far, of: i, opened: time.Now(), closed: make(chan struct{})}
	t.mu.Lock()
	t.lines = append(t.lines, l)
	t.overtaken = t.overtaken || t.call.State().Terminal()
	n := len(t.lines)
	t.mu.Unlock()
	b.w.logf(t, "%s: line %d", i.name, n)
	i.board.Connect(l)
}

// Status implements [carriertest.Service].
func (b Balancer) Status(id string, s carrier.Status) {
	t := b.w.bySID(s.Call)
	i := b.pick(t, false)
	b.w.logf(t, "the carrier reports %s", s.State)
	times := 1
	if t != nil {
		t.mu.Lock()
		if s.State.Terminal() {
			t.ended = time.Now()
		}
		switch {
		case t.unheard > 0:
			t.unheard--
			times = 0
		case t.repeated > 0:
			t.repeated--
			times = 2
		}
		t.mu.Unlock()
	}
	for range times {
		if i != nil {
			i.board.Status(id, s)
		}
	}
}
