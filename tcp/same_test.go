package tcp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// side is one end of a connection in a script, and what is on its way to it.
type side struct {
	net.Conn
	coming      []byte
	noMore      bool // the peer writes no more
	left        bool // this end is closed
	interrupted bool
}

// step is one thing that one end does. What it sees depends on nothing but the steps before.
type step struct {
	accepted bool
	what     string
	size     int
}

func (s step) String() string { return fmt.Sprintf("%v %s %d", s.accepted, s.what, s.size) }

// play does the steps on a connection and says what each end saw.
func play(t *rapid.T, dialled, accepted net.Conn, steps []step) []string {
	ends := [2]*side{{Conn: dialled}, {Conn: accepted}}
	var seen []string
	var sent byte
	for _, s := range steps {
		me, peer := ends[0], ends[1]
		if s.accepted {
			me, peer = peer, me
		}
		var n int
		var err error
		switch s.what {
		case "write":
			b := make([]byte, s.size)
			for i := range b {
				sent++
				b[i] = sent
			}
			if peer.left {
				continue // whether the first write after it fails is a race in the kernel
			}
			n, err = me.Write(b)
			peer.coming = append(peer.coming, b[:n]...)
		case "read":
			if peer.left && len(peer.coming) > 0 {
				continue // a reset, and when it is noticed
			}
			want := min(s.size, len(me.coming))
			if want == 0 && !me.noMore && !me.left && !me.interrupted {
				continue // it would wait
			}
			b := make([]byte, max(want, 1))
			if n, err = io.ReadFull(me, b); !bytes.Equal(b[:n], me.coming[:n]) {
				t.Fatalf("%v: what was read is not what was written", s)
			}
			me.coming = me.coming[n:]
		case "interrupt":
			me.interrupted = true
			err = me.SetReadDeadline(time.Unix(1, 0))
		case "go on":
			me.interrupted = false
			err = me.SetReadDeadline(time.Time{})
		case "end":
			err = me.Conn.(interface{ CloseWrite() error }).CloseWrite()
			peer.noMore = true
		case "close":
			err = me.Close()
			me.left, peer.noMore = true, true
		}
		seen = append(seen, fmt.Sprintf("%v: %d, %s", s, n, kind(err)))
	}
	return seen
}

// kind is what a caller can tell about an error.
func kind(err error) string {
	var timeout net.Error
	for _, known := range []error{io.EOF, net.ErrClosed, os.ErrDeadlineExceeded, syscall.EPIPE, syscall.ECONNRESET, syscall.ENOTCONN} {
		if errors.Is(err, known) {
			return fmt.Sprint(known, errors.As(err, &timeout) && timeout.Timeout())
		}
	}
	return fmt.Sprint(err)
}

// Whatever two ends do, they see the same on connections of ours as on net's.
func TestSameAsNet(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
			return step{rapid.Bool().Draw(r, "accepted"),
				rapid.SampledFrom([]string{"write", "write", "read", "read", "read", "interrupt", "go on", "end", "close"}).Draw(r, "what"),
				rapid.SampledFrom([]int{0, 1, 2, 399, 400, 4096, 20000}).Draw(r, "size")}
		}), 1, 30).Draw(r, "steps")
		a, b := connect(t)
		ours := play(r, a, b, steps)
		a, b = connectNet(t)
		theirs := play(r, a, b, steps)
		for i := range theirs {
			if ours[i] != theirs[i] {
				r.Fatalf("step %d: ours saw %q, net's %q", i, ours[i], theirs[i])
			}
		}
	})
}

// connectNet is connect with net's connections.
func connectNet(t testing.TB) (dialled, accepted net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if dialled, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialled.Close() })
	if accepted, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close() })
	return dialled, accepted
}
