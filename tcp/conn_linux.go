package tcp

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// Conn is a TCP connection. All but what is below is net's.
type Conn struct {
	*net.TCPConn
	reader, writer transfer
}

func wrap(c net.Conn) net.Conn {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return c
	}
	q := &Conn{TCPConn: t}
	q.reader.init(syscall.SYS_READ, raw.Read)
	q.writer.init(syscall.SYS_WRITE, raw.Write)
	return q
}

// Read reads what there is, and waits if there is nothing.
func (c *Conn) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, err := c.reader.do(b)
	if err != nil {
		return 0, c.explain("read", err)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Write writes all of b.
func (c *Conn) Write(b []byte) (int, error) {
	for done := 0; done < len(b); {
		n, err := c.writer.do(b[done:])
		if err != nil {
			return done, c.explain("write", err)
		}
		done += n
	}
	return len(b), nil
}

func (c *Conn) explain(op string, err error) error {
	var known *net.OpError
	if errors.As(err, &known) { // closed, or past its deadline
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError(op, err)}
}

// transfer is one direction of a connection. What a system call needs and
// returns stands here, and not in a closure made for each: that would be
// garbage a hundred times a second.
type transfer struct {
	deadline deadline
	wait     func(try func(fd uintptr) bool) error // tries, again when the socket is ready
	try      func(fd uintptr) bool

	mu    sync.Mutex // one at a time; holds for what follows
	buf   []byte
	n     int
	errno syscall.Errno
}

func (t *transfer) init(call uintptr, wait func(func(uintptr) bool) error) {
	t.wait = wait
	t.try = func(fd uintptr) bool {
		for {
			n, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(t.buf))), uintptr(len(t.buf)))
			if errno == syscall.EINTR {
				continue
			}
			t.n, t.errno = int(n), errno
			return errno != syscall.EAGAIN
		}
	}
}

func (t *transfer) do(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = b
	err := t.wait(t.try)
	t.buf = nil
	switch {
	case err != nil:
		return 0, err
	case t.errno != 0:
		return 0, t.errno
	}
	return t.n, nil
}

// SetReadDeadline sets when reading times out. One that puts the last off by
// less than 100 ms does nothing: reading may then time out by so much too early.
func (c *Conn) SetReadDeadline(t time.Time) error {
	return c.reader.deadline.set(t, c.TCPConn.SetReadDeadline)
}

// SetWriteDeadline is the same for writing.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return c.writer.deadline.set(t, c.TCPConn.SetWriteDeadline)
}

// SetDeadline is both.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}
