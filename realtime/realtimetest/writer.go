package realtimetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeTimeout = 5 * time.Second // for one message
	closeTimeout = time.Second     // for the client to answer a close
	maxWaiting   = 64 << 20        // bytes that wait for a slow client
)

var errLeft = errors.New("realtimetest: the session is over")

// writer sends what is queued, in its order. Nobody waits for a slow client.
type writer struct {
	ws     *websocket.Conn
	left   <-chan struct{} // closed when the client has left
	wake   chan struct{}
	ended  chan struct{} // closed when nothing is written any more
	finish func()

	mu      sync.Mutex
	waiting []frame
	bytes   int
	over    bool // nothing more is taken
	stalled bool
}

type frame struct {
	kind int
	data []byte
}

func newWriter(ws *websocket.Conn, left <-chan struct{}) *writer {
	w := &writer{ws: ws, left: left, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	stop := make(chan struct{})
	w.finish = sync.OnceFunc(func() { close(stop) })
	go w.run(stop)
	return w
}

func (w *writer) send(kind int, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.over:
		return errLeft
	case w.bytes+len(data) > maxWaiting:
		w.over = true
		return fmt.Errorf("realtimetest: send: more than %d bytes wait for the client", maxWaiting)
	}
	w.waiting, w.bytes = append(w.waiting, frame{kind, data}), w.bytes+len(data)
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return nil
}

// take is the next frame, and whether there is one.
func (w *writer) take() (frame, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) == 0 || w.stalled {
		return frame{}, false
	}
	f := w.waiting[0]
	w.waiting, w.bytes = w.waiting[1:], w.bytes-len(f.data)
	return f, true
}

func (w *writer) run(stop <-chan struct{}) {
	defer close(w.ended)
	for {
		f, ok := w.take()
		if !ok {
			select {
			case <-w.wake:
				continue
			case <-stop:
				return
			}
		}
		if f.kind == websocket.CloseMessage {
			_ = w.ws.WriteControl(f.kind, f.data, time.Now().Add(closeTimeout))
			return
		}
		_ = w.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
		if w.ws.WriteMessage(f.kind, f.data) != nil {
			return // the reader learns why
		}
	}
}

// close sends what waits and a close frame, waits for the client, and cuts.
func (w *writer) close(code int, reason string) {
	_ = w.send(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	timeout := time.NewTimer(closeTimeout)
	defer timeout.Stop()
	select {
	case <-w.left:
	case <-timeout.C:
	}
	w.ws.NetConn().Close()
}

func (w *writer) stall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stalled = true
}

// stop ends the goroutine and waits for it.
func (w *writer) stop() {
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	w.ws.NetConn().Close()
	w.finish()
	<-w.ended
}
