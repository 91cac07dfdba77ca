package tcp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/tcp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect returns both ends of a connection, which end with the test.
func connect(t testing.TB) (dialled, accepted net.Conn) {
	t.Helper()
	l, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialled, err = tcp.DialContext(context.Background(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialled.Close() })
	if accepted, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close() })
	return dialled, accepted
}

// More than any buffer holds, both ways at once, and the end of it.
func TestTransfer(t *testing.T) {
	a, b := connect(t)
	sound := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	var wg sync.WaitGroup
	for _, way := range []struct{ from, to net.Conn }{{a, b}, {b, a}} {
		wg.Go(func() {
			if n, err := way.from.Write(sound); n != len(sound) || err != nil {
				t.Errorf("wrote %d: %v", n, err)
			}
		})
		wg.Go(func() {
			got := make([]byte, len(sound))
			if _, err := io.ReadFull(way.to, got); err != nil || !bytes.Equal(got, sound) {
				t.Errorf("what was read is not what was written: %v", err)
			}
		})
	}
	wg.Wait()
	a.Close()
	if n, err := b.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("after the end: %d, %v", n, err)
	}
}

func TestNothing(t *testing.T) {
	a, b := connect(t)
	if n, err := a.Write(nil); n != 0 || err != nil {
		t.Errorf("wrote nothing: %d, %v", n, err)
	}
	if n, err := b.Read(nil); n != 0 || err != nil {
		t.Errorf("read nothing: %d, %v", n, err)
	}
}

// A read that waits ends with the connection, and later ones say why.
func TestClosed(t *testing.T) {
	a, _ := connect(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a read under way: %v", err)
		}
	})
	time.Sleep(10 * time.Millisecond)
	a.Close()
	wg.Wait()
	if _, err := a.Write([]byte{1}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a write after it: %v", err)
	}
}

// A peer that hangs up without reading is an error of the system's.
func TestReset(t *testing.T) {
	a, b := connect(t)
	if _, err := a.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond)
	b.Close()
	var failed *net.OpError
	if _, err := a.Read(make([]byte, 1)); !errors.As(err, &failed) || failed.Timeout() {
		t.Errorf("the error is %v", err)
	}
}

func TestDeadline(t *testing.T) {
	const soon = 200 * time.Millisecond
	a, _ := connect(t)
	buf := make([]byte, 64<<10)
	for name, do := range map[string]func() error{
		"read":  func() error { a.SetReadDeadline(time.Now().Add(soon)); _, err := a.Read(buf); return err },
		"write": func() error { a.SetWriteDeadline(time.Now().Add(soon)); return fill(a, buf) },
	} {
		begin := time.Now()
		err := do()
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%s: the error is %v", name, err)
		}
		if took := time.Since(begin); took < soon/2 || took > 10*soon {
			t.Errorf("%s: it took %v", name, took)
		}
	}
}

func fill(c net.Conn, b []byte) error {
	for {
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
}

// A deadline in the past interrupts a read, whatever was set before; none at all
// lets it wait again.
func TestInterrupt(t *testing.T) {
	a, b := connect(t)
	a.SetDeadline(time.Now().Add(time.Hour))
	a.SetReadDeadline(time.Unix(1, 0))
	if _, err := a.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("interrupted: %v", err)
	}
	a.SetReadDeadline(time.Time{})
	if _, err := b.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if n, err := a.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("after it: %d, %v", n, err)
	}
}

func TestAllocations(t *testing.T) {
	a, b := connect(t)
	buf := make([]byte, 400)
	n := testing.AllocsPerRun(100, func() {
		a.SetWriteDeadline(time.Now().Add(time.Second))
		b.SetReadDeadline(time.Now().Add(time.Second))
		a.Write(buf)
		io.ReadFull(b, buf)
	})
	if n > 0 {
		t.Errorf("a message costs %v allocations", n)
	}
}
