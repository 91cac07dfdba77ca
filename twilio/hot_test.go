package twilio

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// replay is a connection on which the same frame arrives for ever, and what is written
// is gone.
type replay struct {
	net.Conn // nil; what is not below is not called
	frame    []byte
	at       int
}

func (r *replay) Read(b []byte) (int, error) {
	n := copy(b, r.frame[r.at:])
	r.at = (r.at + n) % len(r.frame)
	return n, nil
}

func (r *replay) Write(b []byte) (int, error)      { return len(b), nil }
func (r *replay) Close() error                     { return nil }
func (r *replay) SetDeadline(time.Time) error      { return nil }
func (r *replay) SetReadDeadline(time.Time) error  { return nil }
func (r *replay) SetWriteDeadline(time.Time) error { return nil }

// hijacked is an HTTP exchange that hands out a replay.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 4096), bufio.NewWriterSize(h.conn, 4096)), nil
}

// upgrade asks for a WebSocket.
func upgrade() *http.Request {
	r := httptest.NewRequest("GET", "/twilio/media", nil)
	r.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
	}
	return r
}

// replaying is a started stream to which one media message of 20 ms comes for ever.
func replaying(t testing.TB) *Stream {
	t.Helper()
	message := wireMedia(2, 1, 57, make([]byte, 160))
	frame := append([]byte{0x81, 0x80 | 126, byte(len(message) >> 8), byte(len(message)), 0, 0, 0, 0}, message...) // masked with zeros
	s, err := Accept(hijacked{httptest.NewRecorder(), &replay{frame: frame}}, upgrade())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(websocket.CloseNormalClosure, "") })
	sid := []byte(`"` + streamSID + `"`)
	s.sid.Store(&sid)
	return s
}

// The hot path allocates nothing. (AllocsPerRun rounds down, which forgives the race
// detector's habit of emptying pools.)
func TestAllocations(t *testing.T) {
	s := replaying(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	receive := testing.AllocsPerRun(1000, func() {
		ev, err := s.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ev.(*Media).Release()
	})
	if receive != 0 {
		t.Errorf("Receive makes %v allocations", receive)
	}
	sound := make([]byte, 160)
	if n := testing.AllocsPerRun(1000, func() {
		if err := s.SendMedia(sound); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("SendMedia makes %v allocations", n)
	}
}

func BenchmarkReceive(b *testing.B) {
	s := replaying(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		ev, err := s.Receive(ctx)
		if err != nil {
			b.Fatal(err)
		}
		ev.(*Media).Release()
	}
}

func BenchmarkSendMedia(b *testing.B) {
	s := replaying(b)
	sound := make([]byte, 160)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.SendMedia(sound); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	message := wireMedia(2, 1, 57, make([]byte, 160))
	m := new(Media)
	b.ReportAllocs()
	for b.Loop() {
		if !m.scan(message) {
			b.Fatal("not scanned")
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	message := wireMedia(2, 1, 57, make([]byte, 160))
	b.ReportAllocs()
	for b.Loop() {
		decode(message).(*Media).Release()
	}
}
