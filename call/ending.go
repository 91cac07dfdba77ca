package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio"
)

// farewellBound is how long an ending waits for what is still to be heard.
const farewellBound = 10 * time.Second

// ending is a call that ends when the line has played what was said. A nil
// ending is a call that goes on.
type ending struct {
	out      Outcome
	deadline time.Time
	farewell asked // a last sentence that the agent was asked for
}

// endAfterPlaying ends the call when the caller has heard what was said, and
// the farewell if there is one. The caller's words change nothing any more.
func (c *Call) endAfterPlaying(why Reason, farewell string, now time.Time) {
	if c.ending != nil {
		return
	}
	c.ending = &ending{out: Outcome{Reason: why}, deadline: now.Add(farewellBound)}
	if c.opening.running() { // it can't be cut, whoever ends the call
		c.ending.deadline = c.play.over(now).Add(farewellBound)
	}
	if farewell != "" && c.link.agent != nil {
		c.ending.farewell.under = true
		c.say(farewell, now)
	}
}

func (e *ending) said(ev agent.AgentSaid) {
	if e != nil {
		e.farewell.said(ev)
	}
}

func (e *ending) turnEnded() {
	if e != nil {
		e.farewell.turnEnded()
	}
}

// ended tells whether an ending has come to its end.
func (c *Call) ended(now time.Time) (Outcome, bool) {
	e := c.ending
	if e == nil {
		return Outcome{}, false
	}
	waits := e.farewell.under && !e.farewell.done && c.link.agent != nil
	if !now.Before(e.deadline) || !waits && c.play.idle(now) {
		return e.out, true
	}
	return Outcome{}, false
}

// wake is when ended has something new to see.
func (e *ending) wake(now time.Time, p *playout) time.Time {
	if p.dry.After(now) && p.dry.Before(e.deadline) {
		return p.dry
	}
	return e.deadline
}

// onCancel is the outcome of a call that is ended from outside of it.
func (c *Call) onCancel() Outcome {
	err := context.Cause(c.ctx)
	switch {
	case errors.Is(err, ErrShutdown):
		return Outcome{Reason: Drained, Err: err, next: nextFallback}
	case errors.Is(err, errCallerGone):
		return Outcome{Reason: CallerHungUp}
	}
	return Outcome{Reason: Failed, Err: err, next: nextFallback}
}

// finish is the one way out: how far the last words were heard is written down,
// everything of the call is stopped and awaited, and both sockets are closed.
// The outcome is written by settle, since a lost stream may yet be resumed.
func (c *Call) finish(out Outcome) {
	c.silenced(c.play.live, time.Now())
	c.cancel(context.Canceled)
	c.link.close()
	c.announce(twilio.CallSID(c.journal.head.TwilioCallSID), c.profile, out)
	c.stream.Close(twilio.CloseNormal, "")
	c.wg.Wait()
	c.link.drain()
	c.added.merge(&c.up.added)
	c.journal.head.Quality = &calllog.Quality{Gaps: c.up.gaps, Late: c.play.late, Clipped: c.clipped,
		Dropped: (c.up.dropped + c.play.dropped) / (20 * bytesPerMS), AddedMS: c.added.summary()}
}

// settle writes the outcome. It is called once for each call.
func (c *Call) settle(out Outcome, now time.Time) {
	c.errands.close(&c.journal)
	h := &c.journal.head
	h.Status, h.Outcome, h.EndedAt = calllog.StatusCompleted, string(out.Reason), &now
	c.journal.save()
	c.metrics.calls.WithLabelValues(h.Direction, h.Outcome).Inc()
	c.log.Info().Str("outcome", h.Outcome).AnErr("cause", out.Err).Dur("lasted", now.Sub(h.StartedAt)).Msg("the call ended")
}
