package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
)

// listen waits until the caller has said something, and tells the bridge what it was.
func (a *agent) listen() { a.try("listens", a.understand) }

// understand is listen, as a part of something else.
func (a *agent) understand(ctx context.Context) error {
	var said []int16
	err := a.ears.await(ctx, func(e *ear) bool {
		if len(e.utterances) <= a.turn {
			return false
		}
		u := e.utterances[a.turn]
		said = e.pcm[max(0, u.begins-keyTime):u.ends]
		return true
	})
	if err != nil {
		return err
	}
	a.turn++
	for _, l := range a.caller {
		if l.find(said, 0) >= 0 {
			a.note(func(f *agentFacts) { f.understood, f.told = append(f.understood, l), time.Now() })
			return a.conn.Transcribe(l.text, false, nil)
		}
	}
	return fmt.Errorf("the caller's words number %d are none that it knows", a.turn)
}

// hearLine waits until the line is open: the bridge holds it back while the opening plays.
func (a *agent) hearLine() {
	a.try("waits for the line", func(ctx context.Context) error {
		return a.ears.await(ctx, func(e *ear) bool { return len(e.pcm) > 0 })
	})
}

// say speaks a reply.
func (a *agent) say(l *line) {
	a.speak(l)
	a.try("ends its turn", func(context.Context) error { return a.conn.AssistantEnd() })
}

// speak says a sentence of a reply that goes on.
func (a *agent) speak(l *line) {
	a.try("speaks", func(ctx context.Context) error { return a.utter(ctx, l, quick) })
}

// utter sends a sentence as EVI does: the text, and then WAV files of 100 ms, faster
// than they can be played.
func (a *agent) utter(ctx context.Context, l *line, pace float64) error {
	a.mu.Lock()
	id := fmt.Sprintf("segment-%d", len(a.facts.replies)+1)
	a.facts.replies = append(a.facts.replies, reply{l, time.Now()})
	a.mu.Unlock()
	return a.conn.Say(ctx, evitest.Speech{ID: id, Text: l.text, PCM: l.wide, Rate: wideRate, Pace: pace})
}

// ramble speaks until the caller has spoken over it for a while. Then it begins no further
// sentence, says that it was interrupted, and lets the sound already under way still come.
func (a *agent) ramble(sentences ...*line) {
	a.try("speaks and is not interrupted", func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		noticed, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- a.recite(ctx, sentences, noticed) }()
		err := a.ears.await(ctx, func(e *ear) bool { return e.talk >= bargeIn })
		close(noticed)
		if err == nil {
			a.note(func(f *agentFacts) { f.interrupted = time.Now() })
			err = a.conn.Interrupt()
			late := time.NewTimer(inFlight)
			defer late.Stop()
			select {
			case <-late.C:
			case <-ctx.Done():
			}
		}
		stop()
		if spoke := <-ended; !errors.Is(spoke, context.Canceled) {
			err = errors.Join(err, spoke)
		}
		return err
	})
}

// insist speaks on whatever the caller says: it only tells the bridge their words, as an
// agent would that does not care for them. It ends when the bridge has left.
func (a *agent) insist(sentences ...*line) {
	a.try("insists", func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = a.recite(ctx, sentences, nil) // the bridge leaves while it speaks, as it should
		}()
		err := a.understand(ctx)
		if err == nil {
			select {
			case <-a.conn.Done():
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		stop()
		<-ended
		return err
	})
}

// recite speaks sentence after sentence, until it is told to begin no more.
func (a *agent) recite(ctx context.Context, sentences []*line, enough <-chan struct{}) error {
	for _, l := range sentences {
		select {
		case <-enough:
			return nil
		default:
		}
		if err := a.utter(ctx, l, unhurried); err != nil {
			return err
		}
	}
	return nil
}

// useTool asks the bridge to call a tool.
func (a *agent) useTool(name, arguments string) {
	a.try("uses a tool", func(context.Context) error {
		a.note(func(f *agentFacts) { f.asked = time.Now() })
		return a.conn.CallTool("call-1", name, arguments, true)
	})
}

// awaitTool waits for the tool's answer.
func (a *agent) awaitTool() {
	a.try("waits for the tool", func(ctx context.Context) error {
		select {
		case m := <-a.answers:
			if m.Type != "tool_response" {
				return fmt.Errorf("the answer is a %s", m.Type)
			}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

// beHeard waits until what the agent said last has been heard, as far as it can know.
func (a *agent) beHeard() {
	a.try("waits to be heard", func(ctx context.Context) error {
		said := a.known().replies
		last := said[len(said)-1]
		return sleep(ctx, time.Until(last.at.Add(last.line.length())))
	})
}

// pause lets time pass.
func (a *agent) pause(d time.Duration) {
	a.try("pauses", func(ctx context.Context) error { return sleep(ctx, d) })
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
