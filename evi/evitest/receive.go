package evitest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gorilla/websocket"
)

// Message is one message from the client.
type Message struct {
	Type   string
	Audio  []byte         // of audio_input, decoded
	Fields map[string]any // what encoding/json makes of the message; nil for a binary frame
	Raw    []byte
}

// Receive waits for the next message. All messages are delivered, faulty ones
// too, unless they are no JSON objects at all. It returns an error when ctx
// ends or the client has left and nothing is left of what it sent.
func (c *Conn) Receive(ctx context.Context) (Message, error) {
	select {
	case m, ok := <-c.queue:
		if !ok {
			return Message{}, fmt.Errorf("evitest: receive: the client has left with %d", c.CloseCode())
		}
		return m, nil
	case <-ctx.Done():
		return Message{}, fmt.Errorf("evitest: receive: %w", context.Cause(ctx))
	}
}

// read queues what the client sends, so that pings are answered and a close is
// seen even while handle has no time to receive.
func (c *Conn) read() {
	defer close(c.done)
	defer close(c.queue)
	c.ws.SetReadLimit(readLimit)
	for {
		kind, raw, err := c.ws.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			c.code.Store(int64(code))
			return
		}
		m := Message{Type: "audio_input", Audio: raw, Raw: raw}
		if kind == websocket.TextMessage {
			m = Message{Raw: raw}
			if err := json.Unmarshal(raw, &m.Fields); err != nil || m.Fields == nil {
				c.server.report.Fault("E0100: not a JSON object")
				continue
			}
			m.Type, _ = m.Fields["type"].(string)
			if data, ok := m.Fields["data"].(string); ok && m.Type == "audio_input" {
				if m.Audio, err = base64.StdEncoding.DecodeString(data); err != nil {
					c.server.report.Fault("E0201: audio_input: %v", err)
				}
			}
		}
		c.check(m)
		c.enqueue(m)
	}
}

// enqueue drops the oldest message when nobody receives for too long.
func (c *Conn) enqueue(m Message) {
	for {
		select {
		case c.queue <- m:
			return
		default:
		}
		select {
		case <-c.queue:
			c.server.report.Fault("evitest: more than %d messages waiting for Receive: dropping the oldest", queued)
		default:
		}
	}
}
