package realtime

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// maxAppend of one AppendAudio, in bytes, is what OpenAI takes.
const maxAppend = 15 << 20

// lastWords is how long reading goes on after a write went wrong. What the server said
// before it hung up is often there already, and tells why.
const lastWords = time.Second

// AppendAudio sends sound of the user's, in the session's InputFormat, with silence
// included: 20 ms at a time keeps turn detection prompt. It is never acknowledged.
// Nothing is sent for empty audio; half a 16-bit sample is an error.
func (s *Session) AppendAudio(audio []byte) error {
	switch {
	case len(audio) == 0:
		return nil
	case len(audio)%2 != 0 && s.InputFormat().Type == TypePCM:
		return fmt.Errorf("realtime: append: %d bytes are not whole 16-bit samples", len(audio))
	case len(audio) > maxAppend:
		return fmt.Errorf("realtime: append: %d bytes at once: at most %d are wanted", len(audio), maxAppend)
	}
	return s.write("append", func() error {
		s.out = append(append(s.out[:0], room...), `{"type":"input_audio_buffer.append","audio":"`...)
		s.out = base64.StdEncoding.AppendEncode(s.out, audio)
		s.out = append(s.out, `"}`...)
		err := s.writeFrame(frame(s.out))
		if cap(s.out) > maxPooled {
			s.out = nil
		}
		return err
	})
}

// Send sends an event under an id that it makes up and returns: an [*Error] that the
// event causes names it. What every server would refuse is reported without being sent.
func (s *Session) Send(e ClientEvent) (EventID, error) {
	id := EventID("evt_" + strconv.FormatUint(s.lastID.Add(1), 10))
	return id, s.SendAs(id, e)
}

// SendAs sends an event under an id of the caller's, who knows it before the answer
// comes.
func (s *Session) SendAs(id EventID, e ClientEvent) error {
	b, err := EncodeClient(s.dialect, id, e)
	if err != nil {
		return fmt.Errorf("realtime: send %s: %w", e.clientKind(), err)
	}
	s.budget.sent.Add(int64(len(b)))
	return s.write("send "+e.clientKind(), func() error { return s.writeText(b) })
}

func (s *Session) writeText(b []byte) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(s.writeTimeout)); err != nil {
		return err
	}
	return s.ws.WriteMessage(websocket.TextMessage, b)
}

func (s *Session) writeFrame(b []byte) error {
	conn := s.ws.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(s.writeTimeout)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}

// write lets one message at a time onto the wire, and none after one that went wrong.
func (s *Session) write(what string, message func() error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.dead == nil {
		err := message()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, websocket.ErrCloseSent) || s.closing.Load():
			s.dead = ErrClosed
		default:
			s.dead = fmt.Errorf("session is dead: %w", err)
			s.endReading(s.dead, time.Now().Add(lastWords))
		}
	}
	return fmt.Errorf("realtime: %s: %w", what, s.dead)
}

// hangUp sends a close frame, after which nothing is sent. It returns [ErrClosed] if that has
// happened already.
func (s *Session) hangUp(code int) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.dead != nil {
		return s.dead
	}
	s.dead = ErrClosed
	return s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(s.writeTimeout))
}
