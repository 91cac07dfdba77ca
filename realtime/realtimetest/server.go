package realtimetest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
)

// Config says what a Server is like. The zero Config is OpenAI without a key, whose
// model says nothing.
type Config struct {
	Key     string           // that clients must send, in the dialect's way; "" takes any
	Dialect realtime.Dialect // defaults to OpenAI's

	// Model says what an answer consists of. It runs in a goroutine of its own for
	// each answer, which is done when it returns. nil says nothing.
	Model func(*Response) error

	// Handle runs for each session, once its settings were confirmed, in a goroutine of
	// its own; the session is closed with 1000 when it returns. nil waits until the
	// client leaves.
	Handle func(*Conn)

	// Listen finds the user's turns in the audio by its level, as server_vad does.
	// Otherwise turns come from [Conn.SpeechStarted] alone.
	Listen bool

	// Transcribe says what a turn that Listen found is written down as, by its sound in
	// the input's format. nil: "(speech)".
	Transcribe func(turn []byte) string

	// Raw leaves every answer to Handle, session.created included, and runs it at once.
	// Messages are checked as ever.
	Raw bool

	// Shutdowns are the models that GET /v1/models lists, with the shutdown_date of
	// each, or "". nil: there is no such route.
	Shutdowns map[string]string

	Lifetime   time.Duration // of a session. Defaults to 60 min
	LateDeltas int           // of audio after an answer is cancelled. Defaults to 2; negative is none
	Lead       Lead          // of an answer's text before its sound
	Odd        bool          // sends what a client must bear: unknown events and fields, nulls, statuses left out
	Seed       uint64        // of the sizes of deltas
}

// Server plays the host.
type Server struct {
	config  Config
	traits  realtime.Traits
	rules   map[string]rule // of the events that a client may send
	http    *httptest.Server
	pipes   *wiretest.PipeListener // nil if it listens on a port
	context context.Context
	cancel  context.CancelFunc
	serving sync.WaitGroup
	plans   wiretest.Plans[plan]
	report  wiretest.Report

	mu      sync.Mutex
	conns   []*Conn
	resumes map[string][]*item // conversations that are kept, by id
}

// NewServer starts a server on a free port of 127.0.0.1. The caller must Close it.
func NewServer(c Config) *Server {
	s := newServer(c)
	s.http.Start()
	return s
}

// NewTLSServer does so with TLS, by a certificate that [Server.TLS] trusts.
func NewTLSServer(c Config) *Server {
	s := newServer(c)
	s.http.StartTLS()
	return s
}

// NewPipeServer starts a server that is reached by its DialContext alone, over net.Pipe.
// Started in a bubble of testing/synctest, it lives by the bubble's time.
func NewPipeServer(c Config) *Server {
	s := newServer(c)
	s.pipes = wiretest.NewPipeListener()
	s.http.Listener.Close()
	s.http.Listener = s.pipes
	s.http.Start()
	return s
}

func newServer(c Config) *Server {
	s := &Server{config: c, traits: c.Dialect.Traits(), resumes: map[string][]*item{}}
	s.rules = s.eventRules()
	s.context, s.cancel = context.WithCancel(context.Background())
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	return s
}

// URL is the address to dial, without a model.
func (s *Server) URL() string { return strings.Replace(s.http.URL, "http", "ws", 1) + "/v1/realtime" }

// TLS trusts the server's certificate.
func (s *Server) TLS() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(s.http.Certificate())
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// CertificatePEM is the server's certificate, for clients that read a file.
func (s *Server) CertificatePEM() []byte { return certificatePEM(s.http.Certificate()) }

// DialContext connects to the server, whatever the address. A client of a NewPipeServer
// needs it; to another it is the ordinary way.
func (s *Server) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if s.pipes != nil {
		return s.pipes.Dial(ctx)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", s.http.Listener.Addr().String())
}

// Options dial the server, with its key and dialect.
func (s *Server) Options() *realtime.DialOptions {
	o := &realtime.DialOptions{Dialect: s.config.Dialect, URL: s.URL(), Model: "test-model", APIKey: s.config.Key,
		NetDialContext: s.DialContext}
	if s.http.Certificate() != nil {
		o.TLSConfig = s.TLS()
	}
	return o
}

// Close cuts what is still open and waits for every Handle and Model to return.
func (s *Server) Close() {
	s.cancel()
	s.http.Close()
	s.serving.Wait()
}

// Tries counts the handshakes that were asked for, refused ones too.
func (s *Server) Tries() int { return s.plans.Tries() }

// Conns are the sessions so far, in the order in which they were opened.
func (s *Server) Conns() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conns)
}

// Faults is all that a real server would have refused, in the order in which it came.
// Races that belong to the wire, such as a cancel that comes too late, are none.
func (s *Server) Faults() []string { return s.report.Faults() }

// Err is every failure of a Script or a Model, or nil.
func (s *Server) Err() error { return s.report.Err() }
