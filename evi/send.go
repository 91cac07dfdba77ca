package evi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// maxAudio of one SendAudio, in bytes: 30 s at 16 kHz. EVI wants about 20 ms.
const maxAudio = 1 << 20

// lastWords is how long reading goes on after a write went wrong. What EVI
// said before it hung up is often there already, and tells why.
const lastWords = time.Second

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
		return fmt.Errorf("evi: send audio_input: %d bytes at once: at most %d are wanted", len(pcm), maxAudio)
	}
	return c.write("audio_input", func() error {
		c.out = append(append(c.out[:0], room...), `{"type":"audio_input","data":"`...)
		c.out = base64.StdEncoding.AppendEncode(c.out, pcm)
		c.out = append(c.out, `"}`...)
		err := c.writeFrame(frame(c.out))
		if cap(c.out) > maxPooled {
			c.out = nil
		}
		return err
	})
}

// send sends a message that is rare enough for encoding/json.
func (c *Chat) send(kind string, message any) error {
	b, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("evi: send %s: %w", kind, err)
	}
	c.budget.sent.Add(int64(len(b)))
	return c.write(kind, func() error { return c.writeText(b) })
}

func (c *Chat) writeText(b []byte) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(c.writeTimeout)); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.TextMessage, b)
}

func (c *Chat) writeFrame(b []byte) error {
	conn := c.ws.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(c.writeTimeout)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}

// write lets one message at a time onto the wire, and none after one that went
// wrong.
func (c *Chat) write(kind string, message func() error) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.dead == nil {
		err := message()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, websocket.ErrCloseSent) || c.closing.Load():
			c.dead = ErrClosed
		default:
			c.dead = fmt.Errorf("chat is dead: %w", err)
			c.endReading(c.dead, time.Now().Add(lastWords))
		}
	}
	return fmt.Errorf("evi: send %s: %w", kind, c.dead)
}

// hangUp sends a close frame, after which nothing is sent. It returns [ErrClosed] if that has
// happened already.
func (c *Chat) hangUp(code int) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.dead != nil {
		return c.dead
	}
	c.dead = ErrClosed
	return c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(c.writeTimeout))
}
