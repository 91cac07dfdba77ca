package call

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Limits bound a call in time.
type Limits struct {
	Duration   time.Duration // hard stop. Defaults to 1 h
	Inactivity time.Duration // of the caller, until the agent asks whether they are there. Defaults to 2 min
}

// Call is one telephone call: the place where a carrier's line and a voice agent
// meet. It lasts as long as the call, also where that has more than one stream. See
// the package's documentation for how it works.
type Call struct {
	*stream // that it has now, or waits for; made anew for each

	// Settings.
	profile  *Profile
	limits   Limits
	metrics  *Metrics
	log      zerolog.Logger
	announce func(*Call, Outcome) // prepares what follows, before the stream is closed

	// What run owns.
	journal   journal
	dossier   dossier
	stop      stop
	stated    stated
	amd       amd.Detector // who answered the call that we placed
	notice    notice
	errands   *errands
	keypad    keypad
	wishes    wishes   // what the caller said last, and asked for
	takenBack int      // goodbyes of the agent's
	spent     spending // of the voice's budgets
	quality   quality
	observed  observation
	recorded
	streamless
}

// streamless is what becomes of a call while it has no stream, for which the switchboard says it.
type streamless struct {
	counted         bool     // an outcome of it was counted, and the ledger told, before
	refusals        int      // transfers that nobody took
	pendingMessages []string // what the next agent is told
}

// tell gives an agent, if there is one, what happened while there was none.
func (s *streamless) tell(to agent.Agent) error {
	for len(s.pendingMessages) > 0 && to != nil {
		if err := to.SendTurn(s.pendingMessages[0]); err != nil {
			return err
		}
		s.pendingMessages = s.pendingMessages[1:]
	}
	return nil
}

// newCall makes a call that waits for its first stream, its agent dialled.
func newCall(ctx context.Context, p *Profile, limits Limits, head calllog.Call, out *calllog.Writer, m *Metrics,
	log zerolog.Logger, look lookBack) *Call {
	c := &Call{profile: p, limits: limits, metrics: m, log: log, journal: journal{out: out, head: head},
		errands: newErrands(p.Tools)}
	c.stream = newStream(ctx, p, &c.journal.head, look)
	return c
}

// run carries the call on its stream until somebody ends that, and returns when every goroutine
// of it has ended and both sockets are closed. It owns all state of the call.
func (c *Call) run(line carrier.Line) Outcome {
	c.line, c.play.Line = line, line
	c.beginTape(c.profile.Record, &c.journal, c.started)
	c.observed.begin(c.profile.Expression, c.journal.privacy.on)
	c.tap(c.tape, c.observed.observer, c.outbound())
	s := c.stream
	s.wg.Go(func() { s.readCaller(c.metrics) })
	c.begin(time.Now())
	alarm := newAlarm()
	defer alarm.stop()
	var out Outcome
	for done := false; !done; {
		now := time.Now()
		alarm.set(c.wake(now), now)
		select {
		case e := <-c.caller:
			out, done = c.onCaller(e)
		case e := <-c.link.events:
			out, done = c.onAgent(e)
		case d := <-c.link.dialled:
			out, done = c.onDialled(d, time.Now())
		case s := <-c.sounds:
			c.answeredBy(c.amd.Heard(s, time.Now()), time.Now())
		case t := <-c.errands.done:
			c.onTool(t, time.Now())
		case then := <-c.errands.back:
			then(c, time.Now())
		case <-c.stop.kept:
			c.onKept(time.Now())
		case cmd := <-c.commands:
			out, done = c.onCommand(cmd, time.Now())
		case err := <-c.tape.Trouble():
			c.journal.badTape(err, &c.log, time.Now())
		case r := <-c.observed.observer.Results():
			c.onExpression(r, time.Now())
		case err := <-c.observed.observer.Trouble():
			c.journal.badExpression(err, &c.log, time.Now())
		case <-alarm.C:
		case <-c.ctx.Done():
			out, done = c.onCancel(), true
		}
		if !done {
			out, done = c.tick(time.Now())
		}
		c.bypass.Open(c.passer(c.errands.builtins.KeysSecret(time.Now())))
	}
	c.broke = c.breaks(out)
	c.unfinished(out, time.Now())
	out = c.stop.stopped(out.mailbox(&c.amd, c.ending != nil))
	c.finish(out)
	return out
}

// begin starts what a new stream starts.
func (c *Call) begin(now time.Time) {
	c.journal.head.Status = calllog.StatusInProgress
	if c.journal.head.AnsweredAt == nil {
		c.journal.head.AnsweredAt = &now
	}
	c.holdAt = now.Add(holdAfterStart)
	c.notice.begin(now, *c.journal.head.AnsweredAt, c.limits)
	c.errands.builtins.NextStream(now)
	if c.outbound() {
		c.amd.Placed(*c.journal.head.AnsweredAt)
	}
	if !c.amd.Waits() {
		c.opening.begin(c, now)
	}
	c.journal.save()
}

// tick does what time brings: it runs after every event, since most of it is
// due when something has just happened.
func (c *Call) tick(now time.Time) (Outcome, bool) {
	if c.ending == nil {
		if c.link.reconnect(c.ctx, &c.play, now) {
			c.journal.note("the agent stayed away", now)
			return Outcome{Reason: Failed, Err: errAgentAway, next: nextFallback}, true
		}
		if c.holds(c.amd.Waits(), c.outbound()) {
			c.hold(now)
		}
		c.answeredBy(c.amd.Tick(now), now)
	}
	if c.stop.due(now) {
		c.onKept(now)
	}
	c.keys(now)
	if err := c.yield(now); err != nil {
		return lineLost(err), true
	}
	if out, done := c.opening.tick(c, now); done {
		return out, true
	}
	if err := c.play.Release(now, func(arrived time.Time) { // without having to wait its turn
		c.metrics.measure(&c.quality.added, downlinkAdded, time.Since(arrived))
	}); err != nil {
		return lineLost(err), true
	}
	c.quality.heardFirst(c.metrics, c.play.First, c.journal.head.AnsweredAt)
	c.notices(now)
	if text := c.errands.fill(c.stream, now); text != "" {
		c.say(text, now)
	}
	return c.ended(now)
}

// wake is when tick has something to do if nothing happens before. Whatever it
// names, tick does when the time has come; otherwise run would spin.
func (c *Call) wake(now time.Time) time.Time {
	next := c.play.Wake()
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	sooner(c.opening.wake())
	sooner(c.stop.wake())
	if c.ending != nil {
		sooner(c.ending.wake(now, c.stream))
		return next
	}
	sooner(c.amd.Wake())
	sooner(c.notice.wake())
	sooner(c.keypad.wake(c.link.agent != nil))
	sooner(c.errands.builtins.Wake(c.play.Dry))
	sooner(c.errands.fillerDue(c.stream))
	sooner(c.yieldWake(c.profile.Interruption.after(), now))
	sooner(c.link.wake(now, &c.play))
	if c.holds(c.amd.Waits(), c.outbound()) {
		sooner(later(c.holdAt, c.play.Dry))
	}
	return next
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// lineLost is the outcome when Twilio's socket takes nothing more.
func lineLost(err error) Outcome { return Outcome{Reason: streamLost, Err: err} }
