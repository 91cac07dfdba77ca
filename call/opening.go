package call

import (
	"errors"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// Opening is what is spoken first, as a law or a house rule wants it.
type Opening struct {
	Text string
	Clip []byte // µ-law, 8 kHz; without it the agent speaks the text

	before string // what the agent has to say before it
}

// words is all that is said.
func (o *Opening) words() string { return strings.TrimSpace(o.before + " " + o.Text) }

// Bounds of an opening. Past them a call that came in goes on without the proof,
// and the log says so; one that we placed ends.
const (
	openingBound = 15 * time.Second // for the proof, when all of it should have played
	openingStart = 5 * time.Second  // for an agent to begin to speak it: no longer in dead air
)

const (
	noteUnproved   = "the opening was not proved to have been heard"
	noteOtherWords = "the agent spoke the opening in other words"
)

var errUnproved = errors.New("call: the opening was not heard")

// opening plays what is spoken first. While it runs the caller's sound is kept
// from the agent and nothing cuts it; it is complete when the mark behind its
// last byte came back.
type opening struct {
	state    openingState
	say      string   // by the agent; empty if all of it is a clip
	clip     *Opening // played after that; nil for none
	asked    asked    // of the agent
	again    bool     // it was asked once more, since its words were others
	known    bool     // the agent has been given what a clip says
	sent     bool     // all of it is in the playout
	parts    []*leg.Segment
	deadline time.Time
	held     []heldSound // what the agent says before its time
	heldSize int         // bytes
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
	want := c.profile.firstWords(&c.journal.head)
	had := c.journal.head.Opening
	if want == nil || had != nil && had.Complete {
		return
	}
	o.state = openingRuns
	c.journal.head.Opening = &calllog.Opening{Text: want.words()}
	o.say = want.words()
	if len(want.Clip) > 0 {
		o.say, o.clip = want.before, want
	}
	if o.clip != nil && o.say == "" {
		o.playClip(c, now)
	}
	o.agentReady(c, now)
}

// playClip puts the clip into the playout, behind whatever the agent has said before it.
func (o *opening) playClip(c *Call, now time.Time) {
	s := &leg.Segment{ID: "opening", Opening: true, Entry: calllog.Entry{Kind: calllog.KindAgent, Text: o.clip.Text, Heard: calllog.HeardNo}}
	s.Entry = c.journal.add(s.Entry, now)
	o.parts, o.sent = append(o.parts, s), true
	c.play.Begin(s)
	c.play.Add(s, o.clip.Clip, now)
	s.Ended = true
	o.deadline = c.play.Over(now).Add(openingBound)
}

// agentReady asks the agent to speak the text, if it has to.
func (o *opening) agentReady(c *Call, now time.Time) {
	o.tellClip(c, now)
	if !o.running() || o.asked.under || o.sent || c.link.agent == nil {
		return
	}
	o.asked.under, o.deadline = true, now.Add(openingStart)
	if err := c.link.agent.Say(o.say); err != nil {
		c.loseAgent(err, now)
	}
}

// tellClip gives the agent what a recording says in its name, so that it doesn't say it again.
func (o *opening) tellClip(c *Call, now time.Time) {
	if o.known || o.clip == nil || c.link.agent == nil {
		return
	}
	o.known = true
	c.loseAgent(c.link.tell("The call was opened for you by a recording, which said: "+o.clip.Text), now)
}

// agentLost has the text spoken again by the next agent, from its beginning.
func (o *opening) agentLost(c *Call) {
	if o.wantsSpeech() {
		o.started(c)
		o.asked, o.again, o.parts, o.deadline = asked{}, false, nil, time.Time{}
	}
}

// spoken notes that the agent has sent what it was asked to say. Other words are no opening:
// it is asked once more, and then given up.
func (o *opening) spoken(c *Call, exact bool, now time.Time) {
	if !o.asked.spoken(exact) || !o.running() {
		return
	}
	switch {
	case exact:
		if o.sent = true; o.clip != nil {
			o.playClip(c, now)
		}
		o.check(c, now)
	case o.again:
		c.journal.note(noteOtherWords, now)
		o.deadline = now
	default:
		c.journal.note(noteOtherWords, now)
		o.started(c)
		o.asked, o.again, o.parts = asked{}, true, nil
		o.agentReady(c, now)
	}
}

// extend gives what is queued of it the time to play.
func (o *opening) extend(s *leg.Segment, p *leg.Playout, now time.Time) {
	if s.Opening && o.running() {
		o.deadline = p.Over(now).Add(openingBound)
	}
}

// check sees whether all of it was heard.
func (o *opening) check(c *Call, now time.Time) {
	if !o.running() || !o.sent || len(o.parts) == 0 {
		return
	}
	for _, p := range o.parts {
		if !p.Complete() {
			return
		}
	}
	c.journal.head.Opening.PlayedAt, c.journal.head.Opening.Complete = &now, true
	if c.outbound() && c.dossier.known() {
		c.dossier.keeper.keep(keepWait, c.dossier.opened(c.journal.head.Opening.Text, now))
		c.dossier.keeper.keepText(c.journal.head.Opening.Text)
	}
	o.finish(c, now)
}

// finish lets the caller be heard.
func (o *opening) finish(c *Call, now time.Time) {
	o.state = openingOver
	o.started(c)
	c.journal.save()
	c.holdAt = later(c.holdAt, now.Add(holdAfterLoss))
	o.release(c, now)
	c.loseAgent(c.deliver(), now)
}

// abandon ends it unproved and silent.
func (o *opening) abandon(c *Call) {
	o.started(c)
	if o.running() {
		o.state = openingOver
	}
	o.forget()
}

// openAgain has the opening spoken once more, from its beginning: somebody has come on the
// line after a machine, and who calls is said at the beginning (47 CFR 64.1200(b)(1)) to
// whom it concerns. In the log it takes the place of the first, of which the ledger knows
// if it was heard.
func (c *Call) openAgain(now time.Time) {
	if c.ending != nil || c.stop.begun() || c.opening.running() {
		return
	}
	c.muteAgent(now)
	c.opening, c.journal.head.Opening = opening{}, nil
	c.opening.begin(c, now)
	c.journal.save()
}

// started notes when the first sound of it was sent.
func (o *opening) started(c *Call) {
	if !c.quality.openingStarted.IsZero() || len(o.parts) == 0 || o.parts[0].Sent == 0 {
		return
	}
	c.quality.openingStarted = o.parts[0].Starts
	if c.outbound() {
		c.log.Info().Dur("after_answer_ms", c.quality.openingStarted.Sub(*c.journal.head.AnsweredAt)).Msg("opening started")
	}
}

// tick gives an opening up that is not proved in time. A call that we placed must not
// go on without it: 47 CFR 64.1200(b).
func (o *opening) tick(c *Call, now time.Time) (Outcome, bool) {
	if !o.running() || o.deadline.IsZero() || now.Before(o.deadline) {
		return Outcome{}, false
	}
	c.log.Warn().Msg("opening not confirmed in time")
	if c.outbound() {
		return Outcome{Reason: Failed, Err: errUnproved, note: noteUnproved}, true
	}
	c.journal.note(noteUnproved, now)
	o.finish(c, now)
	return Outcome{}, false
}

// wake is when tick has something to do.
func (o *opening) wake() time.Time {
	if o.running() {
		return o.deadline
	}
	return time.Time{}
}
