package twilio

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// SendMedia appends sound, headerless µ-law at 8 kHz, to the buffer from which Twilio
// plays to the caller. Any length may be sent, and faster than it plays. An empty one
// is not sent at all: Twilio ends a stream for that (error 31924).
//
// Like SendMark and Clear it writes to the socket itself, for at most 2 s, and must not
// be called beside another of them. After an error other than [ErrNotStarted] nothing
// more can be sent.
func (s *Stream) SendMedia(ulaw []byte) error {
	if len(ulaw) == 0 {
		return nil
	}
	if err := s.begin("media"); err != nil {
		return err
	}
	s.out = append(s.out, `,"media":{"payload":"`...)
	s.out = base64.StdEncoding.AppendEncode(s.out, ulaw)
	s.out = append(s.out, `"}}`...)
	return s.write("media")
}

// SendMark puts a mark behind the sound sent so far. Twilio returns it as a [Mark] when
// it gets there, at once if nothing is left to play, or when a clear flushes it. The
// name must not be empty and should be unique in the stream.
func (s *Stream) SendMark(name string) error {
	if name == "" {
		return errors.New("twilio: send mark: the name is empty")
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		return fmt.Errorf("twilio: send mark: %w", err)
	}
	if err := s.begin("mark"); err != nil {
		return err
	}
	s.out = append(s.out, `,"mark":{"name":`...)
	s.out = append(s.out, quoted...)
	s.out = append(s.out, `}}`...)
	return s.write("mark")
}

// Clear drops all sound that Twilio has not yet played. The marks in it come back.
func (s *Stream) Clear() error {
	if err := s.begin("clear"); err != nil {
		return err
	}
	s.out = append(s.out, '}')
	return s.write("clear")
}

// begin starts a message with what all have in common.
func (s *Stream) begin(event string) error {
	sid := s.sid.Load()
	if sid == nil {
		return ErrNotStarted
	}
	s.out = append(s.out[:0], `{"event":"`...)
	s.out = append(s.out, event...)
	s.out = append(s.out, `","streamSid":`...)
	s.out = append(s.out, *sid...)
	return nil
}

// write sends the message in one frame.
func (s *Stream) write(event string) error {
	s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	if err := s.conn.WriteMessage(websocket.TextMessage, s.out); err != nil {
		return fmt.Errorf("twilio: send %s: %w", event, err)
	}
	return nil
}
