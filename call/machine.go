package call

import (
	"context"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// The notes about a machine.
const (
	noteMachine = "an answering machine took the call"
	noteMessage = "an answering machine took the call and was left a message"
	noteFax     = "a fax machine took the call"
	noteOther   = "Twilio took what answered for an answering machine; by its words it is none"
)

// machine tells whether Twilio's word on who answered means that no person did.
// "unknown" is a person: nobody is hung up on by mistake.
func machine(answeredBy string) bool {
	return strings.HasPrefix(answeredBy, "machine_") || answeredBy == "fax"
}

// Machine takes what Twilio found out about who answered, on whichever instance. A
// person changes nothing. A machine ends the call: with a message, if the agent leaves one
// and the gate's decision about the call allows it, else without a word. At once,
// unless there is a message to leave and the machine's greeting is not over: see
// voicemail.
func (b *Switchboard) Machine(ctx context.Context, callID, answeredBy string) {
	if !machine(answeredBy) {
		return
	}
	if err := b.order(ctx, callID, verbMachine, answeredBy); err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call", callID).Msg("nobody could be told of an answering machine")
	}
}

// byMachine is how a call ends that a machine took.
func (p *Profile) byMachine(answeredBy string, o *calllog.Order) Outcome {
	switch {
	case answeredBy == "fax":
		return Outcome{Reason: Failed, note: noteFax}
	case p.leavesMessage(o):
		return Outcome{Reason: Voicemail, note: noteMessage, next: nextMessage}
	}
	return Outcome{Reason: Voicemail, note: noteMachine}
}

// message is what is left on a machine.
func message(p *Profile, o *calllog.Order) carrier.Step {
	if o == nil {
		return carrier.HangUp{}
	}
	return carrier.Say{Text: MachineMessage(p.Seller, consent.Purpose(o.Purpose), o.Marketing)}
}

// redirectAside has a call that has no stream go on with another step.
func (b *Switchboard) redirectAside(sid carrier.CallID, s carrier.Step) {
	if b.cfg.Carrier == nil {
		return
	}
	b.keeper.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWait)
		defer cancel()
		if err := b.cfg.Carrier.Continue(ctx, sid, s); err != nil {
			b.cfg.Logger.Warn().Err(err).Str("call_sid", string(sid)).Msg("no message could be left; the call is hung up")
			b.hangUpAside(sid)
		}
	})
}

// onMachine takes Twilio's word that a machine is on the line. A message waits for the
// greeting's end, of which Twilio's word or our own ear tells. To Twilio an assistant or a
// menu is a machine as any other, and so may be the person behind it: where its words have
// told of it, the call goes on.
func (c *Call) onMachine(answeredBy string, now time.Time) (Outcome, bool) {
	if c.stop.begun() || c.ending != nil { // it ends already
		return Outcome{}, false
	}
	if c.noMachine(answeredBy) {
		c.journal.note(noteOther, now)
		return Outcome{}, false
	}
	if answeredBy == "machine_start" && c.profile.leavesMessage(c.journal.head.Order) {
		c.awaitBeep(true, now)
		return Outcome{}, false
	}
	c.machine = true
	return c.byMachine(answeredBy), true
}

// noMachine tells whether an assistant or a menu, known by its words, is what Twilio heard.
func (c *Call) noMachine(answeredBy string) bool {
	return answeredBy != "fax" && !c.voicemail.waits() && (c.screen.known[assistant] || c.screen.known[menu])
}

// byMachine is how the call ends, since a machine took it.
func (c *Call) byMachine(answeredBy string) Outcome {
	if c.voicemail.full && answeredBy != "fax" {
		return Outcome{Reason: Voicemail, note: noteFull}
	}
	return c.profile.byMachine(answeredBy, c.journal.head.Order)
}
