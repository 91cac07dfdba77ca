package chaos

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
)

// Acts is what people and agents do in a call that goes well.
var Acts = []*Event{
	{Name: "caller speaks", What: "The caller says something, and the agent answers.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, p Planned) {
			t.says("I would like to move my appointment.", p.Count)
		}},
	{Name: "caller interrupts", What: "The caller speaks over the agent.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, p Planned) {
			a := t.agent()
			a.Reply(100, false)
			time.Sleep(time.Second)
			a.emit(0, agent.Interrupted{}, agent.CallerSaid{Text: "No, wait a moment please."})
			a.Reply(20, false)
		}},
	{Name: "caller presses a key", What: "The caller presses a key that means nothing.",
		Needs: NeedsLine, Do: func(_ *World, t *Talk, _ Planned) {
			t.line().Press("5")
		}},
	{Name: "agent speaks", What: "The agent says something long.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, p Planned) {
			t.agent().Reply(50+p.Count, false)
		}},
	{Name: "tool", What: "The agent uses a tool.", Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
		t.tool("look_up", "{}")
	}},
	{Name: "send digits", What: "The agent presses keys, for which the call leaves its line.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
			t.tool(builtin.SendDigits, `{"digits":"1w2"}`)
		}},
	{Name: "operator speaks", What: "An operator has the agent say something.",
		Do: func(w *World, t *Talk, _ Planned) {
			w.operate(t, func(i *Instance, id string) error {
				return i.board.Say(context.Background(), id, "One moment, please.")
			})
		}},
}

// Endings is what ends a call that goes well.
var Endings = []*Event{
	{Name: "caller hangs up", What: "The caller hangs up.", Do: hangUp},
	{Name: "agent ends", What: "The agent says goodbye and ends the call.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
			t.agent().Reply(40, false)
			t.tool(builtin.EndCall, "{}")
		}},
	{Name: "transfer", What: "The agent puts the caller through to a person.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
			t.tool(builtin.TransferCall, "{}")
		}},
	{Name: "operator hangs up", What: "An operator ends the call.", Do: func(w *World, t *Talk, _ Planned) {
		w.operate(t, func(i *Instance, id string) error { return i.board.HangUp(context.Background(), id) })
	}},
	{Name: "opt out", What: "The person presses 9, or says stop.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
			if t.outbound() {
				t.line().Press("9")
				return
			}
			t.says("Stop calling me. Take me off your list.", 20)
		}},
	{Name: "revocation", What: "Consent is withdrawn elsewhere.", Do: func(w *World, t *Talk, _ Planned) {
		_, err := w.ledger.Record(context.Background(), consent.Fact{Type: consent.Revoke, Number: t.number(), Seller: seller.Name, Scope: consent.AllAutomated})
		w.logf(t, "revoked: %v", err)
	}},
}

func hangUp(_ *World, t *Talk, _ Planned) {
	if c := t.carried(); c != nil {
		c.HangUp()
	}
}

// says has the caller say something, which the agent hears and answers.
func (t *Talk) says(text string, frames int) {
	l, a := t.line(), t.agent()
	l.Speak(t.up.next(frames))
	time.Sleep(time.Duration(frames) * frame)
	a.emit(0, agent.CallerSaid{Text: text})
	a.Reply(30, false)
}

// tool has the agent call a tool.
func (t *Talk) tool(name, arguments string) {
	a := t.agent()
	a.mu.Lock()
	a.segments++
	id := a.chat.ID + "-" + name + "-" + string(rune('a'+a.segments%26))
	a.mu.Unlock()
	a.emit(0, agent.ToolCall{ID: id, Name: name, Arguments: arguments, WantAnswer: true})
}

// operate gives an order by any instance.
func (w *World) operate(t *Talk, do func(i *Instance, id string) error) {
	i := Balancer{w}.pick(t, false)
	c := t.carried()
	if i == nil || c == nil {
		return
	}
	id := t.id
	if !t.outbound() {
		head, err := w.db.Store.BySID(context.Background(), string(c.ID))
		if err != nil {
			w.logf(t, "an operator finds no call: %v", err)
			return
		}
		id = head.ID
	}
	w.logf(t, "%s: an operator's order: %v", i.name, do(i, id))
}
