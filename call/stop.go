package call

import (
	_ "embed"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
)

// Bounds of a call in which somebody said stop. From the trigger to the hang-up it may
// take two seconds: the contract's reading of "immediately" in 47 CFR 64.1200(b)(3).
const (
	stopBound = 1900 * time.Millisecond // all of it, but the way to Twilio
	keepBound = 650 * time.Millisecond  // for the ledger; then it is the spool's
	keepGrace = 50 * time.Millisecond   // for the spool; then the goodbye comes all the same
)

// What set it off, in the words of the ledger.
const (
	byKey    = "key"
	bySpeech = "speech"
	byTool   = "tool"
)

const (
	stopKey     = "9"
	sayRemoved  = "I've removed you from our list."
	noteStopped = "the person wants no more calls: by "
)

//go:embed removed.wav
var removedWAV []byte

// removedLine is the goodbye in µ-law, converted once.
var removedLine = lazily(func() []byte {
	ulaw, err := media.ReadClip(removedWAV)
	if err != nil {
		panic("internal error: call: the embedded goodbye: " + err.Error())
	}
	return ulaw
})

// stop is a person's wish to be called no more, while the call ends for it: first the
// ledger, then a goodbye, then nothing. No agent has a word in it.
type stop struct {
	since time.Time       // of the trigger; zero if nobody said stop
	kept  <-chan struct{} // closed when the ledger or the spool has it; nil before, and once heard of
	said  bool            // the goodbye is in the playout
}

func (s *stop) begun() bool { return !s.since.IsZero() }

// optOut stops everything that is heard and begins to end the call. It is false if the
// ledger can't be told: there is none, or nobody knows the person's number.
func (c *Call) optOut(trigger, words string, now time.Time) (can bool) {
	if c.stop.begun() {
		return true
	}
	if !c.dossier.known() {
		return false
	}
	c.stop.since = now
	c.stop.kept = c.dossier.keeper.keep(keepBound, c.dossier.optOut(trigger, words, now)...)
	c.journal.note(noteStopped+trigger, now)
	c.opening.abandon(c)
	c.holding = nil
	c.ending = &ending{out: Outcome{Reason: OptedOut}, deadline: now.Add(stopBound), hold: true}
	live, err := c.play.Clear(now)
	c.journal.silenced(live, now)
	c.link.close()
	if err != nil { // nothing can be heard any more
		c.ending.deadline = now
	}
	return true
}

// onKept says goodbye, since the ledger knows.
func (c *Call) onKept(now time.Time) {
	c.stop.kept = nil
	if c.stop.said {
		return
	}
	c.stop.said = true
	s := &leg.Segment{ID: "removed", Entry: calllog.Entry{Kind: calllog.KindAgent, Text: sayRemoved, Heard: calllog.HeardNo}}
	s.Entry = c.journal.add(s.Entry, now)
	c.play.Begin(s)
	c.play.Add(s, removedLine(), now)
	s.Ended = true
	c.ending.hold = false
}

// due tells whether the goodbye has to come without the ledger, since that takes too long.
func (s *stop) due(now time.Time) bool { return s.begun() && !s.said && !now.Before(s.patience()) }

// patience is when the goodbye can't wait any more.
func (s *stop) patience() time.Time { return s.since.Add(keepBound + keepGrace) }

// wake is when the goodbye is due.
func (s *stop) wake() time.Time {
	if s.begun() && !s.said {
		return s.patience()
	}
	return time.Time{}
}

// stopped is a call's outcome: whatever ended it, who said stop has opted out.
func (s *stop) stopped(out Outcome) Outcome {
	if s.begun() {
		return Outcome{Reason: OptedOut, Err: out.Err}
	}
	return out
}

// OptOut implements builtin.Controls.
func (a controls) OptOut(t builtin.Invocation, now time.Time) bool {
	if !a.c.optOut(byTool, "", now) {
		return false
	}
	delete(a.c.errands.open, t.ID)
	return true
}
