package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/carrier"
)

const (
	// farewellBound is how long an ending waits for what is still to be heard.
	farewellBound = 10 * time.Second
	// goodbyeGrace is how long the sound of the agent's last words may take to follow
	// their text, or the tool call that they were said before.
	goodbyeGrace = 800 * time.Millisecond
)

// ending is a call that ends when the line has played what was said. A nil
// ending is a call that goes on.
type ending struct {
	out      Outcome
	deadline time.Time
	farewell asked // a last sentence that the agent was asked for
	hold     bool  // something is yet to be said that is not in the playout

	// Of an ending that the agent wants.
	goodbye bool                // it has yet to say something
	settled time.Time           // so long its last words may take to be sent
	tool    *builtin.Invocation // that wants it, to be answered at the end; nil if there is none
	answer  string
	byAgent bool      // the caller's words may take it back
	after   int       // what the caller said before this line, the goodbye answers
	spoke   time.Time // when the caller was heard meanwhile, without words
}

// endAfterPlaying ends the call when the caller has heard what was said, and
// the farewell if there is one. The caller's words change nothing any more.
func (c *Call) endAfterPlaying(why Reason, farewell string, now time.Time) {
	if c.ending != nil {
		return
	}
	c.ending = &ending{out: Outcome{Reason: why}, deadline: now.Add(farewellBound)}
	if c.opening.running() { // it can't be cut, whoever ends the call
		c.ending.deadline = c.play.Over(now).Add(farewellBound)
	}
	if farewell != "" && c.link.agent != nil {
		c.ending.farewell.under = true
		c.say(farewell, now)
	}
}

// leave ends the call because of a tool, when what the agent said was heard. An agent that
// has not said anything since the caller's last words is asked to, by the answer to its
// tool call. Any other is answered when it is over: an answer would make it speak again.
func (c *Call) leave(out Outcome, t builtin.Invocation, e builtin.Exit, now time.Time) {
	if c.ending != nil {
		controls{c}.Refuse(t, builtin.SayEnding, builtin.ErrEnding, now)
		return
	}
	c.endAfterPlaying(out.Reason, "", now)
	c.ending.out, c.ending.settled, c.ending.byAgent = out, now.Add(goodbyeGrace), c.takenBack < takenBackMost
	c.ending.after = t.Line
	for _, s := range c.segments {
		if c.spokeSinceCaller && s.Entry.Seq > 0 {
			c.ending.after = min(c.ending.after, s.Entry.Seq)
		}
	}
	if !c.spokeSinceCaller && t.WantAnswer {
		c.ending.goodbye = true
		controls{c}.Answer(t, e.Prompt, now)
		return
	}
	c.ending.tool, c.ending.answer = &t, e.Result
}

// silent tells whether the agent's last words may still be on their way.
func (e *ending) silent(s *stream, now time.Time) bool {
	if s.link.agent == nil {
		return false
	}
	return e.goodbye || now.Before(later(e.settled, s.lastAgentAudio.Add(goodbyeGrace)))
}

// reply answers the tool that wanted the end.
func (e *ending) reply(c *Call, now time.Time) {
	if e != nil && e.tool != nil {
		controls{c}.Answer(*e.tool, e.answer, now)
		e.tool = nil
	}
}

func (e *ending) said(ev agent.AgentSaid) {
	if e != nil {
		e.farewell.said(ev)
	}
}

func (e *ending) turnEnded() {
	if e != nil {
		e.goodbye = false
	}
}

func (e *ending) spoken(exact bool) {
	if e != nil {
		e.farewell.spoken(exact)
	}
}

// ended tells whether an ending has come to its end.
func (s *stream) ended(now time.Time) (Outcome, bool) {
	e := s.ending
	if e == nil {
		return Outcome{}, false
	}
	waits := e.hold || now.Before(s.awaitsWords()) || e.farewell.under && !e.farewell.done && s.link.agent != nil || !e.settled.IsZero() && e.silent(s, now)
	if !now.Before(e.deadline) || !waits && s.play.Idle(now) {
		return e.out, true
	}
	return Outcome{}, false
}

// wake is when ended has something new to see.
func (e *ending) wake(now time.Time, s *stream) time.Time {
	next := s.play.Dry
	if !e.settled.IsZero() && !e.goodbye {
		next = later(next, later(e.settled, s.lastAgentAudio.Add(goodbyeGrace)))
	}
	next = later(next, s.awaitsWords())
	if next.After(now) && next.Before(e.deadline) {
		return next
	}
	return e.deadline
}

// onCancel is the outcome of a call that is ended from outside of it.
func (s *stream) onCancel() Outcome {
	err := context.Cause(s.ctx)
	switch {
	case errors.Is(err, ErrShutdown):
		return Outcome{Reason: Drained, Err: err, next: nextFallback}
	case errors.Is(err, errStreamOver):
		return lineLost(err)
	case errors.Is(err, errCeded):
		return Outcome{Reason: ceded, Err: err}
	case errors.Is(err, errCallerGone):
		return Outcome{Reason: CallerHungUp}
	case errors.Is(err, errRevoked):
		return withdrawn
	}
	return Outcome{Reason: Failed, Err: err, next: nextFallback}
}

// finish is the one way out: how far the last words were heard is written down,
// everything of the call is stopped and awaited, and both sockets are closed.
// The outcome is written by settle, since a lost stream may yet be resumed.
func (c *Call) finish(out Outcome) {
	c.tape.Rest(time.Now())
	c.journal.silenced(c.play.Stop(time.Now()), time.Now())
	c.ending.reply(c, time.Now())
	c.unfinishedMessage(time.Now())
	c.turns.unplaced(&c.journal, time.Now())
	c.end(context.Canceled)
	c.link.close()
	c.opening.started(c)
	c.announce(c, out)
	c.line.Close(carrier.Done)
	c.wg.Wait()
	c.link.drain()
	c.quality.add(c.stream)
	c.journal.head.Quality = c.quality.summary()
}

// settle writes the outcome. It is called once for each call.
func (c *Call) settle(out Outcome, now time.Time) {
	c.errands.close(c, now)
	c.errands.builtins.Forget()
	c.observed.end(&c.journal, c.unrecorded, &c.log, now)
	c.endTape(&c.journal, c.metrics, &c.log, now)
	c.journal.head.Broke = out.broken(c.outbound(), c.broke)
	m := c.metrics
	if c.counted {
		m = nil
	}
	c.journal.end(out, now, m, c.log)
}
