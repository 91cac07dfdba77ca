package call

import (
	"errors"
	"fmt"
	"time"
)

// Bounds of the wait for the end of a machine's greeting.
const (
	beepWait  = 20 * time.Second // after Twilio's verdict, or the words of a greeting
	beepKept  = 15 * time.Second // a beep counts that was heard before the verdict or the words
	beepNotes = 5                // beeps that a call's log has
)

const (
	noteWaits    = "an answering machine took the call; nothing is said before its beep"
	noteGreeting = "the words of a voicemail greeting were heard; nothing is said before its beep"
	noteFull     = "the mailbox is full: no message could be left"
	noteNoBeep   = "no beep and no silence followed the words of a greeting: the call goes on as with a person"
	notePerson   = "a person spoke after all"
	noteGone     = "the answering machine was gone before a message could be left"
)

// voicemail is a call that waits for a machine to beep. Meanwhile nobody speaks into its
// greeting: what the agent says is dropped.
//
// The machine is known if Twilio said so, and supposed if it greets with the words of
// one (see screening.go). The wait ends with the first of: a beep on the line, or one
// heard in the [beepKept] before it; 3 s of silence; Twilio's word that the greeting is
// over. Then a message is left, or the call hung up, as the profile says. After
// [beepWait] a known machine is treated as if it had beeped, and a supposed one as a
// person, who gets the opening from its beginning. So does a person who speaks up. A
// beep alone means nothing: people have kitchens.
type voicemail struct {
	since   time.Time // of the wait; zero for none
	known   bool
	full    bool // it said that it takes no message
	quiet   bool // the line is silent, for 3 s and more
	beeped  time.Time
	beeps   int
	dropped map[string]bool // segments that the agent began meanwhile
}

// waits tells whether nobody may speak.
func (v *voicemail) waits() bool { return !v.since.IsZero() }

// wake is when the wait has been long enough.
func (v *voicemail) wake() time.Time {
	if v.waits() {
		return v.since.Add(beepWait)
	}
	return time.Time{}
}

// awaitBeep silences the call because of a machine. A supposed one may become known.
func (c *Call) awaitBeep(known bool, now time.Time) {
	v := &c.voicemail
	if known && !v.known {
		v.known, c.machine = true, true
		c.journal.note(noteWaits, now)
		if v.waits() {
			v.since = now
		}
	}
	if !v.waits() {
		v.since = now
		c.hush(now)
	}
	if v.quiet || !v.beeped.IsZero() && now.Sub(v.beeped) <= beepKept {
		c.toMailbox(now)
	}
}

// toMailbox ends the wait and the call: the machine records.
func (c *Call) toMailbox(now time.Time) {
	c.machine = true
	c.endAtOnce(c.byMachine("machine_start"), now)
}

// endAtOnce ends the call without a further word.
func (c *Call) endAtOnce(out Outcome, now time.Time) {
	if c.ending == nil {
		c.ending = &ending{out: out, deadline: now}
	}
}

// onSound takes what was heard on the line.
func (c *Call) onSound(s lineSound, now time.Time) {
	v := &c.voicemail
	if s.over {
		v.beeped = now
		if v.beeps++; v.beeps <= beepNotes {
			c.journal.note(fmt.Sprintf("a beep was heard: %.0f Hz for %d ms", s.beep.Hz, length(s.beep).Milliseconds()), now)
		}
	} else {
		v.quiet = s.quiet
	}
	if v.waits() && (s.over || s.quiet) {
		c.toMailbox(now)
	}
}

// waited ends a wait that has been long enough.
func (c *Call) waited(now time.Time) {
	switch v := &c.voicemail; {
	case !v.waits() || now.Before(v.wake()):
	case v.known:
		c.toMailbox(now)
	default:
		c.toPerson(noteNoBeep, now)
	}
}

// toPerson ends the wait: somebody is there, whom the opening has not reached.
func (c *Call) toPerson(note string, now time.Time) {
	c.voicemail.since, c.voicemail.known, c.voicemail.full, c.machine = time.Time{}, false, false, false
	c.screen.last = "" // the words that were taken for a greeting count no more
	c.journal.note(note, now)
	c.openAgain(now)
}

// mailbox is the outcome of a call that ended in the wait by itself: the machine hung up,
// or the agent would not stay. A machine had taken it all the same.
func (c *Call) mailbox(out Outcome) Outcome {
	v := &c.voicemail
	gone := out.Reason == CallerHungUp
	left := out.Reason == AgentEnded && c.ending != nil || errors.Is(out.Err, errAgentAway)
	if !v.waits() || !gone && !(left && (v.known || v.full)) {
		return out
	}
	c.machine = true
	note := noteGone
	if v.full {
		note = noteFull
	}
	return Outcome{Reason: Voicemail, Err: out.Err, note: note}
}
