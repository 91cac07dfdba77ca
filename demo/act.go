package demo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// listen waits until the caller has said something, and tells the bridge what it was.
func (a *agent) listen() {
	a.try("listens", func(ctx context.Context) error {
		begun := func(e *ear) bool { return e.talk > 0 || len(e.utterances) > a.turn }
		if err := a.ears.await(ctx, begun); err != nil {
			return err
		}
		a.conn.callerSpeaks()
		return a.understand(ctx)
	})
}

// understand waits for the end of what the caller says, and tells the bridge the words.
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
			return a.conn.transcribe(l.text)
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
	a.try("ends its turn", func(context.Context) error { return a.conn.endTurn() })
}

// speak says a sentence of a reply that goes on.
func (a *agent) speak(l *line) {
	a.try("speaks", func(ctx context.Context) error { return a.utter(ctx, l, quick) })
}

// utter says a sentence, faster than it can be played.
func (a *agent) utter(ctx context.Context, l *line, pace float64) error {
	if err := a.conn.ready(ctx); err != nil {
		return err
	}
	a.mu.Lock()
	segment := fmt.Sprintf("segment-%d", len(a.facts.replies)+1)
	a.facts.replies = append(a.facts.replies, reply{l, time.Now()})
	a.mu.Unlock()
	return a.conn.speak(ctx, segment, l, pace)
}

// useTool asks the bridge to call a tool.
func (a *agent) useTool(name, arguments string) {
	a.try("uses a tool", func(ctx context.Context) error {
		if err := a.conn.ready(ctx); err != nil {
			return err
		}
		a.note(func(f *agentFacts) { f.asked = time.Now() })
		return a.conn.callTool(ctx, name, arguments)
	})
}

// awaitTool waits for the tool's answer.
func (a *agent) awaitTool() {
	a.try("waits for the tool", func(ctx context.Context) error {
		a.conn.untilAsked()
		select {
		case failed := <-a.answers:
			if failed {
				return errors.New("the answer is an error")
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
