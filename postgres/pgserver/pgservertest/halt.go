package pgservertest

import (
	"syscall"
	"testing"
)

// Halt stops all processes of a server, so that it neither answers nor ends.
func Halt(t *testing.T, postmaster int) {
	t.Helper()
	signal(t, postmaster, syscall.SIGSTOP)
}

// Resume lets a halted server go on.
func Resume(t *testing.T, postmaster int) {
	t.Helper()
	signal(t, postmaster, syscall.SIGCONT)
}

func signal(t *testing.T, postmaster int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(postmaster, s); err != nil {
		t.Error(err)
	}
	for _, pid := range children(postmaster) {
		syscall.Kill(pid, s) // it may have ended meanwhile
	}
}
