//go:build !386

package tcp

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
)

// What arrives wakes the runtime's poller only while the loop waits there.
func TestRest(t *testing.T) {
	p, err := newPoll()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if err := p.add(int(r.Fd())); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	for _, rests := range []bool{false, true} {
		p.rest(rests)
		woken := 0
		if err := p.raw.Control(func(door uintptr) {
			woken, err = syscall.EpollWait(int(door), make([]syscall.EpollEvent, 1), 0)
		}); err != nil {
			t.Fatal(err)
		}
		if err != nil || (woken > 0) != rests {
			t.Errorf("rest(%v): %d reports at the door, %v", rests, woken, err)
		}
	}
	events := make([]syscall.EpollEvent, 1)
	if n, err := p.wait(events); n != 1 || err != nil {
		t.Errorf("wait: %d, %v", n, err)
	}
	p.end()
	for name, f := range map[string]func([]syscall.EpollEvent) (int, error){"wait": p.wait, "look": p.look} {
		if _, err := f(events); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
}
