package evi

import (
	"encoding/json"
	"fmt"
)

// maxAudio of one SendAudio, in bytes: 30 s at 16 kHz. EVI wants about 20 ms.
const maxAudio = 1 << 20

// SendAudio sends linear16 samples, little-endian, at the rate that was
// declared. EVI recommends 20 ms at a time, without a break, silence included.
// Nothing is sent for an empty pcm; half a sample is an error.
func (c *Chat) SendAudio(pcm []byte) error {
	switch {
	case len(pcm) == 0:
		return nil
	case len(pcm)%2 != 0:
		return fmt.Errorf("evi: send audio_input: %d bytes are not whole 16-bit samples", len(pcm))
	case len(pcm) > maxAudio:
		return fmt.Errorf("evi: send audio_input: %d bytes at once: want at most %d", len(pcm), maxAudio)
	}
	if err := c.conn.SendSound(`{"type":"audio_input","data":"`, pcm); err != nil {
		return fmt.Errorf("evi: send audio_input: %w", err)
	}
	return nil
}

// send sends a message that is rare enough for encoding/json.
func (c *Chat) send(kind string, message any) error {
	b, err := json.Marshal(message)
	if err == nil {
		err = c.conn.Send(b)
	}
	if err != nil {
		return fmt.Errorf("evi: send %s: %w", kind, err)
	}
	return nil
}
