package call

import (
	"bytes"
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// staleBound is how many cut segments are remembered; the late sound of one
// comes within moments of the interruption.
const staleBound = 256

// reportMost is the longest code of an error that is written down, in bytes.
const reportMost = 100

var errAgentAway = errors.New("call: the agent did not come back")

// onAgent takes one event of the agent's side.
func (c *Call) onAgent(e agentEvent) (Outcome, bool) {
	var lost *agent.LostError
	errors.As(e.err, &lost)
	switch ended := lost != nil && lost.Ended; {
	case e.serial != c.link.serial:
		return Outcome{}, false // of an agent that was replaced
	case c.link.agent == nil && !ended:
		return c.unlessServed(&c.journal, c.link.learn(lost, e.at), lost) // a write had failed before; this is why
	}
	if e.err != nil {
		if c.ctx.Err() != nil { // reading was ended by us
			return c.onCancel(), true
		}
		if lost != nil && lost.Ended {
			c.journal.note("the agent ended the conversation", e.at)
			c.link.close()
			c.endAfterPlaying(AgentEnded, "", e.at)
			return Outcome{}, false
		}
		c.loseAgent(e.err, e.at)
		return c.unlessServed(&c.journal, c.link.learn(lost, e.at), lost)
	}
	within, over := c.spend(e.event, e.at)
	if over != "" {
		if out, done := c.overBudget(over, e.at); done || c.link.agent == nil {
			return out, done
		}
	}
	if within == nil || c.dropWhileMuted(within, e.at) {
		return Outcome{}, false
	}
	var err error
	switch ev := within.(type) {
	case agent.Audio:
		err = c.speak(ev, e.at)
	case agent.SegmentEnd:
		if s := c.segments[ev.Segment]; s != nil && c.stale[ev.Segment] == nil { // a mark behind what was cut would prove it heard
			if !c.opening.holdsEnd(c, s) {
				err = c.play.End(s, e.at)
			}
		}
	case agent.TurnEnd:
		c.turnEnded = true
		c.ending.turnEnded()
	case agent.Spoken:
		c.opening.spoken(c, ev.Exact, e.at)
		c.ending.spoken(ev.Exact)
		c.errands.filler.spoken(ev.Exact)
	case agent.Usage:
		if voice := c.link.voiceName(); c.journal.charge(voice, ev) {
			c.metrics.charge(voice, ev)
		}
	case agent.Interrupted:
		c.notice.heard(e.at)
		c.voices.callerSpeaks(e.at)
		c.ending.overheard(e.at)
		err = c.interrupt(byVoice, e.at)
	case agent.CallerSpeaks:
		c.notice.heard(e.at)
		c.voices.callerSpeaks(e.at)
		c.ending.overheard(e.at)
		c.floor.callerSpeaks(c.link.serial, e.at)
		c.observed.observer.Begin(e.at)
	case agent.CallerStopped:
		c.voices.callerSaid(false, e.at)
		c.ending.overheard(e.at)
		c.floor.stopped(e.at)
	case agent.CallerTurn:
		c.callerTurn(ev, e.at)
	case agent.CallerSaid:
		err = c.callerSaid(ev, e.at)
	case agent.AgentSaid:
		c.agentSaid(ev, e.at)
	case agent.AgentFelt:
		if s := c.segments[ev.Segment]; s != nil && s.Entry.Seq > 0 {
			s.Entry.Emotions, s.Entry.EmotionsSource = ev.Emotions, c.link.emotionsOf(ev.Emotions)
			c.journal.rewrite(s.Entry)
		}
	case agent.ToolCall:
		c.callTool(ev, e.at)
	case agent.Failed:
		code, slug := shorten(ev.Code, reportMost), shorten(ev.Slug, reportMost)
		c.log.Warn().Str("code", code).Str("slug", slug).Msg("the agent reported an error")
		c.journal.note("the agent reported "+code+" "+slug, e.at)
	case agent.Over: // spend has dealt with it
	case agent.Ignored:
		if ev.Broken {
			c.metrics.malformed.WithLabelValues("agent").Inc()
		}
	}
	if err != nil {
		return lineLost(err), true
	}
	return Outcome{}, false
}

// segment finds the segment of a name, or begins it. It is nil for one that
// belongs to a reply that was cut.
func (c *Call) segment(id string, now time.Time) *leg.Segment {
	if c.stale[id] != nil {
		return nil
	}
	s := c.segments[id]
	if s == nil {
		if c.floor.confirmCut(c.errands); c.turnEnded || len(c.segments) == 0 {
			c.floor.reply(now)
		}
		if c.turnEnded { // a new reply: the names of the last one are done with
			c.turnEnded = false
			clear(c.segments)
			c.play.SettleDone()
		}
		s = &leg.Segment{ID: id, Opening: c.opening.takes(c), Entry: calllog.Entry{Kind: calllog.KindAgent, Heard: calllog.HeardNo}}
		if s.Opening {
			c.opening.parts = append(c.opening.parts, s)
		}
		c.segments[id] = s
		c.play.Begin(s)
		s.Entry = c.journal.add(s.Entry, now)
	}
	return s
}

// speak queues a piece of the agent's voice.
func (c *Call) speak(ev agent.Audio, at time.Time) error {
	s := c.segment(ev.Segment, at)
	if s == nil {
		return nil
	}
	live, err := c.stopHolding(at)
	c.journal.silenced(live, at)
	if err != nil {
		return err
	}
	c.lastAgentAudio, c.spokeSinceCaller = at, true
	c.journal.voiceSpoke(c.link.voice)
	c.voices.agentSpeaks()
	c.notice.spoke(c.play.Over(at).Add(leg.Span(len(ev.ULaw))))
	c.quality.clipped += bytes.Count(ev.ULaw, []byte{0x00}) + bytes.Count(ev.ULaw, []byte{0x80}) // G.711's largest values
	if c.opening.holds(c, s, ev.ULaw) {
		return nil
	}
	c.play.Add(s, ev.ULaw, at)
	c.opening.extend(s, &c.play, at)
	return nil
}

// agentSaid writes down the text of a segment.
func (c *Call) agentSaid(ev agent.AgentSaid, now time.Time) {
	s := c.segment(ev.Segment, now)
	if s == nil {
		s = c.stale[ev.Segment] // it was cut before its text came
	}
	if ev.Text == "" {
		return
	}
	c.opening.asked.said(ev)
	c.errands.filler.said(ev)
	c.spokeSinceCaller = true
	c.voices.agentBegins(now)
	if ev.Asked {
		c.opening.claim(c, s, now)
	}
	c.ending.said(ev)
	s.Text = ev.Text
	s.Entry.Text = c.journal.privacy.words(s.Entry.Text, ev.Text)
	c.wishes.question = short(s.Entry.Text, questionMost)
	c.lately.said(s)
	c.stated.doubt.asked(s, ev.Text)
	if len(ev.Emotions) > 0 && !c.journal.privacy.on {
		s.Entry.Emotions, s.Entry.EmotionsSource = ev.Emotions, c.link.emotionsOf(ev.Emotions)
	}
	s.Measure()
	c.journal.rewrite(s.Entry)
}

// heard writes down that a segment was heard.
func (j *journal) heard(s *leg.Segment) {
	if s.Entry.Seq > 0 && s.Entry.Heard != calllog.HeardFull {
		s.Entry.Heard, s.Entry.HeardTo = calllog.HeardFull, 0
		j.rewrite(s.Entry)
	}
}

// silenced writes down how far segments were heard that will not go on.
func (j *journal) silenced(segments []*leg.Segment, now time.Time) {
	for _, s := range segments {
		if s.Entry.Seq == 0 {
			continue
		}
		heard, to := s.Entry.Heard, s.Entry.HeardTo
		s.Entry.Heard = s.Verdict(now)
		if s.Measure(); s.Entry.Heard != heard || s.Entry.HeardTo != to {
			j.rewrite(s.Entry)
		}
	}
}
