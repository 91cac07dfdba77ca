package chaos

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/media"
)

var errBroken = errors.New("chaos: the network is gone")

// Line is a line as an instance sees it: what happens to it happens between the two ends.
type Line struct {
	*carriertest.Line
	of     *Instance
	opened time.Time
	closed chan struct{}
	close  sync.Once

	mu       sync.Mutex // guards what follows
	pending  []carrier.Event
	late     []lateEvent
	stall    time.Duration // before the next event
	clog     time.Duration // that the next send takes
	swap     int           // pairs of frames yet to be swapped
	kept     *carrier.Media
	twice    int // frames yet to be sent twice
	lost     int // marks yet to be lost
	again    int // marks yet to come back twice
	lag      time.Duration
	lagging  int // marks yet to come late
	halfOpen bool
	mute     bool // every send fails
}

type lateEvent struct {
	ev  carrier.Event
	due time.Time
}

// with changes the line under its lock.
func (l *Line) with(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// Receive implements [carrier.Line].
func (l *Line) Receive(ctx context.Context) (carrier.Event, error) {
	for {
		if ev := l.ready(); ev != nil {
			return ev, nil
		}
		ev, err := l.Line.Receive(ctx)
		l.mu.Lock()
		stall, dead := l.stall, l.halfOpen
		l.stall = 0
		l.mu.Unlock()
		if dead {
			if err := l.silence(ctx, err); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if stall > 0 {
			select {
			case <-time.After(stall):
			case <-ctx.Done():
			case <-l.closed:
			}
		}
		l.mu.Lock()
		l.pass(ev)
		l.mu.Unlock()
	}
}

// silence is a half-open line: nothing comes, and its end is not told.
func (l *Line) silence(ctx context.Context, err error) error {
	if err == nil {
		return nil // what came is lost
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-l.closed:
		return net.ErrClosed
	}
}

// ready is what waits to be received.
func (l *Line) ready() (ev carrier.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.halfOpen:
	case len(l.late) > 0 && !time.Now().Before(l.late[0].due):
		ev, l.late = l.late[0].ev, l.late[1:]
	case len(l.pending) > 0:
		ev, l.pending = l.pending[0], l.pending[1:]
	}
	return ev
}

// pass lets an event through, as far as nothing happens to it. l.mu is held.
func (l *Line) pass(ev carrier.Event) {
	switch ev := ev.(type) {
	case *carrier.Media:
		switch {
		case l.kept != nil:
			l.pending = append(l.pending, ev, l.kept)
			l.kept = nil
		case l.swap > 0:
			l.swap--
			l.kept = ev
		case l.twice > 0:
			l.twice--
			m := carrier.NewMedia()
			m.Timestamp, m.Payload = ev.Timestamp, append(m.Payload, ev.Payload...)
			l.pending = append(l.pending, ev, m)
		default:
			l.pending = append(l.pending, ev)
		}
	case carrier.Mark:
		switch {
		case l.lost > 0:
			l.lost--
		case l.lagging > 0:
			l.lagging--
			l.late = append(l.late, lateEvent{ev, time.Now().Add(l.lag)})
		case l.again > 0:
			l.again--
			l.pending = append(l.pending, ev, ev)
		default:
			l.pending = append(l.pending, ev)
		}
	default:
		l.pending = append(l.pending, ev)
	}
}

// send is every send; swallowed means that it does not arrive, and nobody knows.
func (l *Line) send() (swallowed bool, err error) {
	l.mu.Lock()
	clog := l.clog
	l.clog = 0
	swallowed, mute := l.halfOpen, l.mute
	l.mu.Unlock()
	time.Sleep(clog)
	switch {
	case l.of.isDead():
		return false, errDead
	case mute:
		return false, errBroken
	}
	return swallowed, nil
}

// SendMedia implements [carrier.Line].
func (l *Line) SendMedia(sound []byte) error {
	if swallowed, err := l.send(); swallowed || err != nil {
		return err
	}
	return l.Line.SendMedia(sound)
}

// SendMark implements [carrier.Line].
func (l *Line) SendMark(name string) error {
	if swallowed, err := l.send(); swallowed || err != nil {
		return err
	}
	return l.Line.SendMark(name)
}

// Clear implements [carrier.Line].
func (l *Line) Clear() error {
	if swallowed, err := l.send(); swallowed || err != nil {
		return err
	}
	return l.Line.Clear()
}

// Close implements [carrier.Line].
func (l *Line) Close(why carrier.Closing) error {
	l.close.Do(func() { close(l.closed) })
	return l.Line.Close(why)
}

// sounds is when something was heard.
func (l *Line) sounds() (list []span) {
	heard := l.Heard()
	silent := bytes.Repeat([]byte{media.Silence}, frameBytes)
	for i := 0; i+frameBytes <= len(heard); i += frameBytes {
		if bytes.Equal(heard[i:i+frameBytes], silent) {
			continue
		}
		at := l.opened.Add(time.Duration(i/frameBytes) * frame)
		if n := len(list); n > 0 && list[n-1].to.Equal(at) {
			list[n-1].to = at.Add(frame)
			continue
		}
		list = append(list, span{at, at.Add(frame)})
	}
	return list
}

var _ carrier.Line = (*Line)(nil)
