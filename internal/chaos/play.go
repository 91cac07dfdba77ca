package chaos

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/phone"
)

// number is that of the person.
func (t *Talk) number() phone.Number { return must(fmt.Sprintf("+1415555%04d", 200+t.plan.N)) }

// play begins the call and has its acts happen.
func (t *Talk) play() {
	time.Sleep(t.plan.At)
	if t.outbound() {
		t.place()
	} else {
		t.mu.Lock()
		t.began = time.Now()
		t.call = t.w.exchange.Dial(phone.Party(t.number().E164()), phone.Party(number.E164()))
		t.mu.Unlock()
	}
	began := time.Now()
	if c := t.carried(); c != nil {
		c.Transfers(t.plan.Result)
	}
	for _, a := range t.plan.Acts {
		time.Sleep(time.Until(began.Add(a.At)))
		t.happens(a)
	}
	if t.plan.Stays {
		return
	}
	time.Sleep(patience)
	if c := t.carried(); c != nil {
		c.HangUp()
	}
}

// patience is how long a caller stays when nothing more is planned.
const patience = 4 * time.Second

// place has an instance place the call, and waits until the telephone rings or will not.
func (t *Talk) place() {
	i := Balancer{t.w}.pick(t, false)
	t.mu.Lock()
	t.began = time.Now()
	t.mu.Unlock()
	if i == nil {
		return
	}
	head, _, err := i.board.Place(context.Background(), call.Order{ID: t.id, To: t.number(), From: number, Agent: agentName, Subject: "appointment"})
	t.w.logf(t, "%s: placed: status %q, %v", i.name, head.Status, err)
	for range 100 {
		if t.carried() != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// happens has an event happen to the call, if what it needs is there.
func (t *Talk) happens(p Planned) bool {
	phase := t.phase()
	switch line := t.line(); {
	case phase == before, p.Event.Needs >= NeedsLine && line == nil, p.Event.Needs == NeedsAgent && t.agent() == nil:
		t.w.logf(t, "%s can't happen (%s)", p.Event.Name, phase)
		return false
	}
	t.w.logf(t, "%s (%s)", p.Event.Name, phase)
	t.w.reach(phase, p.Event)
	if phase != ended {
		t.mu.Lock()
		t.acted[p.Event.Name] = true
		t.mu.Unlock()
	}
	p.Event.Do(t.w, t, p)
	return true
}

// fault has a fault happen.
func (w *World) fault(p Planned) {
	if p.Call < 0 {
		time.Sleep(p.At)
		w.logf(nil, "%s", p.Event.Name)
		for _, t := range w.talks {
			w.reach(t.phase(), p.Event)
		}
		w.mu.Lock()
		w.disturbed = append(w.disturbed, p.Event.Name)
		w.mu.Unlock()
		p.Event.Do(w, nil, p)
		return
	}
	for _, t := range w.talks {
		if t.plan.N == p.Call {
			if p.Event.Early && t.outbound() {
				p.Event.Do(w, t, p)
				t.faulty(p.Event.Name)
				w.reach(dialing, p.Event)
				return
			}
			time.Sleep(t.plan.At + p.At)
			if t.happens(p) {
				t.faulty(p.Event.Name)
			}
		}
	}
}

// reach counts that an event happened in a phase.
func (w *World) reach(p Phase, e *Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reached[Pair{p, e.Name}]++
}
