//go:build !386

package tcp

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// poll is an epoll instance with all sockets in it. It reports a change once, when it happens
// (epoll(7), "edge-triggered").
type poll struct {
	fd    int
	alarm *alarm
	door  *os.File // has fd in it while the loop waits; is itself in the runtime's poller
	raw   syscall.RawConn
	ended atomic.Bool
}

// edge is EPOLLET. Package syscall has it as a negative number.
const edge = 1 << 31

func newPoll() (*poll, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	p := &poll{fd: fd}
	door, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		p.close()
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	_ = syscall.SetNonblock(door, true) // tells package os to use the runtime's poller
	p.door = os.NewFile(uintptr(door), "epoll")
	p.raw, err = p.door.SyscallConn()
	if err == nil {
		err = p.control(door, syscall.EPOLL_CTL_ADD, p.fd, syscall.EPOLLIN)
	}
	if err == nil {
		p.alarm, err = newAlarm()
	}
	if err != nil {
		p.door.Close()
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *poll) control(in, op, fd int, events uint32) error {
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(in, op, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd)}))
}

const arrivals = syscall.EPOLLIN | syscall.EPOLLRDHUP | edge

func (p *poll) add(fd int) error { return p.control(p.fd, syscall.EPOLL_CTL_ADD, fd, arrivals) }

// room asks for a report when the socket has room, at once if it has.
func (p *poll) room(fd int) error {
	return p.control(p.fd, syscall.EPOLL_CTL_MOD, fd, arrivals|syscall.EPOLLOUT)
}

// rest says whether wait is used from now on. Otherwise each change would wake a thread
// for nothing.
func (p *poll) rest(yes bool) {
	op := syscall.EPOLL_CTL_DEL
	if yes {
		op = syscall.EPOLL_CTL_ADD
	}
	_ = p.raw.Control(func(door uintptr) {
		if err := p.control(int(door), op, p.fd, syscall.EPOLLIN); err != nil {
			panic(fmt.Sprint("tcp: internal error: ", err))
		}
	})
}

// look returns how many reports there are now.
func (p *poll) look(events []syscall.EpollEvent) (int, error) {
	if p.ended.Load() {
		return 0, net.ErrClosed
	}
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0)
	if errno != 0 { // EINTR
		return 0, nil
	}
	return int(n), nil
}

// wait waits until there are reports, and returns how many.
func (p *poll) wait(events []syscall.EpollEvent) (n int, err error) {
	if p.raw.Read(func(uintptr) bool {
		n, err = p.look(events)
		return n > 0 || err != nil
	}) != nil {
		return 0, net.ErrClosed
	}
	return n, err
}

// end makes look, wait and sleep return net.ErrClosed. Who calls them closes p then.
func (p *poll) end() {
	p.ended.Store(true)
	p.door.Close()
	p.alarm.close()
}

func (p *poll) close() { _ = syscall.Close(p.fd) }
