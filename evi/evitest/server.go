package evitest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// Server plays EVI's host.
type Server struct {
	key    string
	handle func(*Conn)
	http   *httptest.Server
	pipes  *wiretest.PipeListener // nil if it listens on a port

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	chats  sync.WaitGroup

	plans  wiretest.Plans[plan]
	report wiretest.Report
}

// NewServer starts a server on a free port of 127.0.0.1. It accepts chats with
// the API key, and runs handle for each of them in a goroutine of its own; the
// chat is closed with 1000 when handle returns. The caller must Close it.
func NewServer(key string, handle func(*Conn)) *Server {
	s := newServer(key, handle)
	s.http.Start()
	return s
}

// NewPipeServer starts a server that is reached by its DialContext alone, over
// net.Pipe. Started in a bubble of testing/synctest, it lives by the bubble's
// time.
func NewPipeServer(key string, handle func(*Conn)) *Server {
	s := newServer(key, handle)
	s.pipes = wiretest.NewPipeListener()
	s.http.Listener.Close()
	s.http.Listener = s.pipes
	s.http.Start()
	return s
}

func newServer(key string, handle func(*Conn)) *Server {
	s := &Server{key: key, handle: handle}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	return s
}

// URL is the address to dial, "http://" and a host.
func (s *Server) URL() string { return s.http.URL }

// DialContext connects to the server, whatever the address. A client of a
// NewPipeServer needs it; to one of a NewServer it is the ordinary way.
func (s *Server) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if s.pipes != nil {
		return s.pipes.Dial(ctx)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", s.http.Listener.Addr().String())
}

// Close cuts what is still open and waits for every handle to return. What a
// client has sent before it closed its chat is still handled.
func (s *Server) Close() {
	s.cancel()
	s.http.Close()
	s.chats.Wait()
}

// Tries counts the handshakes that were asked for, refused ones too.
func (s *Server) Tries() int { return s.plans.Tries() }

// Faults is all that EVI would have rejected, in the order in which it came.
func (s *Server) Faults() []string { return s.report.Faults() }

// Err is every failure of a Script, or nil.
func (s *Server) Err() error { return s.report.Err() }
