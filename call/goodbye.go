package call

import (
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// takenBackMost is how often the caller's words take the agent's goodbye back: then it ends.
const takenBackMost = 2

// What the agent learns of a goodbye that was taken back.
const sayTakenBack = "The caller spoke before they had heard your goodbye, so the call goes on. Answer what they said."

var errTakenBack = errors.New("the caller spoke: the call goes on")

// mayGoOn tells whether the caller's words can take the ending back. Only an agent's own wish
// is undone, while it is there to go on.
func (s *stream) mayGoOn() bool {
	e := s.ending
	return e != nil && e.byAgent && s.link.agent != nil
}

// overGoodbye deals with words that are said while the agent ends the call. t is their turn if
// that is over.
func (c *Call) overGoodbye(text string, t *turn, now time.Time) error {
	e := c.ending
	before := t != nil && t.entry.Seq > 0 && t.entry.Seq < e.after // the goodbye answers it
	if before || !c.mayGoOn() || !c.profile.Interruption.keeps(text) {
		return nil
	}
	c.ending = nil
	c.takenBack++
	err := c.interrupt(byWords, now)
	if e.tool == nil {
		c.loseAgent(c.link.tell(sayTakenBack), now)
		return err
	}
	asked := *e.tool
	c.onTool(&toolDone{call: asked.ToolCall, silent: true,
		answer: tools.Answer{ID: asked.ID, Name: asked.Name, Say: sayTakenBack, Err: fmt.Sprint(errTakenBack), Took: now.Sub(asked.Begun)}}, now)
	return err
}

// overheard notes that the caller makes a sound while the agent ends the call: their words
// may follow.
func (e *ending) overheard(now time.Time) {
	if e != nil {
		e.spoke = now
	}
}

// awaitsWords is how long an ending waits for the words of what was heard; zero if it needn't.
func (s *stream) awaitsWords() time.Time {
	e := s.ending
	switch {
	case e.spoke.IsZero() || !s.mayGoOn():
		return time.Time{}
	case !s.floor.since.IsZero() && s.floor.serial == s.link.serial:
		return e.deadline
	}
	return e.spoke.Add(mistakeBound)
}
