package carriertest

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/media"
)

const (
	frameTime  = 20 * time.Millisecond
	frameBytes = media.Rate / 1000 * 20
)

// Line is a [carrier.Line] in memory, with both its ends: the carrier's methods are those of the interface, the
// others are the caller's. The caller hears 20 ms of what was sent every 20 ms, and speaks as much, silence where there
// is nothing to say. Both ends may be used by many goroutines at once.
type Line struct {
	began time.Time
	over  chan struct{} // closed when either end has ended the line
	ended sync.Once

	mu     sync.Mutex // guards what follows
	events []carrier.Event
	more   chan struct{} // has room for one: there is an event
	cause  error         // what Receive returns when no event is left
	deaf   bool          // a context's end has ended reading
	why    carrier.Closing
	queue  []item // sent, and not yet played
	heard  []byte
	speech []byte // to be spoken
	sent   int    // frames
}

// item is sound, or a mark if it has a name.
type item struct {
	sound []byte
	mark  string
}

// NewLine opens a line, which begins with start. It must be ended by either end.
func NewLine(start carrier.Start) *Line {
	l := &Line{began: time.Now(), over: make(chan struct{}), more: make(chan struct{}, 1)}
	l.put(start)
	go l.run()
	return l
}

// run is the line's clock.
func (l *Line) run() {
	for n := 1; ; n++ {
		late := time.NewTimer(time.Until(l.began.Add(time.Duration(n) * frameTime))) // absolute: one late frame delays no other
		select {
		case <-late.C:
			l.tick()
		case <-l.over:
			late.Stop()
			return
		}
	}
}

// tick is 20 ms of the line.
func (l *Line) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := frameBytes
	for len(l.queue) > 0 {
		first := &l.queue[0]
		if first.mark != "" {
			l.put(carrier.Mark{Name: first.mark})
			l.queue = l.queue[1:]
			continue
		}
		n := min(left, len(first.sound))
		l.heard = append(l.heard, first.sound[:n]...)
		left -= n
		if first.sound = first.sound[n:]; len(first.sound) > 0 {
			break
		}
		l.queue = l.queue[1:]
	}
	l.heard = append(l.heard, slices.Repeat([]byte{media.Silence}, left)...)
	m := carrier.NewMedia()
	m.Timestamp = int64(l.sent) * frameTime.Milliseconds()
	n := min(frameBytes, len(l.speech))
	m.Payload = append(append(m.Payload[:0], l.speech[:n]...), slices.Repeat([]byte{media.Silence}, frameBytes-n)...)
	l.speech = l.speech[n:]
	l.sent++
	l.put(m)
}

// put has Receive return an event. l.mu is held, or l not yet shared.
func (l *Line) put(ev carrier.Event) {
	l.events = append(l.events, ev)
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// end ends the line: what came before cause is received first.
func (l *Line) end(cause error, last ...carrier.Event) {
	l.ended.Do(func() {
		l.mu.Lock()
		l.cause = cause
		for _, ev := range last {
			l.put(ev)
		}
		l.mu.Unlock()
		close(l.over)
	})
}

// Format is that of the telephone network.
func (l *Line) Format() carrier.Format { return carrier.Telephony }

// Receive returns what comes next; see [carrier.Line].
func (l *Line) Receive(ctx context.Context) (carrier.Event, error) {
	for {
		l.mu.Lock()
		cause := l.cause
		switch {
		case errors.Is(cause, net.ErrClosed) || l.deaf: // by us: what is left is not for us
			l.mu.Unlock()
			return nil, cause
		case ctx.Err() != nil:
			cause = context.Cause(ctx)
			l.deaf = true
			l.mu.Unlock()
			l.end(cause)
			return nil, cause
		case len(l.events) > 0:
			ev := l.events[0]
			l.events = l.events[1:]
			l.mu.Unlock()
			return ev, nil
		}
		l.mu.Unlock()
		if cause != nil {
			return nil, cause
		}
		select {
		case <-l.more:
		case <-l.over:
		case <-ctx.Done():
		}
	}
}

// SendMedia has the caller hear sound after what was sent before.
func (l *Line) SendMedia(sound []byte) error { return l.send(item{sound: slices.Clone(sound)}) }

// SendMark returns as a [carrier.Mark] when all before it was played.
func (l *Line) SendMark(name string) error { return l.send(item{mark: name}) }

func (l *Line) send(it item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return l.cause
	}
	if len(l.queue) == 0 && it.mark != "" {
		l.put(carrier.Mark{Name: it.mark})
		return nil
	}
	if it.mark != "" || len(it.sound) > 0 {
		l.queue = append(l.queue, it)
	}
	return nil
}

// Clear drops what was not played; its marks come back.
func (l *Line) Clear() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range l.queue {
		if it.mark != "" {
			l.put(carrier.Mark{Name: it.mark})
		}
	}
	l.queue = nil
	return l.cause
}

// Close ends the line from the call's end.
func (l *Line) Close(why carrier.Closing) error {
	l.mu.Lock()
	if l.cause == nil {
		l.why = why
	}
	l.mu.Unlock()
	l.end(net.ErrClosed)
	return nil
}

var _ carrier.Line = (*Line)(nil)
