package call

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// hand drives a call in place of run: what happens, and when, is up to the test.
// After each event it checks what has to be true at any time.
type hand struct {
	t       tester
	c       *Call
	dialer  *Puppets
	agent   *Puppet // the newest
	ear     legtest.Receiver
	now     time.Time
	clock   int64 // the caller's timestamps, ms
	out     Outcome
	done    bool
	heldEar bool // marks don't come back
	marks   []string
}

// logs is where the calls of these tests are written to.
var (
	shelf   = NewShelf()
	metrics = NewMetrics(prometheus.NewRegistry())
)

// newHand makes a call at the epoch, begun, with an agent that listens.
func newHand(t *testing.T, limits Limits, opening *Opening) *hand {
	t.Helper()
	h := makeHand(t, NewWriterTo(t, shelf), limits, opening)
	t.Cleanup(h.leave)
	h.answer(nil)
	return h
}

// makeHand makes a call whose agent has not yet answered.
func makeHand(t tester, log *calllog.Writer, limits Limits, opening *Opening) *hand {
	h := &hand{t: t, now: legtest.Epoch, ear: legtest.Receiver{At: legtest.Epoch}, dialer: NewPuppets()}
	if limits.Duration == 0 {
		limits = Limits{Duration: time.Hour, Inactivity: time.Hour}
	}
	h.dialer.Lifetime, h.dialer.Now = 29*time.Minute, func() time.Time { return h.now }
	p := &Profile{Name: "support", Voices: []*Voice{NewVoice("evi", h.dialer)}, Opening: opening}
	h.c = newCall(context.Background(), p, limits, calllog.Call{ID: newID(), StartedAt: legtest.Epoch}, log, metrics, zerolog.Nop(), nil)
	h.c.link.since = legtest.Epoch
	h.c.play.Line = &h.ear
	h.c.begin(h.now)
	h.tick()
	return h
}

// leave ends the call without an outcome.
func (h *hand) leave() {
	h.c.end(context.Canceled)
	h.c.link.close()
	h.c.errands.close(h.c, h.now)
	h.c.wg.Wait()
	h.c.link.drain()
}

// nextStream ends the stream and begins another, with an agent that listens.
func (h *hand) nextStream() {
	h.t.Helper()
	h.c.end(context.Canceled)
	h.c.link.close()
	h.c.wg.Wait()
	h.c.quality.add(h.c.stream)
	h.c.nextStream(context.Background(), nil)
	h.c.link.since = h.now
	h.ear = legtest.Receiver{At: h.now}
	h.c.play.Line = &h.ear
	h.c.begin(h.now)
	h.tick()
	h.answer(nil)
}

// answer ends the dial that is under way.
func (h *hand) answer(with any) {
	h.t.Helper()
	h.dialer.Answers <- with
	d := <-h.c.link.dialled
	if d.err == nil {
		h.agent = d.agent.(*Puppet)
		<-h.dialer.Dialled
	}
	h.take(h.c.onDialled(d, h.now))
}

// does is an event of the agent's.
func (h *hand) does(ev agent.Event) {
	h.t.Helper()
	h.take(h.c.onAgent(agentEvent{h.c.link.serial, ev, nil, h.now}))
}

// dies ends the agent.
func (h *hand) dies(err error) {
	h.t.Helper()
	h.take(h.c.onAgent(agentEvent{h.c.link.serial, nil, err, h.now}))
}

// tells is an event of the caller's side.
func (h *hand) tells(ev carrier.Event) {
	h.t.Helper()
	h.take(h.c.onCaller(callerEvent{ev, nil, h.now}))
}

// frame is 20 ms of the caller's sound.
func (h *hand) frame(sound byte) {
	h.t.Helper()
	h.tells(&carrier.Media{Timestamp: h.clock, Payload: legtest.Tone(20, sound)})
	h.clock += 20
}

func (h *hand) tick() {
	h.t.Helper()
	h.take(Outcome{}, false)
}

// take is the rest of run's loop.
func (h *hand) take(out Outcome, done bool) {
	h.t.Helper()
	for n := 0; !done; n++ {
		if out, done = h.c.tick(h.now); done || h.c.wake(h.now).After(h.now) {
			break
		}
		if n == 3 { // a few things may be due at once
			h.t.Fatalf("wake is %v after now: run would spin", h.c.wake(h.now).Sub(h.now))
		}
	}
	if done {
		h.out, h.done = out, true
		return
	}
	if got := h.ear.Ahead(); got > leg.Lead {
		h.t.Fatalf("%v ahead of the ear, want at most %v", got, leg.Lead)
	}
}

// until lets time pass, and does what is due on the way.
func (h *hand) until(end time.Time) {
	h.t.Helper()
	for !h.done && h.now.Before(end) {
		next := h.c.wake(h.now)
		if next.After(end) || next.IsZero() {
			next = end
		}
		h.now = next
		h.echo()
		if !h.done {
			h.tick()
			h.echo()
		}
	}
}

func (h *hand) pass(d time.Duration) { h.t.Helper(); h.until(h.now.Add(d)) }

// echo lets the marks come back that were reached by now.
func (h *hand) echo() {
	h.t.Helper()
	h.marks = append(h.marks, h.ear.Listen(h.now)...)
	for !h.heldEar && len(h.marks) > 0 && !h.done {
		name := h.marks[0]
		h.marks = h.marks[1:]
		h.tells(carrier.Mark{Name: name})
		h.marks = append(h.marks, h.ear.Listen(h.now)...)
	}
}
