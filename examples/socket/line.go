package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/carrier"
)

const bytesPerMS = 8 // µ-law at 8 kHz

// line is a telephone whose wire is a WebSocket: binary messages are µ-law at 8 kHz, both ways; a text message from the
// caller is a key, and "clear" to the caller drops what was not played. Such a caller proves nothing: a mark comes back
// when the sound before it has played by our clock.
type line struct {
	ws     *websocket.Conn
	events chan carrier.Event
	over   chan struct{}
	end    sync.Once
	why    error // after over

	mu    sync.Mutex // guards what follows, and writing
	dry   time.Time  // when all that was sent has played
	marks []waitingMark
}

type waitingMark struct {
	name  string
	timer *time.Timer
}

func newLine(ws *websocket.Conn, start carrier.Start) *line {
	l := &line{ws: ws, events: make(chan carrier.Event, 64), over: make(chan struct{})}
	l.events <- start
	go l.read()
	return l
}

func (l *line) read() {
	for timestamp := int64(0); ; {
		kind, b, err := l.ws.ReadMessage()
		switch {
		case websocket.IsCloseError(err, websocket.CloseNormalClosure):
			l.put(carrier.Stop{})
			l.ends(io.EOF)
			return
		case err != nil:
			l.ends(err)
			return
		case kind == websocket.TextMessage:
			l.put(carrier.Key{Digit: string(b)})
		case len(b) > 0:
			m := carrier.NewMedia()
			m.Timestamp, m.Payload = timestamp, append(m.Payload[:0], b...)
			timestamp += int64(len(b) / bytesPerMS)
			l.put(m)
		}
	}
}

func (l *line) put(ev carrier.Event) {
	select {
	case l.events <- ev:
	case <-l.over:
	}
}

func (l *line) ends(why error) {
	l.end.Do(func() {
		l.why = why
		close(l.over)
	})
}

func (l *line) Format() carrier.Format { return carrier.Telephony }

func (l *line) Receive(ctx context.Context) (carrier.Event, error) {
	if l.closed() && errors.Is(l.why, net.ErrClosed) {
		return nil, l.why
	}
	select { // what came before the end is read first
	case ev := <-l.events:
		return ev, nil
	default:
	}
	select {
	case ev := <-l.events:
		return ev, nil
	case <-l.over:
		return nil, l.why
	case <-ctx.Done():
		l.ends(context.Cause(ctx))
		return nil, l.why
	}
}

func (l *line) closed() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

func (l *line) SendMedia(ulaw []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.dry.Before(now) {
		l.dry = now
	}
	l.dry = l.dry.Add(time.Duration(len(ulaw)) * time.Millisecond / bytesPerMS)
	return l.write(websocket.BinaryMessage, ulaw)
}

func (l *line) SendMark(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed() {
		return l.why
	}
	played := time.AfterFunc(time.Until(l.dry), func() { l.put(carrier.Mark{Name: name}) })
	l.marks = append(l.marks, waitingMark{name, played})
	return nil
}

func (l *line) Clear() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.marks {
		if m.timer.Stop() {
			go l.put(carrier.Mark{Name: m.name})
		}
	}
	l.marks, l.dry = nil, time.Now()
	return l.write(websocket.TextMessage, []byte("clear"))
}

func (l *line) Close(carrier.Closing) error {
	l.ends(net.ErrClosed)
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.write(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	return l.ws.Close()
}

func (l *line) write(kind int, b []byte) error {
	_ = l.ws.SetWriteDeadline(time.Now().Add(2 * time.Second))
	return l.ws.WriteMessage(kind, b)
}
