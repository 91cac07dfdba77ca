package demo

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"
)

// wireLog notes when the telephone sent its messages, by watching what it writes to its
// sockets. The telephone itself knows only when it should have: its clock may be a
// millisecond late, which is more than the bridge takes.
type wireLog struct {
	mu   sync.Mutex
	sent sent
}

// sent is when the telephone sent something.
type sent struct {
	frames []time.Time // of sound, from the call's beginning
	marks  []time.Time // each mark, back: all before it has been heard
}

// begin forgets the call before.
func (s *wireLog) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = sent{}
}

func (s *wireLog) all() sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sent{slices.Clone(s.sent.frames), slices.Clone(s.sent.marks)}
}

// note notes what is about to be sent.
func (s *wireLog) note(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch now := time.Now(); {
	case isEvent(message, "media"):
		s.sent.frames = append(s.sent.frames, now)
	case isEvent(message, "mark"):
		s.sent.marks = append(s.sent.marks, now)
	}
}

// dial makes the telephone's connections.
func (s *wireLog) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &stamped{c, s}, nil
}

// stamped is a connection that is watched.
type stamped struct {
	net.Conn
	to *wireLog
}

// Write writes b, which is one whole message if it is a WebSocket's.
func (c *stamped) Write(b []byte) (int, error) {
	c.to.note(b)
	return c.Conn.Write(b)
}

// isEvent looks at the first letters of a message. A client's text begins with two bytes,
// of which the second has its length, or says that two more have it; then come four of a
// mask that is laid over the text (RFC 6455, section 5.2).
func isEvent(b []byte, event string) bool {
	const text, masked, longer = 0x81, 0x80, 126
	wants := `{"event":"` + event + `"`
	if len(b) < 2 || b[0] != text || b[1]&masked == 0 {
		return false
	}
	head := 2
	if b[1]&^masked == longer {
		head = 4
	}
	if len(b) < head+4+len(wants) {
		return false
	}
	mask, letters := b[head:head+4], b[head+4:]
	for i := range wants {
		if letters[i]^mask[i%4] != wants[i] {
			return false
		}
	}
	return true
}
