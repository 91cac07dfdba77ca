package call

import "time"

// What the agent is asked to say when a call has gone on for too long, or
// nobody answers it.
const (
	sayLastMinute  = "I'm sorry, but this call has to end in a minute."
	sayTimeIsUp    = "I'm sorry, our time is up. Goodbye."
	sayStillThere  = "Are you still there?"
	sayNobodyThere = "I can't hear you, so I'll hang up now. Goodbye."

	lastMinute  = time.Minute
	answerBound = 30 * time.Second // to answer whether they are still there
)

// notice watches the two clocks of a call: how long it lasts, and how long the
// caller has given no sign of life.
type notice struct {
	stop    time.Time // the hard stop
	warn    time.Time // when it is announced; zero once it was
	alive   time.Time // the last sign of the caller, or the end of the agent's speech
	asked   bool      // whether they are still there
	patient time.Duration
}

// begin starts the clocks with a stream. The hard stop counts from the answer: a call may
// go on at another instance.
func (n *notice) begin(now, answered time.Time, l Limits) {
	if n.stop.IsZero() {
		n.stop = answered.Add(l.Duration)
		n.warn = n.stop.Add(-min(lastMinute, l.Duration/2))
	}
	n.patient, n.alive, n.asked = l.Inactivity, now, false
}

// heard notes a sign of life.
func (n *notice) heard(now time.Time) { n.alive, n.asked = now, false }

// spoke notes that the agent speaks until then: nobody has to answer before.
func (n *notice) spoke(until time.Time) {
	if !n.asked && until.After(n.alive) {
		n.alive = until
	}
}

// wake is when there is something to say.
func (n *notice) wake() time.Time {
	next := n.stop
	if !n.warn.IsZero() {
		next = n.warn
	}
	if quiet := n.quiet(); quiet.Before(next) {
		next = quiet
	}
	return next
}

// quiet is when the silence has lasted too long.
func (n *notice) quiet() time.Time {
	if n.asked {
		return n.alive.Add(n.patient + answerBound)
	}
	return n.alive.Add(n.patient)
}

// notices says what the clocks want said, and ends the call when they say so.
func (c *Call) notices(now time.Time) {
	n := &c.notice
	switch {
	case c.ending != nil:
	case !now.Before(n.stop):
		c.endAfterPlaying(TimeLimit, sayTimeIsUp, now)
	case !n.warn.IsZero() && !now.Before(n.warn):
		n.warn = time.Time{}
		c.say(sayLastMinute, now)
	case !now.Before(n.quiet()) && n.asked:
		c.journal.note("the caller gave no sign of life", now)
		c.endAfterPlaying(AgentEnded, sayNobodyThere, now)
	case !now.Before(n.quiet()):
		n.asked = true
		c.say(sayStillThere, now)
	}
}

// say makes the agent say something, if there is one.
func (c *Call) say(text string, now time.Time) {
	if c.link.agent == nil {
		return
	}
	c.voices.agentBegins(now)
	if err := c.link.agent.Say(text); err != nil {
		c.loseAgent(err, now)
	}
}
