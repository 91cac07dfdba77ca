package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
)

const (
	frame      = 20 * time.Millisecond
	frameBytes = 160
	chunk      = 10 // frames of an agent.Audio
)

// Agent is a voice that says numbered sound: see [stamped].
type Agent struct {
	talk  *Talk
	of    *Instance
	chat  agent.Chat
	began time.Time
	gone  chan struct{} // closed when the conversation is over, by either end
	more  chan struct{} // has room for one: the queue has changed

	mu       sync.Mutex // guards what follows
	why      error      // what Receive returns once gone
	queue    []queued
	segments int
	open     string        // the newest segment, while its sound is in the queue
	delay    time.Duration // of every event from now on
	twice    int           // events yet to be sent twice
	swap     int           // pairs of events yet to be swapped
	dumb     bool          // half-open: it neither takes nor says anything more
	deaf     bool          // every send fails
	lags     time.Duration // that Close takes
	heard    []byte
	ended    time.Time
}

// queued is an event on its way. Audio is stamped when it arrives.
type queued struct {
	ev     agent.Event
	frames int
	due    time.Time
}

func newAgent(t *Talk, of *Instance, n int, s agent.Session, voice string) *Agent {
	group := s.Resume
	if group == "" {
		group = fmt.Sprintf("group-%d-%d", t.plan.N, n)
	}
	return &Agent{talk: t, of: of, began: time.Now(), gone: make(chan struct{}), more: make(chan struct{}, 1),
		chat: agent.Chat{ID: fmt.Sprintf("chat-%d-%d", t.plan.N, n), Group: group, Voice: voice, Resumed: s.Resume != ""}}
}

// emit has the agent do something.
func (a *Agent) emit(frames int, events ...agent.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dumb {
		return
	}
	for _, ev := range events {
		a.put(queued{ev, frames, time.Now().Add(a.delay)})
		if a.twice > 0 {
			a.twice--
			a.put(queued{ev, frames, time.Now().Add(a.delay)})
		}
		if n := len(a.queue); a.swap > 0 && n > 1 {
			a.swap--
			a.queue[n-1], a.queue[n-2] = a.queue[n-2], a.queue[n-1]
		}
	}
	select {
	case a.more <- struct{}{}:
	default:
	}
}

func (a *Agent) put(q queued) { a.queue = append(a.queue, q) }

// Reply says a sentence that lasts so many frames.
func (a *Agent) Reply(frames int, asked bool) {
	a.mu.Lock()
	a.segments++
	name := fmt.Sprintf("%s-s%d", a.chat.ID, a.segments)
	a.open = name
	a.mu.Unlock()
	a.emit(0, agent.AgentSaid{Segment: name, Text: "So many words.", Asked: asked})
	for ; frames > 0; frames -= chunk {
		a.emit(min(chunk, frames), agent.Audio{Segment: name})
	}
	a.emit(0, agent.SegmentEnd{Segment: name}, agent.TurnEnd{})
}

// Leave ends the conversation from the agent's side.
func (a *Agent) Leave(why error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.why == nil {
		a.why, a.ended = why, time.Now()
		close(a.gone)
	}
}

// Chat implements [agent.Agent].
func (a *Agent) Chat() agent.Chat { return a.chat }

// Receive implements [agent.Agent].
func (a *Agent) Receive(ctx context.Context) (agent.Event, error) {
	for {
		a.mu.Lock()
		wait := time.Hour
		if a.why == nil && len(a.queue) > 0 {
			if wait = time.Until(a.queue[0].due); wait <= 0 {
				q := a.queue[0]
				a.queue = a.queue[1:]
				a.mu.Unlock()
				return a.arrive(q), nil
			}
		}
		a.mu.Unlock()
		late := time.NewTimer(wait)
		select {
		case <-late.C:
		case <-a.more:
		case <-a.gone:
			late.Stop()
			return nil, a.why
		case <-a.of.dead:
			late.Stop()
			return nil, &agent.LostError{Op: "receive", Err: errDead}
		case <-ctx.Done():
			late.Stop()
			return nil, &agent.LostError{Op: "receive", Err: context.Cause(ctx)}
		}
		late.Stop()
	}
}

// arrive stamps sound.
func (a *Agent) arrive(q queued) agent.Event {
	if audio, ok := q.ev.(agent.Audio); ok && q.frames > 0 {
		audio.ULaw = a.talk.down.next(q.frames)
		return audio
	}
	return q.ev
}

var errDeaf = errors.New("chaos: the agent takes nothing more")

// take is every send to the agent.
func (a *Agent) take(f func()) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.of.isDead():
		return errDead
	case a.why != nil || a.deaf:
		return errDeaf
	case !a.dumb:
		f()
	}
	return nil
}

// SendAudio implements [agent.Agent].
func (a *Agent) SendAudio(ulaw []byte) error {
	return a.take(func() { a.heard = append(a.heard, ulaw...) })
}

// Say implements [agent.Agent].
func (a *Agent) Say(string) error {
	err := a.take(func() {})
	if err == nil {
		a.Reply(25, true)
		a.emit(0, agent.Spoken{Exact: true})
	}
	return err
}

// SendTurn implements [agent.Agent].
func (a *Agent) SendTurn(string) error { return a.answer(true) }

// SendContext implements [agent.Agent].
func (a *Agent) SendContext(string) error { return a.answer(false) }

// Remember implements [agent.Agent].
func (a *Agent) Remember(agent.Memory) error { return a.answer(false) }

// AnswerTool implements [agent.Agent].
func (a *Agent) AnswerTool(t agent.ToolAnswer) error { return a.answer(!t.Silent) }

// answer takes a text, and may say something to it.
func (a *Agent) answer(aloud bool) error {
	err := a.take(func() {})
	if err == nil && aloud {
		a.Reply(20, false)
	}
	return err
}

// Interrupt implements [agent.Agent]: what it has not sent yet it does not send.
func (a *Agent) Interrupt([]agent.Heard) error {
	return a.take(func() {
		var rest []queued
		for _, q := range a.queue {
			if _, sound := q.ev.(agent.Audio); !sound {
				rest = append(rest, q)
			}
		}
		a.queue = rest
	})
}

// Close implements [agent.Agent].
func (a *Agent) Close() error {
	a.mu.Lock()
	lags := a.lags
	a.mu.Unlock()
	time.Sleep(lags)
	a.Leave(&agent.LostError{Op: "receive", Err: errors.New("closed by the call")})
	return nil
}

// span is from when to when the agent was there.
func (a *Agent) span() span {
	a.mu.Lock()
	defer a.mu.Unlock()
	end := a.ended
	if end.IsZero() {
		end = time.Now()
	}
	return span{a.began, end}
}

// listened is all that the agent heard.
func (a *Agent) listened() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return bytes.Clone(a.heard)
}
