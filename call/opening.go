package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Opening is what is spoken first, as a law or a house rule wants it.
type Opening struct {
	Text string
	Clip []byte // µ-law, 8 kHz; without it the agent speaks the text
}

// Bounds of an opening. Past them the call goes on without its proof, and the
// log says so.
const (
	openingBound = 15 * time.Second // for the proof, when all of it should have played
	openingStart = 5 * time.Second  // for an agent to begin to speak it: no longer in dead air
)

// opening plays what is spoken first. While it runs the caller's sound is kept
// from the agent and nothing cuts it; it is complete when the mark behind its
// last byte came back.
type opening struct {
	state    openingState
	asked    asked // of the agent, where there is no clip
	sent     bool  // all of it is in the playout
	parts    []*segment
	deadline time.Time
}

type openingState int

const (
	openingNone openingState = iota
	openingRuns
	openingOver
)

// running tells whether the caller can't be heard yet.
func (o *opening) running() bool { return o.state == openingRuns }

// awaitsAgent tells whether nothing of it can be heard for want of an agent.
func (o *opening) awaitsAgent() bool { return o.running() && !o.sent }

// wantsSpeech tells whether what the agent begins to say now belongs to it.
func (o *opening) wantsSpeech() bool { return o.running() && o.asked.under && !o.sent }

// begin starts it, if the profile has one. A call that goes on with another
// stream may have had it.
func (o *opening) begin(c *Call, now time.Time) {
	want := c.profile.Opening
	had := c.journal.head.Opening
	if want == nil || had != nil && had.Complete {
		return
	}
	o.state = openingRuns
	c.journal.head.Opening = &calllog.Opening{Text: want.Text}
	if len(want.Clip) == 0 {
		o.agentReady(c, now)
		return
	}
	o.deadline = now.Add(span(len(want.Clip)) + openingBound)
	s := &segment{id: "opening", opening: true, entry: calllog.Entry{Kind: calllog.KindAgent, Text: want.Text, Heard: calllog.HeardNo}}
	s.entry = c.journal.add(s.entry, now)
	o.parts, o.sent = append(o.parts, s), true
	c.play.begin(s)
	c.play.add(s, want.Clip, now)
	s.ended = true
}

// agentReady asks the agent to speak the text, if it has to.
func (o *opening) agentReady(c *Call, now time.Time) {
	if !o.running() || o.asked.under || o.sent || c.link.agent == nil {
		return
	}
	o.asked.under, o.deadline = true, now.Add(openingStart)
	if err := c.link.agent.Say(c.profile.Opening.Text); err != nil {
		c.loseAgent(err, now)
	}
}

// agentLost has the text spoken again by the next agent, from its beginning.
func (o *opening) agentLost() {
	if o.wantsSpeech() {
		o.asked, o.parts, o.deadline = asked{}, nil, time.Time{}
	}
}

// turnEnded notes that the agent has sent what it was asked to say.
func (o *opening) turnEnded(c *Call, now time.Time) {
	if o.asked.turnEnded() && o.running() {
		o.sent = true
		o.check(c, now)
	}
}

// extend gives what is queued of it the time to play.
func (o *opening) extend(s *segment, p *playout, now time.Time) {
	if s.opening && o.running() {
		o.deadline = p.over(now).Add(openingBound)
	}
}

// check sees whether all of it was heard.
func (o *opening) check(c *Call, now time.Time) {
	if !o.running() || !o.sent || len(o.parts) == 0 {
		return
	}
	for _, p := range o.parts {
		if !p.complete() {
			return
		}
	}
	c.journal.head.Opening.PlayedAt, c.journal.head.Opening.Complete = &now, true
	o.finish(c, now)
}

// finish lets the caller be heard.
func (o *opening) finish(c *Call, now time.Time) {
	o.state = openingOver
	c.journal.save()
	c.holdAt = later(c.holdAt, now.Add(holdAfterLoss))
	c.deliver(now)
}

// tick gives an opening up that is not proved in time.
func (o *opening) tick(c *Call, now time.Time) {
	if o.running() && !o.deadline.IsZero() && !now.Before(o.deadline) {
		c.journal.note("the opening was not proved to have been heard", now)
		c.log.Warn().Msg("the opening was not proved in time")
		o.finish(c, now)
	}
}

// wake is when tick has something to do.
func (o *opening) wake() time.Time {
	if o.running() {
		return o.deadline
	}
	return time.Time{}
}
