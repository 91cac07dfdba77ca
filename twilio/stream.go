package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Bounds on a socket. Twilio documents neither pings nor a largest message; these are
// ours. Two lost pings in a row mean that the line is dead.
const (
	// maxMessage bounds a message from Twilio, in bytes. A media message has about 400;
	// a start message grows with the TwiML's parameters, each below 500 characters, at
	// most a hundred of them. The rest is room for what may come.
	maxMessage = 1 << 20

	pingEvery  = 15 * time.Second
	maxSilence = 35 * time.Second // without anything from Twilio, pongs included
	writeWait  = 2 * time.Second  // for one write to leave; after it the socket is dead
)

// ErrNotStarted is what sending returns before [Stream.Receive] has returned the start
// message: every message to Twilio carries the stream's SID.
var ErrNotStarted = errors.New("twilio: send: the stream has not started")

// Stream is one Media Streams socket. One goroutine calls Receive, one (the same or
// another) sends; Close may be called from anywhere, beside both. It must be called,
// also after an error.
type Stream struct {
	conn   *websocket.Conn
	frames frames // what conn reads from

	// What Receive alone touches.
	in     []byte          // the message being read
	ctx    context.Context // of the newest Receive
	failed error           // why no more can be read

	// What senders alone touch.
	out []byte // the message being written

	sid atomic.Pointer[[]byte] // the stream's SID as a JSON string; nil before start

	mu     sync.Mutex // guards what follows
	pinger *time.Timer
	unhook func() bool // takes back the hook on ctx; nil if there is none
	closed bool
}

// upgrader takes over the two 4 KiB buffers of the HTTP connection rather than making
// its own. It negotiates no subprotocol and no compression, as Twilio asks for neither,
// and lets a request without Origin pass: Twilio sends none.
//
// A message of 100 ms goes out in 1,200 bytes, and the frequent ones that come are not read by
// the library ([frames]); larger buffers would be most of what a call's memory is spent on.
var upgrader = websocket.Upgrader{HandshakeTimeout: writeWait, ReadBufferSize: 256, WriteBufferSize: 1536}

// Accept makes a stream of a request for a WebSocket. On an error it has answered the
// request already. Check the signature first, with [Validator.Socket].
//
// The stream outlives the request: neither the end of its context nor the shutdown of
// the HTTP server touches it.
func Accept(w http.ResponseWriter, r *http.Request) (*Stream, error) {
	s := &Stream{ctx: context.Background()}
	conn, err := upgrader.Upgrade(upgrading{w, &s.frames}, r, nil)
	if err != nil {
		return nil, fmt.Errorf("twilio: accept: %w", err)
	}
	conn.SetReadLimit(maxMessage)
	s.conn = conn
	conn.SetPongHandler(func(string) error { return s.renew() })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pinger = time.AfterFunc(pingEvery, s.ping)
	return s, nil
}

// ping asks Twilio for a sign of life and sets the timer for the next.
func (s *Stream) ping() {
	err := s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && !s.closed {
		s.pinger.Reset(pingEvery)
	}
}

// Close codes (RFC 6455, section 7.4.1).
const (
	CloseNormal = websocket.CloseNormalClosure   // the call is over, or goes on without a stream
	ClosePolicy = websocket.ClosePolicyViolation // whoever opened the socket may not
)

// Close sends a close frame with the code (RFC 6455, section 7.4) and the reason, cut
// to 123 bytes, and closes the socket. It takes at most 2 s, if a sender is stuck on a
// dead line. Receive and senders that are under way return errors. A second Close does
// nothing and returns nil.
func (s *Stream) Close(code int, reason string) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.pinger.Stop()
	if s.unhook != nil {
		s.unhook()
	}
	s.mu.Unlock()

	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	// The frame is a courtesy: the peer may be gone, or have said goodbye itself.
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(writeWait))
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("twilio: close: %w", err)
	}
	return nil
}

// maxReason is what a close frame holds, 125 bytes, without the code's two.
const maxReason = 123
