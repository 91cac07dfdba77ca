package call

import (
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Bounds of what the words on a line that we called may mean.
const (
	wordsFor  = 45 * time.Second // after the answer, a machine is known by its words
	screenFor = 2 * time.Minute  // after the answer, an assistant may pass the call on
)

// What the log says of who answered.
var noteOf = [speakers]string{
	mailbox:   noteGreeting,
	fullBox:   "a full mailbox answered; nothing is said to it",
	assistant: "a call-screening assistant answered",
	menu:      "a phone menu answered",
}

// screen is what a call that we placed knows of who answered, by their words.
type screen struct {
	last  string // what was said before
	known [speakers]bool
	open  speaker // who may yet pass the call on to a person; someone for nobody
}

// recognise takes what was said on the other side.
//
// On a call that we placed, a voicemail greeting silences the agent ([voicemail]); an
// assistant's question, or a menu, is told to the agent, once. Nothing of this is done on
// a call that came in, but that nobody repeats themselves for ever ([loop]).
func (c *Call) recognise(text string, now time.Time) {
	if c.stop.begun() || c.ending != nil {
		return
	}
	plain := plainWords(text)
	if !c.outbound() {
		c.repeats(plain, someone, now)
		return
	}
	speaks := who(plain)
	if speaks == someone && !c.voicemail.waits() { // a pause may have cut the greeting in two
		if both := who(c.screen.last + " " + plain); both == mailbox || both == fullBox {
			speaks = both
		}
	}
	c.screen.last = plain
	if c.repeats(plain, speaks, now) {
		return
	}
	switch age := now.Sub(*c.journal.head.AnsweredAt); {
	case speaks != someone && age <= wordsFor:
		c.answeredBy(speaks, now)
	case speaks != someone:
	case c.voicemail.waits() && (anyOf(isThere, plain) || !c.voicemail.known && anyOf(mayGreet, plain)):
		c.toPerson(notePerson, now)
	case !c.voicemail.waits() && age <= screenFor:
		c.passedOn(plain, now)
	}
}

// glimpse takes words that are not final: enough to fall silent before a greeting's end.
func (c *Call) glimpse(text string, now time.Time) {
	if !c.outbound() || c.stop.begun() || c.ending != nil || c.voicemail.waits() || now.Sub(*c.journal.head.AnsweredAt) > wordsFor {
		return
	}
	if speaks := who(plainWords(text)); speaks == mailbox || speaks == fullBox {
		c.answeredBy(speaks, now)
	}
}

// answeredBy deals with who is no person.
func (c *Call) answeredBy(speaks speaker, now time.Time) {
	s := &c.screen
	first := !s.known[speaks]
	s.known[speaks] = true
	if first {
		c.journal.note(noteOf[speaks], now)
	}
	switch speaks {
	case fullBox:
		c.voicemail.full = true
		c.awaitBeep(false, now)
	case mailbox:
		c.awaitBeep(false, now)
	case assistant, menu:
		if c.voicemail.waits() { // "to leave a number, press 5": the agent has no part in it
			return
		}
		c.voicemail.beeped = time.Time{} // it was for a name, or a key
		if s.open = speaks; first {
			c.tell(c.instruction(speaks), now)
		}
	}
}

// passedOn sees whether a person has come on the line behind an assistant or a menu. What
// an assistant says is mostly known, what a menu says is not: behind a menu it takes the
// words of a person.
func (c *Call) passedOn(plain string, now time.Time) {
	s := &c.screen
	if s.open == someone || plain == "" || s.open == menu && !anyOf(isThere, plain) && !anyOf(mayGreet, plain) || anyOf(holdOn, plain) {
		return
	}
	s.open = someone
	c.journal.note("a person came on the line behind it", now)
	c.openAgain(now)
}

// holdOn is what an assistant says that is about to pass the call on.
var holdOn = patterns(`\b(hold|stay|remain|wait)( \w+){0,3} (line|please|moment|hold)\b`, `^(ok |okay |thanks |thank you |great |got it |alright )*$`, `(please|one|just a) (hold|wait|moment|second)`, `^(thanks|thank you|ok|okay|got it)\b`, `(connect|transfer|put|passing|pass)(ing)? (you|your call)`,
	`(can|could|would) you (tell|say|explain)( \w+){0,3} more`, `(trying|try) to (reach|connect)`, `is (it|this) urgent`, `no longer available`, `(un momento|no cuelgue|espere)`) //nolint:misspell // Spanish

// instruction is what the agent is told of who asks.
func (c *Call) instruction(speaks speaker) string {
	if speaks == menu {
		how := "You can't press keys on this call: say the option that fits, or wait for a person."
		if slices.Contains(c.profile.Builtins, ToolSendDigits) {
			how = "Press the key that leads to the person you are calling, with " + ToolSendDigits + "; don't talk to the menu."
		}
		return "[From the line, not from a person: this is a phone menu. " + how + "]"
	}
	why := ""
	if o := c.journal.head.Order; o != nil {
		why = " " + reason(consent.Purpose(o.Purpose), o.Marketing)
	}
	return fmt.Sprintf("[From the line, not from a person: a call-screening assistant asks who is calling. Answer it in one sentence: that you are an AI assistant, that you call on behalf of %s, and why.%s Then wait until a person speaks.]",
		c.profile.Seller.RegisteredName, why)
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
