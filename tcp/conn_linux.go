//go:build !386

package tcp

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// Conn is a TCP connection that package tcp's own loop watches, and not the runtime.
// Like any [net.Conn] it may be used by several goroutines at once.
type Conn struct {
	fd             int // closed with both halves locked
	local, remote  net.Addr
	loop           *loop
	reader, writer half
}

// wrap takes a connection over from net. What can't be taken over stays as it is.
func wrap(c net.Conn) net.Conn {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	fd, err := twin(t, 0)
	if err != nil {
		return c
	}
	q := &Conn{fd: fd, local: c.LocalAddr(), remote: c.RemoteAddr()}
	q.reader.init(q, syscall.SYS_RECVFROM)
	q.writer.init(q, syscall.SYS_SENDTO)
	if err := watch(q); err != nil {
		_ = syscall.Close(fd)
		return c
	}
	_ = t.Close() // takes it from the runtime's poller; the twin keeps the connection open
	return q
}

// twin is a second descriptor of a socket, none lower than least.
func twin(c syscall.Conn, least uintptr) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var got uintptr
	errno := syscall.EBADF
	err = raw.Control(func(fd uintptr) {
		got, _, errno = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, least)
	})
	if err == nil && errno != 0 {
		err = errno
	}
	return int(got), err
}

// Read reads what there is, and waits if there is nothing.
func (c *Conn) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c.reader.one.Lock()
	defer c.reader.one.Unlock()
	n, err := c.reader.do(b)
	if err != nil {
		return 0, c.failed("read", err)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Write writes all of b.
func (c *Conn) Write(b []byte) (int, error) {
	c.writer.one.Lock()
	defer c.writer.one.Unlock()
	for done := 0; ; { // once for an empty b, too: it may be an error
		n, err := c.writer.do(b[done:])
		if err != nil {
			return done, c.failed("write", err)
		}
		if done += n; done == len(b) {
			return done, nil
		}
	}
}

// Close ends reads and writes that wait, and lets go of the connection. What was
// written before is still delivered.
func (c *Conn) Close() error {
	c.reader.mu.Lock()
	closed := c.reader.closed
	c.writer.mu.Lock()
	if !closed {
		c.reader.close()
		c.writer.close()
		_ = syscall.Close(c.fd) // on Linux the descriptor is gone whatever it returns
	}
	c.writer.mu.Unlock()
	c.reader.mu.Unlock()
	if closed {
		return c.failed("close", net.ErrClosed)
	}
	unwatch(c)
	return nil
}

// CloseWrite ends the stream to the peer; reading goes on.
func (c *Conn) CloseWrite() error {
	c.writer.mu.Lock()
	defer c.writer.mu.Unlock()
	if c.writer.closed {
		return c.failed("close", net.ErrClosed)
	}
	if err := syscall.Shutdown(c.fd, syscall.SHUT_WR); err != nil {
		return c.failed("close", err)
	}
	return nil
}

// report is what the loop says has become of the socket.
func (c *Conn) report(events uint32) {
	gone := events&(syscall.EPOLLHUP|syscall.EPOLLERR) != 0
	if ended := gone || events&syscall.EPOLLRDHUP != 0; ended || events&syscall.EPOLLIN != 0 {
		c.reader.report(ended)
	}
	if gone || events&syscall.EPOLLOUT != 0 {
		c.writer.report(gone)
	}
}

func (c *Conn) failed(op string, err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		err = os.NewSyscallError(op, err)
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// LocalAddr is this side's address.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the peer's.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetReadDeadline sets when reading times out; the zero time means never.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.deadline(&c.reader, t) }

// SetWriteDeadline is the same for writing.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.deadline(&c.writer, t) }

// SetDeadline is both.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

func (c *Conn) deadline(h *half, t time.Time) error {
	if !h.setDeadline(t) {
		return c.failed("set", net.ErrClosed)
	}
	return nil
}
