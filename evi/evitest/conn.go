package evitest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	readLimit    = 16 << 20        // bytes of one message
	writeTimeout = 5 * time.Second // for one message
	closeTimeout = time.Second     // for the client to answer a close
	queued       = 4096            // messages that wait for Receive: 80 s of audio
)

// Conn is the server's side of one chat. Its methods may be called from any
// goroutine.
type Conn struct {
	Query   url.Values // of the handshake
	ChatID  string     // made up
	Resumed string     // the chat group that the client wants to go on with

	server  *Server
	ws      *websocket.Conn
	writing chan struct{} // held by whoever writes

	queue chan Message  // closed by the reader
	done  chan struct{} // closed when the reader has ended
	code  atomic.Int64  // with which the client closed

	declared bool // the reader's: audio has been declared
}

// chat runs the handle of one chat, and ends the chat after it.
func (s *Server) chat(ws *websocket.Conn, query url.Values) {
	c := &Conn{
		Query:   query,
		ChatID:  newID(),
		Resumed: query.Get("resumed_chat_group_id"),
		server:  s,
		ws:      ws,
		writing: make(chan struct{}, 1),
		queue:   make(chan Message, queued),
		done:    make(chan struct{}),

		declared: query.Get("session_settings[audio][encoding]") != "",
	}
	defer context.AfterFunc(s.ctx, c.Drop)()
	go c.read()
	s.handle(c)
	c.Close(websocket.CloseNormalClosure)
	<-c.done
}

// Greet sends chat_metadata, which makes the chat ready. An empty chatGroup is
// the one resumed, or else a new one.
func (c *Conn) Greet(chatGroup string) error {
	for _, group := range []string{c.Resumed, newID()} {
		if chatGroup == "" {
			chatGroup = group
		}
	}
	return c.Send(map[string]any{"type": "chat_metadata", "chat_id": c.ChatID,
		"chat_group_id": chatGroup, "request_id": "req-" + c.ChatID})
}

// Send sends v as JSON.
func (c *Conn) Send(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("evitest: send: %w", err)
	}
	return c.SendText(string(b))
}

// SendText sends a text frame, whatever is in it.
func (c *Conn) SendText(text string) error {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	err := c.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err == nil {
		err = c.ws.WriteMessage(websocket.TextMessage, []byte(text))
	}
	if err != nil {
		return fmt.Errorf("evitest: send: %w", err)
	}
	return nil
}

// Close sends a close frame with the code, waits up to a second for the
// client's, and cuts the connection.
func (c *Conn) Close(code int) {
	frame := websocket.FormatCloseMessage(code, "")
	err := c.ws.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeTimeout))
	if err == nil || errors.Is(err, websocket.ErrCloseSent) {
		timeout := time.NewTimer(closeTimeout)
		defer timeout.Stop()
		select {
		case <-c.done:
		case <-timeout.C:
		}
	}
	c.Drop()
}

// Drop cuts the connection without a close frame.
func (c *Conn) Drop() { c.ws.Close() }

// CloseCode is the code with which the client closed the chat: 0 while it has
// not, 1006 if the connection was cut.
func (c *Conn) CloseCode() int { return int(c.code.Load()) }

// Done is closed when the client has left.
func (c *Conn) Done() <-chan struct{} { return c.done }

// newID makes a random UUID, version 4 of RFC 9562.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
