package chaos

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// CarrierFaults is what a carrier does to a call.
var CarrierFaults = []*Event{
	{Name: "call refused", What: "The carrier refuses to place the call.", Early: true, Do: placing(errRefused)},
	{Name: "no answer and no call", What: "The carrier does not answer, and has placed no call.",
		Early: true, Do: placing(errNoCall)},
	{Name: "no answer and a call", What: "The carrier's answer is lost, and the telephone rings.",
		Early: true, Do: placing(errUnheard)},
	{Name: "no answer for long", What: "The carrier does not answer until the request times out, and the telephone rings.",
		Early: true, Do: placing(errNoAnswer)},
	{Name: "asked twice", What: "The carrier hears no answer to a webhook, and asks another instance.",
		Do: func(_ *World, t *Talk, p Planned) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.asked = 1 + p.Count%2
		}},
	{Name: "status lost", What: "Reports of the call's state get lost.", Do: func(_ *World, t *Talk, p Planned) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.unheard = 1 + p.Count%3
	}},
	{Name: "status twice", What: "Reports of the call's state come twice.", Do: func(_ *World, t *Talk, p Planned) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.repeated = 1 + p.Count%3
	}},
	{Name: "hang-up fails", What: "The carrier does not hang up when it is asked to, once or twice.",
		Do: func(_ *World, t *Talk, p Planned) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.hangups = 1 + p.Count%2
		}},
	{Name: "answers for a call that is over", What: "The carrier reports, asks and opens a line for a call that has ended.",
		Do: late},
	{Name: "machine late", What: "The carrier says that a machine has answered, long after.",
		Do: func(w *World, t *Talk, _ Planned) {
			if i := (Balancer{w}).pick(t, false); i != nil && t.outbound() {
				i.board.Machine(context.Background(), t.id, "human")
			}
		}},
}

// placing is how the carrier takes the order to place a call.
func placing(err error) func(*World, *Talk, Planned) {
	return func(_ *World, t *Talk, _ Planned) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.placing = append(t.placing, err)
	}
}

// late waits for the call's end and goes on as if there were none.
func late(w *World, t *Talk, p Planned) {
	c := t.carried()
	if c == nil {
		return
	}
	select {
	case <-c.Done():
	case <-time.After(horizon):
		return
	}
	time.Sleep(p.For)
	b := Balancer{w}
	id := ""
	if t.outbound() {
		id = t.id
	}
	in := carrier.Incoming{Call: c.ID, From: c.From, To: c.To, Inbound: !t.outbound(), State: carrier.InProgress}
	b.Status(id, carrier.Status{Call: c.ID, State: carrier.InProgress})
	w.logf(t, "asked what follows a call that is over: %T", b.Next(context.Background(), in))
	if t.outbound() { // who announces a call twice that came in is stopped by package server
		w.logf(t, "told of the answer of a call that is over: %T", b.AnswerOutbound(context.Background(), in, id))
	}
	b.Status(id, carrier.Status{Call: c.ID, State: carrier.Completed})
}
