package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// Bounds of a caller's patience, and of the desk's.
const (
	keyWait    = 8 * time.Second // for a key, behind the last word of the menu
	menusMax   = 3               // times that the menu is said unasked
	hangUpWait = 10 * time.Second
)

// Dialer opens a desk. It never fails.
type Dialer struct{}

// Dial makes a desk that speaks at once. What its menu offers follows from the tools of the
// session: take_message, transfer_call and stop_calling.
func (Dialer) Dial(_ context.Context, s agent.Session) (agent.Agent, error) {
	d := &desk{id: "desk-" + s.CallSID, wake: make(chan struct{}, 1), closed: make(chan struct{}), menu: menuOf(s.Tools)}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.say(sorry)
	d.offer()
	return d, nil
}

// Check finds nothing wrong: a desk reads neither variables nor prompts, and of tools no more than
// names that it knows.
func (Dialer) Check(agent.Session) error { return nil }

// desk is one call's. All but Receive are called by others than its reader.
type desk struct {
	id     string
	menu   []item
	wake   chan struct{} // something was queued
	closed chan struct{}
	close  sync.Once

	mu      sync.Mutex
	queue   []agent.Event
	serial  int       // of segments and tool calls
	played  time.Time // when all that was said will have been heard, as far as the desk knows
	state   state
	due     time.Time // when the state has lasted long enough; zero for never
	menus   int       // times that the menu was said unasked
	message recording
	ended   bool // when the queue is empty, the conversation is over
}

// state is what the desk waits for.
type state int

const (
	choosing   state = iota // a key of the menu
	prompting               // the caller hears how to leave a message
	recorded                // a message
	delivering              // a tool's answer
)

func (d *desk) Chat() agent.Chat { return agent.Chat{ID: d.id, Voice: "desk"} }

var errOver = errors.New("the desk ended the call")

// Receive returns what the desk says or wants next.
func (d *desk) Receive(ctx context.Context) (agent.Event, error) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		ev, wait, over := d.next(time.Now())
		switch {
		case ev != nil:
			return ev, nil
		case over:
			return nil, &agent.LostError{Op: "receive", Ended: true, Err: errOver}
		}
		timer.Reset(wait)
		select {
		case <-d.wake:
		case <-timer.C:
		case <-d.closed:
			return nil, &agent.LostError{Op: "receive", Ended: true, Err: errOver}
		case <-ctx.Done():
			return nil, &agent.LostError{Op: "receive", Err: context.Cause(ctx)}
		}
	}
}

// next is the next event, or how long there will be none unless somebody does something.
func (d *desk) next(now time.Time) (ev agent.Event, wait time.Duration, over bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 && !d.due.IsZero() && !now.Before(d.due) {
		d.waited(now)
	}
	if len(d.queue) > 0 {
		ev, d.queue = d.queue[0], d.queue[1:]
		return ev, 0, false
	}
	if d.due.IsZero() {
		return nil, time.Hour, d.ended
	}
	return nil, d.due.Sub(now), d.ended
}

// emit queues an event. d.mu is held.
func (d *desk) emit(events ...agent.Event) {
	d.queue = append(d.queue, events...)
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// say speaks clips, one segment each. d.mu is held.
func (d *desk) say(clips ...clip) {
	for _, c := range clips {
		d.sound(c.text, sounds()[c.name])
	}
}

func (d *desk) sound(text string, ulaw []byte) {
	d.serial++
	segment := fmt.Sprintf("%s-%d", d.id, d.serial)
	if text != "" {
		d.emit(agent.AgentSaid{Segment: segment, Text: text})
	}
	d.emit(agent.Audio{Segment: segment, ULaw: append([]byte(nil), ulaw...)}, agent.SegmentEnd{Segment: segment})
	if now := time.Now(); d.played.Before(now) {
		d.played = now
	}
	d.played = d.played.Add(lasts(ulaw))
}

// Close ends the desk.
func (d *desk) Close() error {
	d.close.Do(func() { close(d.closed) })
	return nil
}
