package realtime

import (
	"cmp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Session is an open session. One goroutine at a time may call Receive; everything else
// may be called from any goroutine. A session must be closed even when Receive has
// ended.
//
// Each send has WriteTimeout. After a write that went wrong the session is dead: that
// send and all later ones return an error that says so, and Receive ends within a
// second. After Close, and once the server has closed, sends return [ErrClosed].
type Session struct {
	ws           *websocket.Conn
	dialect      Dialect
	info         SessionInfo
	writeTimeout time.Duration
	silence      time.Duration // after which the peer is taken for dead

	reading  lock // holds for what follows
	budget   *budget
	early    []Event // came before the session was ready
	decoder  decoder
	cause    *Error          // the last that could explain an end
	readErr  error           // sticky
	followed <-chan struct{} // Done of the context that ends reading
	release  func() bool     // forgets it

	writing lock   // holds for what follows
	out     []byte // the append being written
	dead    error  // of the first write that went wrong

	mu    sync.Mutex // holds for what follows
	why   error      // reading ends
	endBy time.Time  // at the latest

	lastID  atomic.Uint64 // of the events sent
	closing atomic.Bool
	done    chan struct{} // closed when Close begins
	closed  chan struct{} // and when it is through
	pinging sync.WaitGroup
}

func newSession(ws *websocket.Conn, o *DialOptions) *Session {
	interval := cmp.Or(o.PingInterval, 20*time.Second)
	s := &Session{
		ws:           ws,
		dialect:      o.Dialect,
		writeTimeout: cmp.Or(o.WriteTimeout, 2*time.Second),
		silence:      interval + cmp.Or(o.PongTimeout, 20*time.Second),
		budget:       newBudget(o.MaxMessage, o.MaxEcho),
		reading:      make(lock, 1),
		writing:      make(lock, 1),
		done:         make(chan struct{}),
		closed:       make(chan struct{}),
	}
	ws.SetReadLimit(readLimit)
	s.hearPings()
	s.pinging.Go(func() { s.ping(interval) })
	return s
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
