//go:build !386

package tcp

import (
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// alarm is a timer with a descriptor (timerfd_create(2)), in the runtime's poller. It is not the
// runtime's time.Sleep: with one processor the garbage collector keeps it busy while nobody is
// ready to run, and looks meanwhile whether a descriptor is ready, but never whether a timer
// has run out. That made sound up to 15 ms late every few seconds.
type alarm struct {
	file *os.File
	raw  syscall.RawConn
	set  bool
	ring func(fd uintptr) bool
}

func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, os.NewSyscallError("timerfd_create", err)
	}
	a := &alarm{file: os.NewFile(uintptr(fd), "timer")}
	a.ring = a.rings
	if a.raw, err = a.file.SyscallConn(); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

// sleep waits for a tick, or until it is closed: then it returns net.ErrClosed.
func (a *alarm) sleep() error {
	a.set = false
	if a.raw.Read(a.ring) != nil {
		return net.ErrClosed
	}
	return nil
}

// rings sets the alarm, and is true when it is asked again: it waits in a [syscall.RawConn].
// Setting it anew forgets that it rang, so nothing has to be read.
func (a *alarm) rings(fd uintptr) bool {
	if a.set {
		return true
	}
	a.set = true
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(tick))}
	_, _, errno := syscall.RawSyscall6(unix.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&at)), 0, 0, 0)
	return errno != 0 // it has no reason to fail. Then the loop looks without a pause
}

func (a *alarm) close() { _ = a.file.Close() }
