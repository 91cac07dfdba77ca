package call

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/recording"
)

// Limits bound a call in time.
type Limits struct {
	Duration   time.Duration // hard stop. Defaults to 1 h
	Inactivity time.Duration // of the caller, until the agent asks whether they are there. Defaults to 2 min
}

// Call is one telephone call: the place where a carrier's line and a voice agent
// meet. See the package's documentation for how it works.
type Call struct {
	// Settings.
	profile    *Profile
	limits     Limits
	metrics    *Metrics
	log        zerolog.Logger
	recordings *recording.Folder // nil: nothing is recorded

	// What run owns.
	journal    journal
	line       carrier.Line
	link       *link
	play       leg.Playout
	up         leg.Uplink
	segments   map[string]*leg.Segment // of the reply under way, by the agent's name for them
	stale      map[string]*leg.Segment // of replies that were cut: what still comes of them is dropped
	turnEnded  bool                    // the agent has sent all of its reply
	opening    opening
	dossier    dossier
	stop       stop
	amd        amd.Detector    // who answered the call that we placed
	muted      map[string]bool // segments that the agent began while it was muted
	begun      time.Time       // when the first sound of the opening was sent; zero before
	holding    *leg.Segment
	holdAt     time.Time // when the holding line may be played
	ending     *ending
	notice     notice
	voices     voices
	errands    *errands
	keypad     keypad
	wishes     wishes // what the caller said last, and asked for
	before     utteranceBefore
	lately     lately // what the agent said last
	doubt      doubt
	preferred  []optout.When // what was written down of when they want calls
	turns      turns         // the caller's
	floor      floor         // who may speak
	partial    string        // what the recognizer has of words that are not over
	wrong      bool          // it is the wrong number
	unrecorded bool          // the caller does not want to be recorded
	news       []string      // what the next agent is told
	refusals   int           // transfers that nobody took
	takenBack  int           // goodbyes of the agent's
	counted    bool          // an outcome of it was counted, and the ledger told, before
	goesOn     bool          // with an earlier call: the log says so
	decided    *Outcome      // how it ends, by whoever ended it while it had no stream
	broke      bool          // its stream ended while the caller was being served
	spent      spending      // of the voice's budgets
	spoken     bool          // the first sound is in the metrics
	words      bool          // the agent has said something since the caller's last words
	voiced     time.Time     // when the last sound of the agent's came
	added      leg.Histogram // ms that the bridge added, both ways
	passed     leg.Histogram // ms that it added to frames that run did not see; readCaller's alone
	malformed  int           // messages from Twilio that could not be read
	clipped    int           // samples of the agent's voice at full scale

	observed observation
	tape     *recording.Recorder // nil of a call that is not recorded; readCaller gives it sound, too
	started  time.Time           // when the stream's start was read

	// Channels in, and the caller's way around them.
	bypass   leg.Bypass[agent.Agent]
	sounds   chan amd.Sound // that were heard on the line; nil of a call that came in
	taps     leg.Taps
	caller   chan callerEvent
	commands chan command

	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup

	announce func(*Call, Outcome) // prepares what follows, before the stream is closed
}

// callerEvent is what came from Twilio, and when we read it.
type callerEvent struct {
	event carrier.Event
	err   error
	at    time.Time
}

// newCall makes a call and dials its agent at once, before there is a stream.
// It ends by Run, or by abandon if no stream comes.
func newCall(ctx context.Context, p *Profile, limits Limits, head calllog.Call, out *calllog.Writer, m *Metrics, log zerolog.Logger, look lookBack) *Call {
	c := &Call{profile: p, limits: limits, metrics: m, log: log,
		journal:  journal{out: out, head: head},
		segments: map[string]*leg.Segment{}, stale: map[string]*leg.Segment{},
		errands: newErrands(p.Tools), bypass: leg.NewBypass[agent.Agent](), caller: make(chan callerEvent, 16), commands: make(chan command)}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	now := time.Now()
	session := agent.Session{CallSID: head.TwilioCallSID, Resume: head.ChatGroupID, Variables: p.variables(head), Tools: p.toolSpecs()}
	c.link = newLink(p, session, lastVoice(head), &c.wg, now)
	c.link.look = look
	c.link.dial(c.ctx, now)
	return c
}

// inherit takes over what a call without a stream leaves to the one that goes on
// for it.
func (c *Call) inherit(old *Call) {
	c.journal.seq = max(c.journal.seq, old.journal.seq) // another instance may have written since
	c.errands.cancel()
	c.errands, c.keypad, c.wishes = old.errands, old.keypad, old.wishes
	c.before, c.doubt, c.wrong, c.unrecorded = old.before, old.doubt, old.wrong, old.unrecorded
	c.preferred = old.preferred
	c.news = append(old.news, c.news...)
	c.refusals, c.counted = max(c.refusals, old.refusals), c.counted || old.counted
	c.takenBack, c.decided = old.takenBack, old.decided
	c.spent = old.spent.with(c.spent)
	c.spoken, c.notice.stop, c.notice.warn = old.spoken, old.notice.stop, old.notice.warn
	c.amd, c.muted, c.begun = old.amd, old.muted, old.begun
	c.amd.NextStream()
	c.up.Gaps, c.up.Late, c.up.Dropped = old.up.Gaps, old.up.Late, old.up.Dropped
	c.play.Late, c.play.Dropped, c.clipped, c.added = old.play.Late, old.play.Dropped, old.clipped, old.added
	c.tape, c.journal.privacy, c.observed = old.tape, old.journal.privacy, old.observed
	if old.journal.memory.last >= c.journal.memory.last { // else another instance went on with it
		c.journal.memory = old.journal.memory
	}
}

// abandon ends a call for which no stream came.
func (c *Call) abandon() {
	c.cancel(context.Canceled)
	c.wg.Wait()
	c.link.drain()
}

// run carries the call until somebody ends it, and returns when every goroutine
// of it has ended and both sockets are closed. It owns all state of the call.
func (c *Call) run(line carrier.Line) Outcome {
	c.line, c.play.Line = line, line
	c.tap()
	c.wg.Go(c.readCaller)
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
			c.badTape(err, time.Now())
		case r := <-c.observed.observer.Results():
			c.onExpression(r, time.Now())
		case err := <-c.observed.observer.Trouble():
			c.badExpression(err, time.Now())
		case <-alarm.C:
		case <-c.ctx.Done():
			out, done = c.onCancel(), true
		}
		if !done {
			out, done = c.tick(time.Now())
		}
		c.bypass.Open(c.passer(time.Now()))
	}
	c.broke = c.breaks(out)
	c.unfinished(out, time.Now())
	out = c.stopped(c.mailbox(out))
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
		if out, done := c.seek(now); done {
			return out, true
		}
		c.hold(now)
		c.answeredBy(c.amd.Tick(now), now)
	}
	c.stopping(now)
	c.keys(now)
	if err := c.yield(now); err != nil {
		return lineLost(err), true
	}
	if out, done := c.opening.tick(c, now); done {
		return out, true
	}
	if err := c.play.Release(now, c.prompt); err != nil {
		return lineLost(err), true
	}
	c.heardFirst()
	c.notices(now)
	c.fill(now)
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
		sooner(c.ending.wake(now, c))
		return next
	}
	sooner(c.amd.Wake())
	sooner(c.notice.wake())
	sooner(c.keysWake())
	sooner(c.fillWake())
	sooner(c.yieldWake(now))
	sooner(c.link.wake(now, &c.play))
	if c.holds() {
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
