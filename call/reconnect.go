package call

import (
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// loseAgent gives up an agent that is gone. The caller is held, and the agent
// asked for again with the conversation's context.
func (c *Call) loseAgent(err error, now time.Time) {
	if c.link.agent == nil {
		return
	}
	c.log.Warn().Err(err).Msg("the agent is lost")
	if c.link.lost(c.ctx, err, now) {
		c.holdAt = now.Add(holdAfterLoss)
	}
	c.leaveReply()
	c.opening.agentLost(c)
}

// fatal ends the call if asking for the agent again is of no use.
func (c *Call) fatal(why *agent.LostError) (Outcome, bool) {
	if why == nil || !why.Fatal || c.ending != nil {
		return Outcome{}, false
	}
	c.journal.note("the agent refused the call", time.Now())
	return Outcome{Reason: Failed, Err: why, next: nextFallback}, true
}

// leaveReply says that nothing more comes of the reply under way. What was sent
// of it is still heard.
func (c *Call) leaveReply() {
	for _, s := range c.segments {
		s.ended, s.closed = true, true
	}
	c.turnEnded = true
}

// seek asks for the agent again when it is time, and gives up when it was away
// too long.
func (c *Call) seek(now time.Time) (Outcome, bool) {
	l := c.link
	switch {
	case l.hopeless(now):
		c.journal.note("the agent stayed away", now)
		return Outcome{Reason: Failed, Err: errAgentAway, next: nextFallback}, true
	case l.busy:
	case l.agent == nil && !l.retry.IsZero() && !now.Before(l.retry):
		l.dial(c.ctx)
	case l.agent != nil && l.due(now, &c.play):
		l.dial(c.ctx)
	}
	return Outcome{}, false
}

// onDialled takes the end of a dial.
func (c *Call) onDialled(d dialled, now time.Time) (Outcome, bool) {
	l := c.link
	switch {
	case d.err != nil && l.agent != nil: // a planned replacement: the old one still serves
		c.log.Warn().Err(d.err).Msg("the agent could not be replaced yet")
		l.busy, l.expiry = false, now.Add(replaceGrace)
		return Outcome{}, false
	case d.err != nil:
		c.log.Warn().Err(d.err).Int("tries", l.tries).Msg("the agent could not be reached")
		if !l.failed(d.err, now) && c.ending == nil {
			c.journal.note("the agent refused the call", now)
			return Outcome{Reason: Failed, Err: d.err, next: nextFallback}, true
		}
		return Outcome{}, false
	case c.ending != nil:
		l.retire(d.agent)
		return Outcome{}, false
	}
	if l.agent != nil {
		c.leaveReply()
	}
	again := l.serial > 0 || c.journal.head.ChatGroupID != ""
	l.adopt(c.ctx, d.agent, now)
	chat := d.agent.Chat()
	c.journal.head.ChatIDs = append(c.journal.head.ChatIDs, chat.ID)
	c.journal.head.ChatGroupID = chat.Group
	c.journal.save()
	if again {
		c.metrics.reconnects.Inc()
		c.journal.add(calllog.Entry{Kind: calllog.KindReconnect}, now)
	}
	c.log.Info().Str("chat", chat.ID).Bool("again", again).Msg("the agent listens")
	c.opening.agentReady(c, now)
	c.payAnswers(now)
	c.tellNews(now)
	c.tellKeys(now)
	c.deliver(now)
	return Outcome{}, false
}
