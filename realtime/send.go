package realtime

import (
	"fmt"
	"strconv"
)

// maxAppend of one AppendAudio, in bytes, is what OpenAI takes.
const maxAppend = 15 << 20

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
		return fmt.Errorf("realtime: append: %d bytes at once: want at most %d", len(audio), maxAppend)
	}
	if err := s.conn.SendSound(`{"type":"input_audio_buffer.append","audio":"`, audio); err != nil {
		return fmt.Errorf("realtime: append: %w", err)
	}
	return nil
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
	if err == nil {
		err = s.conn.Send(b)
	}
	if err != nil {
		return fmt.Errorf("realtime: send %s: %w", e.clientKind(), err)
	}
	return nil
}
