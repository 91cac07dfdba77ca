package wire

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Options say how a connection is kept. None has a default.
type Options struct {
	WriteTimeout time.Duration // of each message
	PingInterval time.Duration
	Silence      time.Duration // after which the server is taken for dead
	Budget       Budget
	Closed       error // what sends and Receive return after Close
}

// Codec makes events of what comes. A connection calls one method at a time.
type Codec[E any] interface {
	// Decode makes an event of a message. Nothing in the event points into raw.
	Decode(raw []byte) E

	// Malformed is the event of what is no message, and TooLarge that of one over its budget,
	// whose type is empty if it came behind the budget's end.
	Malformed(err error) E
	TooLarge(kind string, bytes, most int) E

	// Forget takes back what the last event lent.
	Forget()

	// Ended is the error of a connection that the server closed with a code and a reason, or
	// that was lost: 1006 and why.
	Ended(code int, text string) error
}

// Conn is a connection from which events of type E come. One goroutine at a time may call Receive;
// everything else may be called from any goroutine. It must be closed even when Receive has ended.
//
// After a write that went wrong the connection is dead: that send and all later ones return an
// error that says so, and Receive ends within a second.
type Conn[E any] struct {
	socket
	codec Codec[E]
	early []E   // came while it was opened
	err   error // sticky
}

// New takes over an open socket.
func New[E any](ws *websocket.Conn, codec Codec[E], o Options) *Conn[E] {
	c := &Conn[E]{codec: codec, socket: socket{
		ws:           ws,
		writeTimeout: o.WriteTimeout,
		silence:      o.Silence,
		budget:       budget{Budget: o.Budget.filled()},
		errClosed:    o.Closed,
		reading:      make(lock, 1),
		writing:      make(lock, 1),
		done:         make(chan struct{}),
		closed:       make(chan struct{}),
	}}
	c.LimitReads(ReadLimit)
	c.hearPings()
	c.pinging.Go(func() { c.ping(o.PingInterval) })
	return c
}

// socket is all of a connection but its events.
type socket struct {
	ws           *websocket.Conn
	writeTimeout time.Duration
	silence      time.Duration
	errClosed    error

	reading  lock // holds for what follows
	limit    int64
	budget   budget
	followed <-chan struct{} // Done of the context that ends reading
	release  func() bool     // forgets it

	writing lock   // holds for what follows
	out     []byte // the sound being written
	dead    error  // of the first write that went wrong

	mu    sync.Mutex // holds for what follows
	why   error      // reading ends
	endBy time.Time  // at the latest

	closing atomic.Bool
	done    chan struct{} // closed when Close begins
	closed  chan struct{} // and when it is through
	pinging sync.WaitGroup
}

// LimitReads sets how long a message may be, in bytes, before it ends the connection.
func (s *socket) LimitReads(n int64) {
	s.limit = n
	s.ws.SetReadLimit(n)
}

// Opened ends the opening, in which Receive followed a context of its own: what came early is
// received before anything else, and messages may have [ReadLimit] from now on. It returns the
// cause of that context if it has ended.
func (c *Conn[E]) Opened(ctx context.Context, early []E) error {
	c.early = early
	c.LimitReads(ReadLimit)
	if !c.unfollow() {
		return context.Cause(ctx)
	}
	return nil
}

// lock is a mutex made of a channel. Unlike a sync.Mutex it lets the virtual time of
// testing/synctest pass while someone waits for it.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }
