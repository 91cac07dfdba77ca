package wire

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// linger bounds the wait, in Close, for the server to close its side.
const linger = 500 * time.Millisecond

// Close sends a close frame with the code, gives the server half a second to close its side, so
// that the frame is not overtaken by a reset, and closes the connection. A Receive that runs
// meanwhile, and all that is sent later, return Options.Closed. Closing again does nothing. A code
// that no frame may carry (RFC 6455, section 7.4) is an error, and the connection is closed without
// a frame.
func (s *socket) Close(code int) error {
	if !s.closing.CompareAndSwap(false, true) {
		<-s.closed
		return nil
	}
	defer close(s.closed)
	close(s.done)

	s.EndReading(s.errClosed, time.Now())
	s.reading.Lock()
	s.unfollow()
	err := s.sayGoodbye(code)
	s.reading.Unlock()
	s.ws.Close()
	s.pinging.Wait()
	if errors.Is(err, s.errClosed) { // sent already, as the answer to the server's own
		return nil
	}
	return err
}

// sayGoodbye sends the close frame and waits for the server to close. It reads all the while,
// because the server may be unable to take the frame until its own words are gone.
func (s *socket) sayGoodbye(code int) error {
	if !sendable(code) {
		return fmt.Errorf("code %d can't be sent", code)
	}
	conn := s.ws.NetConn()
	_ = conn.SetReadDeadline(time.Now().Add(s.writeTimeout + linger))
	var drained sync.WaitGroup
	drained.Go(func() { _, _ = io.Copy(io.Discard, conn) }) // until the server closes, or the deadline
	err := s.hangUp(code)
	wait := linger
	if err != nil {
		wait = 0
	}
	_ = conn.SetReadDeadline(time.Now().Add(wait))
	drained.Wait()
	return err
}

// Abort gives up a connection that never became a chat.
func (s *socket) Abort() {
	s.unfollow()
	close(s.done)
	s.ws.Close()
	s.pinging.Wait()
}

// sendable tells whether a close frame may carry the code.
func sendable(code int) bool {
	switch code {
	case websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure, websocket.CloseTLSHandshake, 1004:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}
