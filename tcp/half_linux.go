//go:build !386

package tcp

import (
	"net"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// half is one direction of a connection.
type half struct {
	conn *Conn
	call uintptr       // SYS_RECVFROM or SYS_SENDTO
	wake chan struct{} // an operation that waits looks again

	one sync.Mutex // held by the one operation under way, while it waits, too

	mu      sync.Mutex // holds for what follows, and for system calls, none of which waits
	ready   bool       // a system call may find something, or room
	ended   bool       // by the peer: what is ready stays ready
	waiting bool
	closed  bool
	timeout
}

func (h *half) init(c *Conn, call uintptr) {
	h.conn, h.call, h.wake, h.ready = c, call, make(chan struct{}, 1), true
	h.fire = h.expire
}

// do reads or writes once, as soon as that is possible.
func (h *half) do(b []byte) (int, error) {
	for {
		n, again, err := h.try(b)
		if !again {
			return n, err
		}
		<-h.wake
	}
}

// try reads or writes what it can without waiting. If it says again, wait for h.wake first.
//
// The loop reports what arrives when it does, so after a read that found less than it asked
// for, more is reported; the end of the stream may have been reported with what was read.
func (h *half) try(b []byte) (n int, again bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return 0, false, net.ErrClosed
	case h.expired:
		return 0, false, os.ErrDeadlineExceeded
	}
	for h.ready {
		r, _, errno := syscall.RawSyscall6(h.call, uintptr(h.conn.fd),
			uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), syscall.MSG_NOSIGNAL, 0, 0)
		switch errno {
		case 0:
			h.ready = h.ended || h.call == syscall.SYS_SENDTO || int(r) == len(b)
			return int(r), false, nil
		case syscall.EAGAIN:
			h.ready = false
		case syscall.EINTR:
		default:
			return 0, false, errno
		}
	}
	if h.call == syscall.SYS_SENDTO {
		if err := h.conn.loop.poll.room(h.conn.fd); err != nil {
			return 0, false, err
		}
	}
	h.waiting = true
	return 0, true, nil
}

// report is what the loop says of the direction.
func (h *half) report(ended bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ready, h.ended = true, h.ended || ended
	h.rouse()
}

// rouse wakes the operation that waits, once.
func (h *half) rouse() {
	if h.waiting {
		h.waiting = false
		h.wake <- struct{}{}
	}
}

func (h *half) close() {
	h.closed = true
	h.stop()
	h.rouse()
}

func (h *half) setDeadline(t time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.set(t)
	if h.expired {
		h.rouse()
	}
	return true
}

func (h *half) expire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if h.fired(); h.expired {
		h.rouse()
	}
}
