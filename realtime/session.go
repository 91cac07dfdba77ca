package realtime

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire"
)

// Session is an open session. One goroutine at a time may call Receive; everything else
// may be called from any goroutine. A session must be closed even when Receive has
// ended.
//
// Each send has WriteTimeout. After a write that went wrong the session is dead: that
// send and all later ones return an error that says so, and Receive ends within a
// second. After Close, and once the server has closed, sends return [ErrClosed].
type Session struct {
	conn    *wire.Conn[Event]
	decoder *decoder // conn's
	dialect Dialect
	info    SessionInfo
	lastID  atomic.Uint64 // of the events sent
}

func newSession(ws *websocket.Conn, o *DialOptions) *Session {
	interval := cmp.Or(o.PingInterval, 20*time.Second)
	d := new(decoder)
	return &Session{decoder: d, dialect: o.Dialect, conn: wire.New(ws, d, wire.Options{
		WriteTimeout: cmp.Or(o.WriteTimeout, 2*time.Second),
		PingInterval: interval,
		Silence:      interval + cmp.Or(o.PongTimeout, 20*time.Second),
		Closed:       ErrClosed,
		Budget:       wire.Budget{Own: o.MaxMessage, Echo: o.MaxEcho, SoundKey: "delta", IsSound: isSound, IsEcho: isEcho},
	})}
}

// Receive waits for the next event and returns it. Anything that a server may send is an
// event: what this package has no name for is [Unknown], what is not even a message is
// [Malformed], and what is over MaxMessage or MaxEcho is [TooLarge]. What came before the
// session was ready comes first; the SessionCreated and the SessionUpdated that made it so
// don't, see [Session.Info].
//
// An error is the end: every later call returns it again. It is a [*CloseError] when the
// server closed the session or the connection was lost; it wraps [ErrClosed] after Close,
// and os.ErrDeadlineExceeded when not even a pong has come for a ping interval and
// PongTimeout.
//
// When ctx ends, reading ends for good, with the cause of ctx, even when a later call
// brings another ctx; sending still works. Calls with the same ctx, or with others of the
// same Done channel, cost nothing for it.
func (s *Session) Receive(ctx context.Context) (Event, error) {
	e, err := s.conn.Receive(ctx)
	if err != nil {
		return nil, fmt.Errorf("realtime: receive: %w", err)
	}
	return e, nil
}

// Info is what the server said of the session when it was opened: its id, when it
// expires, and all its settings.
func (s *Session) Info() SessionInfo { return s.info }

// ExpiresAt is when the server will end the session, 60 minutes after it began at
// OpenAI. It is zero if the server didn't say so. Nothing warns of it.
func (s *Session) ExpiresAt() time.Time { return s.info.ExpiresAt.Time() }

// InputFormat is that of the audio to append.
func (s *Session) InputFormat() AudioFormat { return s.info.Audio.Input.Format }

// OutputFormat is that of the audio in answers.
func (s *Session) OutputFormat() AudioFormat { return s.info.Audio.Output.Format }

// Dialect is the one that was dialled.
func (s *Session) Dialect() Dialect { return cmp.Or(s.dialect, OpenAI) }
