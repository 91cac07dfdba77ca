package call

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// What is said of a cut by mistake: in the log, to an agent whose reply was sent, and to one
// that had not yet sent all of it.
const (
	noteWentOn = "nobody interrupted after all: the agent goes on"
	tellWentOn = "You were not interrupted after all: the caller hears all of this: "
	tellGoOn   = "[From the line, not from a person: nobody interrupted you after all. Go on with what you were saying.]"
)

// cut is an interruption that may turn out to be a mistake. The agent has heard of it all the
// same: its service has to know how far it was heard before it answers the caller.
type cut struct {
	rest  []leg.Remainder
	until time.Time // when it is a mistake; zero while the caller speaks
	whole bool      // the agent had sent all of its reply
}

// cause is what an interruption is decided by.
type cause int

const (
	byVoice       cause = iota // the voice has heard it, and has stopped
	byWords                    // or by a key
	bySpeechAlone              // it may be a mistake
)

// confirmCut says that a cut was no mistake.
func (f *floor) confirmCut(running *errands) {
	if f.cut != nil {
		f.cut = nil
		running.cutTools()
	}
}

// interrupt empties the line: the caller speaks. What still arrives of the
// segments known so far is dropped. The opening can't be talked over: then only
// what waits behind it goes. A cut that may be a mistake is kept for a while.
func (c *Call) interrupt(by cause, now time.Time) error {
	if c.ending != nil { // a goodbye is heard to its end
		return nil
	}
	c.floor.confirmCut(c.errands)
	if len(c.stale) > staleBound {
		clear(c.stale)
	}
	for id, s := range c.segments {
		if !s.Opening {
			c.stale[id] = s
		}
	}
	if c.opening.running() {
		c.opening.forget()
		c.journal.silenced(c.play.Drop(func(s *leg.Segment) bool { return !s.Opening }), now)
		return nil
	}
	heard, upTo := c.play.Unheard(now), c.heardUpTo(now)
	var rest []leg.Remainder
	if by == bySpeechAlone && !c.profile.Interruption.NoResume {
		rest = c.play.Rest(now)
	}
	var live []*leg.Segment
	var err error
	if c.play.Idle(now) {
		live = c.play.Empty(now)
	} else {
		live, err = c.play.Clear(now)
		c.metrics.bargeIn.Observe(time.Since(now).Seconds())
		c.journal.add(calllog.Entry{Kind: calllog.KindInterruption}, now)
	}
	if by != byVoice || len(heard) > 0 { // a voice that has cut itself may be in its next reply already
		c.loseAgent(c.link.tellCut(heard), now)
	}
	c.loseAgent(c.link.tellHeard(heard, upTo), now)
	c.journal.silenced(live, now)
	if rest != nil {
		c.floor.cut = &cut{rest: rest, whole: c.turnEnded}
	} else {
		c.errands.cutTools()
	}
	return err
}

// resume plays on what was cut by mistake.
func (c *Call) resume(now time.Time) {
	cut := c.floor.cut
	c.floor.cut = nil
	c.journal.note(noteWentOn, now)
	var text []string
	for _, r := range cut.rest {
		delete(c.stale, r.Segment.ID)
		c.play.Resume(r)
		text = append(text, r.Segment.Text)
	}
	if cut.whole {
		c.loseAgent(c.link.tell(tellWentOn+strings.Join(text, " ")), now)
	} else {
		c.tell(tellGoOn, now)
	}
}
