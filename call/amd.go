package call

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// What the log says of the same words again and again, and what the agent is told of them.
const (
	noteLoop  = "the same words were heard again and again: two machines were talking"
	noteAgain = "the caller said the same words again and again: a machine, or nobody understood"
	tellLoop  = "[From the line, not from a person: you have heard these same words before. It seems to be a recording. Don't answer it again.]"
)

// detects tells whether it still matters who answered: the call is not ending.
func (c *Call) detects() bool { return !c.stop.begun() && c.ending == nil }

// answeredBy does what follows from who answered.
func (c *Call) answeredBy(verdicts []amd.Verdict, now time.Time) {
	for _, v := range verdicts {
		switch v := v.(type) {
		case amd.Noted:
			c.journal.note(string(v), now)
		case amd.Mute:
			c.muteAgent(now)
		case amd.Record:
			c.endAtOnce(c.profile.byMachine(v, c.journal.head.Order), now)
		case amd.Person:
			c.openAgain(now)
		case amd.Asks:
			c.tell(c.profile.instruction(v.Who, c.journal.head.Order), now)
		case amd.Repeats:
			c.tell(tellLoop, now)
		case amd.Endless:
			c.endAtOnce(endless(v, c.outbound()), now)
		}
	}
}

// endless is how a call ends in which two machines talk, or may.
func endless(v amd.Endless, outbound bool) Outcome {
	switch {
	case !outbound:
		return Outcome{Reason: Failed, note: noteAgain, next: nextFallback}
	case v.Mailbox:
		return Outcome{Reason: Voicemail, note: noteLoop}
	}
	return Outcome{Reason: Failed, note: noteLoop}
}

// endAtOnce ends the call without a further word.
func (s *stream) endAtOnce(out Outcome, now time.Time) {
	if s.ending == nil {
		s.ending = &ending{out: out, deadline: now}
	}
}

// mailbox is the outcome of a call that ended by itself while a machine's greeting was listened to: the machine hung
// up, or the agent would not stay.
func (o Outcome) mailbox(who *amd.Detector, ending bool) Outcome {
	hungUp := o.Reason == CallerHungUp
	if !hungUp && (o.Reason != AgentEnded || !ending) && !errors.Is(o.Err, errAgentAway) {
		return o
	}
	if note := who.Gone(hungUp); note != "" {
		return Outcome{Reason: Voicemail, Err: o.Err, note: note}
	}
	return o
}

// instruction is what the agent is told of an assistant or a menu that asks.
func (p *Profile) instruction(who amd.Speaker, o *calllog.Order) string {
	if who == amd.Menu {
		how := "You can't press keys on this call: say the option that fits, or wait for a person."
		if slices.Contains(p.Builtins, builtin.SendDigits) {
			how = "Press the key that leads to the person you are calling, with " + builtin.SendDigits + "; don't talk to the menu."
		}
		return "[From the line, not from a person: this is a phone menu. " + how + "]"
	}
	why := ""
	if o != nil {
		why = " " + reason(consent.Purpose(o.Purpose), o.Marketing)
	}
	return fmt.Sprintf("[From the line, not from a person: a call-screening assistant asks who is calling. "+
		"Answer it in one sentence: that you are an AI assistant, that you call on behalf of %s, and why.%s "+
		"Then wait until a person speaks.]", p.Seller.RegisteredName, why)
}

// tell tells the agent something in the place of the caller's words, if there is an agent.
func (c *Call) tell(text string, now time.Time) {
	if c.link.agent == nil {
		return
	}
	if err := c.link.agent.SendTurn(text); err != nil {
		c.loseAgent(err, now)
		return
	}
	c.journal.memory.told(text, now)
}
