package call_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A drain places no more calls and waits for those that ring; who answers is served.
func TestDrainWhileRinging(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c := d.place()
		done := d.drain(time.Hour)
		if _, _, err := d.board.Place(d.ctx, toCallee()); !errors.Is(err, call.ErrDraining) {
			d.Errorf("placing while draining: %v", err)
		}
		d.pass(10 * time.Second)
		d.agents.Answers <- nil
		c.PickUp()
		d.await(c, twiliotest.Started, "")
		p := <-d.agents.Dialled
		d.pass(1500 * time.Millisecond)
		speaks(p, "a", "Still here.", sound(time.Second, 1))
		d.pass(1500 * time.Millisecond)
		if count(c.Heard(), 1) != time.Second {
			d.Error("the agent is not heard")
		}
		select {
		case <-done:
			d.Error("the drain is through while a call lives")
		default:
		}
		c.HangUp()
		<-c.Done()
		<-done
		d.outcome(head.ID, call.CallerHungUp)
	})
}

// When the time of a drain is over, what rings is hung up, and the ledger knows.
func TestDrainCutsRinging(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c := d.place()
		<-d.drain(5 * time.Second)
		<-c.Done()
		if c.Ended() != "rest" {
			d.Errorf("the call was ended by %q", c.Ended())
		}
		rec := d.logged(head.ID)
		if ends := d.permits(head.ID, consent.PermitEnded); rec.Outcome != string(call.Drained) || len(ends) != 1 || ends[0].Outcome != string(call.NoAnswer) {
			d.Errorf("the outcome is %q; the ledger has %+v", rec.Outcome, ends)
		}
		// Whoever answers now is not left in silence.
		doc, err := documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}, head.ID))
		if err != nil || !strings.Contains(doc, "<Hangup") || strings.Contains(doc, "Connect") {
			d.Errorf("the answer is %s, %v", doc, err)
		}
		if _, _, err := d.board.Place(d.ctx, toCallee()); !errors.Is(err, call.ErrDraining) {
			d.Errorf("placing after it: %v", err)
		}
	})
}

// A call that is placed has its place among the calls of the instance.
func TestPlacedCallsCount(t *testing.T) {
	atDesk(t, func(_ *desk, c *call.Config, _ *call.Profile) { c.MaxCalls = 1 }, func(d *desk) {
		_, c := d.place()
		if d.board.Live() != 1 {
			d.Errorf("%d calls are live", d.board.Live())
		}
		if _, _, err := d.board.Place(d.ctx, toCallee()); !errors.Is(err, call.ErrFull) {
			d.Errorf("one more: %v", err)
		}
		late := d.dial()
		<-late.Done()
		if got := verbs(late); got[0] != "Say" {
			d.Errorf("one that comes in follows %q", got)
		}
		d.agents.Answers <- nil
		c.PickUp()
		d.await(c, twiliotest.Started, "")
		c.HangUp()
		<-c.Done()
		synctest.Wait()
		if d.board.Live() != 0 {
			d.Errorf("%d calls are live", d.board.Live())
		}
		d.place()
	})
}

// Without a gate nothing is placed, and nothing that was answered is carried.
func TestNoGate(t *testing.T) {
	atDesk(t, func(_ *desk, c *call.Config, _ *call.Profile) { c.Gate = nil }, func(d *desk) {
		if _, _, err := d.board.Place(d.ctx, toCallee()); !errors.Is(err, call.ErrNoGate) {
			d.Errorf("placing: %v", err)
		}
		doc, err := documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: someSID}, "call_x"))
		if err != nil || !strings.Contains(doc, "<Response><Hangup") {
			d.Errorf("the answer is %s, %v", doc, err)
		}
	})
}

// A call that nobody knows, that came in, or that is over by the log's word, such as one
// that a crash left and the next run closed, is hung up when it is answered.
func TestAnswerOfWhatIsOver(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head := calllog.Call{ID: "call_crashed", Direction: calllog.Outbound, From: number, To: callee, Agent: "support", Order: &calllog.Order{Purpose: "informational"},
			Status: calllog.StatusCompleted, Outcome: calllog.OutcomeFailed, StartedAt: time.Now(), Instance: "gone", Version: 1}
		came := calllog.Call{ID: "call_in", Direction: calllog.Inbound, From: caller, To: number, Agent: "support", StartedAt: time.Now(), Version: 1}
		if err := d.shelf.Apply(d.ctx, []calllog.Change{{Call: &head}, {Call: &came}}); err != nil {
			d.Fatal(err)
		}
		for _, id := range []string{"call_crashed", "call_in", "call_nobody", ""} {
			doc, err := documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: someSID}, id))
			if err != nil || !strings.Contains(doc, "<Response><Hangup") {
				d.Errorf("%s: the answer is %s, %v", id, doc, err)
			}
		}
		if n := len(d.agents.Sessions()); n != 0 {
			d.Errorf("%d agents were dialled", n)
		}
	})
}

// Whoever asks again what to do with a call that was answered, or is over, has it hung up:
// one answer makes one call.
func TestAnsweredTwice(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c, _ := d.opened()
		doc, err := documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}, head.ID))
		if err != nil || !strings.Contains(doc, "<Response><Hangup") {
			d.Errorf("the answer is %s, %v", doc, err)
		}
		c.HangUp()
		<-c.Done()
		d.outcome(head.ID, call.CallerHungUp)
		doc, err = documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}, head.ID))
		if err != nil || !strings.Contains(doc, "<Response><Hangup") {
			d.Errorf("after the end the answer is %s, %v", doc, err)
		}
		if n := len(d.agents.Sessions()); n != 1 {
			d.Errorf("%d agents were dialled", n)
		}
	})
}

// No stream comes for a call that was answered.
func TestAnsweredWithoutAStream(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Callbacks = twiliotest.Never
		head, _, err := d.board.Place(d.ctx, toCallee())
		if err != nil {
			d.Fatal(err)
		}
		c, err := d.person.Rung(d.ctx, 1)
		if err != nil {
			d.Fatal(err)
		}
		d.agents.Answers <- nil
		d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}, head.ID)
		d.pass(2 * time.Minute)
		d.outcome(head.ID, call.Failed)
		if end := d.permits(head.ID, consent.PermitEnded)[0]; !end.Abandoned {
			d.Error("who heard nothing was not abandoned")
		}
	})
}

// An operator ends a call that rings.
func TestOperatorEndsARing(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c := d.place()
		if err := d.board.HangUp(d.ctx, head.ID); err != nil {
			d.Error(err)
		}
		d.endsWithin(c, time.Second)
		d.outcome(head.ID, call.Failed)
		if err := d.board.HangUp(d.ctx, head.ID); !errors.Is(err, call.ErrNotLive) {
			d.Errorf("again: %v", err)
		}
	})
}

// The agent of an outbound call goes for good: the person hears why, and no fallback
// number is dialled.
func TestAgentGoneForGood(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c, p := d.opened()
		p.Leave(errors.New("gone"))
		d.agents.Answers <- time.Hour
		<-c.Done()
		d.outcome(head.ID, call.Failed)
		if got := strings.Join(verbs(c), " "); got != "Connect Say Hangup" || !strings.Contains(c.Followed()[1].Text, "technical problem") {
			d.Errorf("the call followed %v", c.Followed())
		}
	})
}
