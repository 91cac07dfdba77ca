package realtimetest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

const (
	readLimit = 32 << 20 // bytes of one message: 15 MiB of audio are allowed
	queued    = 4096     // messages that wait for Receive
)

// Message is one event of the client's, other than audio.
type Message struct {
	At     time.Duration // since the session began
	Type   string
	ID     string // its event_id
	Fields object // what encoding/json makes of it; nil for what is no object
	Raw    []byte
}

// Receive waits for the next event that is no audio. All are delivered, faulty ones too,
// after the server has done what they ask for. It returns an error when ctx ends or the
// client has left and nothing is left of what it sent.
func (c *Conn) Receive(ctx context.Context) (Message, error) {
	select {
	case m, ok := <-c.queue:
		if !ok {
			return Message{}, fmt.Errorf("realtimetest: receive: the client has left with %d", c.CloseCode())
		}
		return m, nil
	case <-ctx.Done():
		return Message{}, fmt.Errorf("realtimetest: receive: %w", context.Cause(ctx))
	}
}

// AwaitAudio waits until n bytes of audio were appended in all.
func (c *Conn) AwaitAudio(ctx context.Context, n int) error {
	_, err := c.await(ctx, n)
	return err
}

// Hear waits for audio behind the first n bytes of all that was appended, and returns it.
func (c *Conn) Hear(ctx context.Context, n int) ([]byte, error) {
	heard, err := c.await(ctx, n+1)
	if err != nil {
		return nil, err
	}
	return slices.Clone(heard[n:]), nil
}

// await returns all audio, as soon as it is n bytes.
func (c *Conn) await(ctx context.Context, n int) ([]byte, error) {
	for {
		c.mu.Lock()
		more, heard := c.hearing, c.heard
		c.mu.Unlock()
		if len(heard) >= n {
			return heard, nil
		}
		select {
		case <-more:
		case <-c.done:
			return nil, fmt.Errorf("realtimetest: audio: the client has left with %d", c.CloseCode())
		case <-ctx.Done():
			return nil, fmt.Errorf("realtimetest: audio: %w", context.Cause(ctx))
		}
	}
}

// read takes what the client sends, so that pings are answered and a close is seen even
// while nobody receives.
func (c *Conn) read() {
	defer close(c.done)
	defer close(c.queue)
	c.ws.SetReadLimit(readLimit)
	pong := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error {
		c.freeze()
		return pong(data)
	})
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
		c.freeze()
		c.take(kind, raw)
	}
}

// freeze waits, after Stall, for the end of the server.
func (c *Conn) freeze() {
	if isClosed(c.stall) {
		<-c.server.context.Done()
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// take checks a message, does what it asks for, and queues it.
func (c *Conn) take(kind int, raw []byte) {
	c.mu.Lock()
	m := Message{At: time.Since(c.began), Raw: raw}
	var audio []byte
	if kind == websocket.TextMessage {
		_ = json.Unmarshal(raw, &m.Fields)
		m.Type, _ = m.Fields["type"].(string)
		m.ID, _ = m.Fields["event_id"].(string)
	}
	switch {
	case kind != websocket.TextMessage:
		c.refuse(nil, problem{"invalid_event", "", "a binary frame"})
	case m.Fields == nil:
		c.refuse(nil, problem{"invalid_json", "", "not a JSON object"})
	default:
		if m.Type == "input_audio_buffer.append" {
			text, _ := m.Fields["audio"].(string)
			audio, _ = base64.StdEncoding.DecodeString(text)
		}
		c.handle(m, audio)
	}
	isAudio := m.Type == "input_audio_buffer.append"
	if !isAudio {
		c.journal = append(c.journal, m)
	}
	c.mu.Unlock()
	if !isAudio {
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
		default:
		}
	}
}
