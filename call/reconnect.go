package call

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// loseAgent gives up an agent that is gone, as err says; nil says nothing. The caller is held,
// and the agent asked for again with the conversation's context.
func (c *Call) loseAgent(err error, now time.Time) {
	if err == nil || c.link.agent == nil {
		return
	}
	c.log.Warn().Err(err).Msg("agent disconnected")
	if c.link.lost(c.ctx, err, now) {
		c.holdAt = now.Add(holdAfterLoss)
	}
	c.leaveReply()
	c.opening.agentLost(c)
}

// unlessServed ends the call if there is no voice left to be asked.
func (s *stream) unlessServed(j *journal, served bool, why error) (Outcome, bool) {
	if served || s.ending != nil {
		return Outcome{}, false
	}
	j.note("the agent refused the call", time.Now())
	return Outcome{Reason: Failed, Err: why, next: nextFallback}, true
}

// leaveReply says that nothing more comes of the reply under way. What was sent
// of it is still heard.
func (s *stream) leaveReply() {
	for _, seg := range s.segments {
		seg.Short = seg.Short || !seg.Ended
		seg.Ended, seg.Closed = true, true
	}
	s.turnEnded = true
}

// reconnect asks for the agent again when it is time. It is true if that was away too long.
func (l *link) reconnect(ctx context.Context, p *leg.Playout, now time.Time) (gone bool) {
	switch {
	case l.timedOut(now):
		return true
	case l.busy:
	case l.agent == nil && !l.retry.IsZero() && !now.Before(l.retry):
		l.dial(ctx, now)
	case l.agent != nil && l.due(now, p):
		l.dial(ctx, now)
	}
	return false
}

// onDialled takes the end of a dial.
func (c *Call) onDialled(d dialled, now time.Time) (Outcome, bool) {
	l := c.link
	if c.journal.goOn(d.earlier, now) {
		l.resumes(d.earlier)
	}
	c.metrics.handshakes.WithLabelValues(c.profile.Name, d.voice.Name, result(d.err)).Inc()
	switch {
	case d.err != nil && l.agent != nil: // a planned replacement: the old one still serves
		c.log.Warn().Err(d.err).Msg("agent not replaced yet; retrying")
		l.busy, l.expiry = false, now.Add(replaceGrace)
		return Outcome{}, false
	case d.err != nil:
		c.log.Warn().Err(d.err).Str("voice", d.voice.Name).Int("tries", l.tries).Msg("agent connection failed")
		return c.unlessServed(&c.journal, l.failed(d.voice, d.err, now), d.err)
	case c.ending != nil:
		l.closeOld(d.agent)
		return Outcome{}, false
	}
	if l.agent != nil {
		c.leaveReply()
	}
	head := &c.journal.head
	again := l.serial > 0 || len(head.ChatIDs) > 0
	last := cmp.Or(lastVoice(*head), c.journal.memory.voice)
	if l.voice != nil {
		last = l.voice.Name
	}
	l.attach(c.ctx, d.voice, d.agent, now)
	chat := d.agent.Chat()
	knows := chat.Resumed && last == d.voice.Name // what was said to another voice it did not hear
	head.ChatIDs = append(head.ChatIDs, chat.ID)
	head.ChatGroupID = cmp.Or(chat.Group, head.ChatGroupID)
	if !again {
		head.Voice = d.voice.Name
	}
	c.journal.save()
	if again {
		c.metrics.reconnects.Inc()
		c.journal.add(calllog.Entry{Kind: calllog.KindReconnect, Voice: d.voice.Name}, now)
	}
	c.log.Info().Str("chat", chat.ID).Str("voice", d.voice.Name).Bool("again", again).Msg("agent connected")
	if (again || c.journal.memory.before != "") && !knows {
		if err := l.remember(c.said()); err != nil {
			c.loseAgent(err, now)
			return Outcome{}, false
		}
	}
	c.opening.agentReady(c, now)
	c.loseAgent(c.errands.pay(c.link.agent), now)
	c.loseAgent(c.streamless.tell(l.agent), now)
	c.loseAgent(c.keypad.tell(c.link, now), now)
	c.loseAgent(c.deliver(), now)
	return Outcome{}, false
}

// voiceSpoke writes down which voices have spoken.
func (j *journal) voiceSpoke(v *Voice) {
	head := &j.head
	if v != nil && !slices.Contains(head.Voices, v.Name) {
		head.Voices = append(head.Voices, v.Name)
		j.save()
	}
}

// result is a handshake's end as a label.
func result(err error) string {
	if err != nil {
		return "failed"
	}
	return "ok"
}
