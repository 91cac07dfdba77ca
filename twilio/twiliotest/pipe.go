package twiliotest

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Pipe is a network in memory: a listener for an http.Server, and a DialContext for
// [Phone] that reaches it whatever the address. Waiting on it is waiting on channels and
// timers alone, so that in a testing/synctest bubble a call of minutes takes no time.
//
// Unlike a net.Pipe it has buffers, as a socket has: a write waits for the reader only
// after 256 others.
type Pipe struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// NewPipe makes a Pipe. Close it when done.
func NewPipe() *Pipe {
	return &Pipe{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept waits for the next connection.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept. Connections stay.
func (p *Pipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is "pipe".
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

// DialContext connects to whoever accepts.
func (p *Pipe) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	there, back := newFlow(), newFlow()
	select {
	case p.conns <- &pipeConn{in: there, out: back}:
		return &pipeConn{in: back, out: there}, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

// flow is one direction of a connection.
type flow struct {
	data    chan []byte
	written chan struct{} // closed by the writer's Close
	read    chan struct{} // closed by the reader's Close
}

func newFlow() *flow {
	return &flow{data: make(chan []byte, 256), written: make(chan struct{}), read: make(chan struct{})}
}

// pipeConn is one end of a connection. One goroutine may read and one write.
type pipeConn struct {
	in, out       *flow
	rest          []byte // of in, not yet read
	readBy, endBy deadline
	once          sync.Once
}

func (c *pipeConn) Read(b []byte) (int, error) {
	passed := c.readBy.channel()
	select {
	case <-passed: // even if there is something to read, as with a socket
		return 0, os.ErrDeadlineExceeded
	default:
	}
	if len(c.rest) == 0 {
		select {
		case c.rest = <-c.in.data:
		case <-c.in.read:
			return 0, net.ErrClosed
		case <-passed:
			return 0, os.ErrDeadlineExceeded
		case <-c.in.written:
			select {
			case c.rest = <-c.in.data: // written before the end
			default:
				return 0, io.EOF
			}
		}
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *pipeConn) Write(b []byte) (int, error) {
	select {
	case <-c.out.written:
		return 0, net.ErrClosed
	case <-c.out.read:
		return 0, io.ErrClosedPipe
	default:
	}
	select {
	case c.out.data <- append([]byte(nil), b...):
		return len(b), nil
	case <-c.out.written:
		return 0, net.ErrClosed
	case <-c.out.read:
		return 0, io.ErrClosedPipe
	case <-c.endBy.channel():
		return 0, os.ErrDeadlineExceeded
	}
}

func (c *pipeConn) Close() error {
	c.once.Do(func() {
		close(c.in.read)
		close(c.out.written)
		c.SetDeadline(time.Time{}) // stops the timers
	})
	return nil
}

func (c *pipeConn) LocalAddr() net.Addr                { return pipeAddr{} }
func (c *pipeConn) RemoteAddr() net.Addr               { return pipeAddr{} }
func (c *pipeConn) SetReadDeadline(t time.Time) error  { c.readBy.set(t); return nil }
func (c *pipeConn) SetWriteDeadline(t time.Time) error { c.endBy.set(t); return nil }
func (c *pipeConn) SetDeadline(t time.Time) error      { c.readBy.set(t); c.endBy.set(t); return nil }

// deadline is a time that may be changed, and a channel that is closed when it passes.
type deadline struct {
	mu     sync.Mutex
	passed chan struct{} // nil before it is first asked for
	past   bool          // passed is closed
	timer  *time.Timer
}

// channel is closed when the deadline passes, also one that is set later.
func (d *deadline) channel() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current()
}

func (d *deadline) current() chan struct{} {
	if d.passed == nil {
		d.passed = make(chan struct{})
	}
	return d.passed
}

func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if d.past {
		d.passed, d.past = nil, false
	}
	switch left := time.Until(t); {
	case t.IsZero():
	case left <= 0:
		d.pass()
	default:
		var own *time.Timer
		own = time.AfterFunc(left, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.timer == own { // else it was changed while we were about to run
				d.pass()
			}
		})
		d.timer = own
	}
}

func (d *deadline) pass() {
	close(d.current())
	d.past = true
}
