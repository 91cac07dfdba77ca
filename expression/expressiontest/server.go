package expressiontest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// Mode is how the server behaves.
type Mode int

// The modes.
const (
	Works     Mode = iota
	Slow           // answers after Server.Delay
	Hangs          // takes everything and never answers
	HTML           // answers with a web page
	Fails          // status 500
	WrongJSON      // JSON of another shape
	NotJSON        // bytes that are no JSON
	Closes         // closes the connection without an answer
	TooMany        // status 429 with Retry-After
	Huge           // an answer that does not end
)

// Modes are all modes in which there is no answer in time.
var Modes = []Mode{Slow, Hangs, HTML, Fails, WrongJSON, NotJSON, Closes, TooMany, Huge}

func (m Mode) String() string {
	names := []string{"works", "slow", "hangs", "html", "fails", "wrong json", "not json", "closes", "too many", "huge"}
	return names[m]
}

// Server imitates both services. Close it.
type Server struct {
	Key   string        // the API key that is right
	Delay time.Duration // of Slow. Defaults to a minute

	http *httptest.Server
	over chan struct{}
	end  sync.Once
	wg   sync.WaitGroup

	mu       sync.Mutex
	mode     Mode
	answers  map[string]any
	measures map[string]float64
	clips    []Clip
	sessions int
	streamed int // bytes
	faults   []string
	changed  chan struct{} // closed when something of the above changes
}

// New starts a server on 127.0.0.1 that takes the key.
func New(key string) *Server { return NewOn(key, nil) }

// NewOn is New on a listener, such as one in memory.
func NewOn(key string, l net.Listener) *Server {
	s := &Server{Key: key, Delay: time.Minute, over: make(chan struct{}), changed: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v0/decisions/file", s.decide)
	mux.HandleFunc("GET /v1/expression/audio/realtime", s.stream)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fault("%s %s: there is no such route", r.Method, r.URL.Path)
		http.NotFound(w, r)
	})
	s.http = httptest.NewUnstartedServer(mux)
	if l != nil {
		s.http.Listener.Close()
		s.http.Listener = l
	}
	s.http.Start()
	return s
}

// URL is where the server is.
func (s *Server) URL() string { return s.http.URL }

// Close ends the server and every connection.
func (s *Server) Close() {
	s.end.Do(func() { close(s.over) })
	s.http.CloseClientConnections()
	s.http.Close()
	s.wg.Wait()
}

// Set changes how the server behaves from now on.
func (s *Server) Set(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
}

func (s *Server) behaves() Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mode
}

// Faults are what a client did that the services don't allow.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

func (s *Server) fault(format string, args ...any) {
	s.note(func() { s.faults = append(s.faults, fmt.Sprintf(format, args...)) })
}

// note changes what the server knows, and wakes who waits for it.
func (s *Server) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait waits until something is true, at most for so long.
func (s *Server) wait(long time.Duration, is func() bool) bool {
	late := time.NewTimer(long)
	defer late.Stop()
	for {
		s.mu.Lock()
		yes, changed := is(), s.changed
		s.mu.Unlock()
		if yes {
			return true
		}
		select {
		case <-changed:
		case <-late.C:
			return false
		}
	}
}

// misbehaves answers a request in the server's mode, unless that is to work.
func (s *Server) misbehaves(w http.ResponseWriter, r *http.Request) bool {
	switch s.behaves() {
	case Works:
		return false
	case Slow:
		select {
		case <-time.After(s.Delay):
			return false
		case <-s.over:
		case <-r.Context().Done():
		}
	case Hangs:
		select {
		case <-s.over:
		case <-r.Context().Done():
		}
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body>Please log in</body></html>")
	case Fails:
		http.Error(w, `{"type":"error","code":"internal_error","message":"secret detail"}`, http.StatusInternalServerError)
	case WrongJSON:
		fmt.Fprint(w, `{"answers":["one",2,null],"run_id":7}`)
	case NotJSON:
		fmt.Fprint(w, `{"answers":{`)
	case TooMany:
		w.Header().Set("Retry-After", "60")
		http.Error(w, `{"message":"API rate limit exceeded"}`, http.StatusTooManyRequests)
	case Huge:
		s.huge(w, r)
	case Closes:
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			c.Close()
		}
	}
	return true
}

func (s *Server) huge(w http.ResponseWriter, r *http.Request) {
	chunk := make([]byte, 64<<10)
	for i := range chunk {
		chunk[i] = ' '
	}
	for r.Context().Err() == nil {
		select {
		case <-s.over:
			return
		default:
		}
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}
