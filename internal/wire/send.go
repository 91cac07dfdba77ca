package wire

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// lastWords is how long reading goes on after a write went wrong. What the server said before it
// hung up is often there already, and tells why.
const lastWords = time.Second

// Send sends a message. What the server repeats of it may be as much longer, see [Budget].
func (s *socket) Send(message []byte) error {
	s.budget.sent.Add(int64(len(message)))
	return s.write(func() error {
		if err := s.ws.SetWriteDeadline(time.Now().Add(s.writeTimeout)); err != nil {
			return err
		}
		return s.ws.WriteMessage(websocket.TextMessage, message)
	})
}

// SendSound sends a message that consists of head, sound in base64, and `"}`. It allocates nothing.
func (s *socket) SendSound(head string, sound []byte) error {
	return s.write(func() error {
		s.out = append(append(s.out[:0], room...), head...)
		s.out = base64.StdEncoding.AppendEncode(s.out, sound)
		s.out = append(s.out, `"}`...)
		err := s.writeFrame(frame(s.out))
		if cap(s.out) > maxPooled {
			s.out = nil
		}
		return err
	})
}

func (s *socket) writeFrame(b []byte) error {
	conn := s.ws.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(s.writeTimeout)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}

// write lets one message at a time onto the wire, and none after one that went wrong.
func (s *socket) write(message func() error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.dead != nil {
		return s.dead
	}
	err := message()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, websocket.ErrCloseSent) || s.closing.Load():
		s.dead = s.errClosed
	default:
		s.dead = fmt.Errorf("the connection is dead: %w", err)
		s.EndReading(s.dead, time.Now().Add(lastWords))
	}
	return s.dead
}

// hangUp sends a close frame, after which nothing is sent. It returns Options.Closed if that has
// happened already.
func (s *socket) hangUp(code int) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.dead != nil {
		return s.dead
	}
	s.dead = s.errClosed
	return s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""),
		time.Now().Add(s.writeTimeout))
}
