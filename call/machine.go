package call

import (
	"context"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// The notes about a machine.
const (
	noteMachine = "an answering machine took the call"
	noteMessage = "an answering machine took the call and was left a message"
	noteFax     = "a fax machine took the call"
)

// Machine takes what Twilio found out about who answered, on whichever instance. A
// person changes nothing. A machine ends the call: with a message, if the agent leaves one
// and the gate's decision about the call allows it, else without a word. At once,
// unless there is a message to leave and the machine's greeting is not over: see [amd.Detector].
func (b *Switchboard) Machine(ctx context.Context, callID, answeredBy string) {
	if !amd.IsMachine(answeredBy) {
		return
	}
	if err := b.order(ctx, callID, verbMachine, answeredBy); err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call", callID).Msg("answering machine verdict not delivered")
	}
}

// byMachine is how a call ends that a machine took.
func (p *Profile) byMachine(m amd.Record, o *calllog.Order) Outcome {
	switch {
	case m.Full:
		return Outcome{Reason: Voicemail, note: amd.NoteFull}
	case m.Fax:
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
			b.cfg.Logger.Warn().Err(err).Str("call_sid", string(sid)).Msg("voicemail message failed; hanging up")
			b.hangUpAside(sid)
		}
	})
}
