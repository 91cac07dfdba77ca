package humetest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server plays the account of one key.
type Server struct {
	key  string
	http *httptest.Server

	mu       sync.Mutex
	kinds    map[string]*shelf // tools, prompts, configs
	made     int               // things so far, which ids are counted by
	failures []Failure
	requests []Request
}

// Request is one that came with the right key.
type Request struct {
	Method, Path string // without /v0/evi
	Query        string
	Body         json.RawMessage
}

// Failure is an answer in place of the true one.
type Failure struct {
	Method, Path string // of the requests it befalls: a method, and the beginning of a path without /v0/evi; empty for any
	Skip         int    // how many such requests are spared first

	Status     int    // 0 cuts the connection without an answer
	RetryAfter string // the header, if not ""
	Body       string // in place of Hume's ErrorResponse
	Done       bool   // the request has its effect all the same, and only its answer is lost
	Delay      time.Duration
}

// NewServer starts the account of a key on a free port of 127.0.0.1. The caller
// must Close it.
func NewServer(key string) *Server {
	s := &Server{key: key, kinds: map[string]*shelf{"tools": {page: "tools_page"}, "prompts": {page: "prompts_page"},
		"configs": {page: "configs_page"}}}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// URL is the address to ask, "http://" and a host.
func (s *Server) URL() string { return s.http.URL }

// Close ends the server.
func (s *Server) Close() { s.http.Close() }

// Fail lets requests fail: the first failure that fits one befalls it and is used up.
func (s *Server) Fail(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, failures...)
}

// Requests is every request so far that had the right key.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Writes are the requests that were no GET.
func (s *Server) Writes() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Method == http.MethodGet })
}

// Versions is every version of the tool, prompt or configuration of a name, the
// oldest first, as the account answers it. The kind is tools, prompts or configs.
func (s *Server) Versions(kind, name string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []map[string]any
	for _, t := range s.kinds[kind].things {
		if t.name == name {
			for n := range t.versions {
				all = append(all, s.shown(kind, t, n))
			}
		}
	}
	return all
}

// Add puts a thing into the account by the body that a client would create it
// with, without its rules, and returns its id.
func (s *Server) Add(kind string, body map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := body["name"].(string)
	return s.create(kind, name, body).id
}

// failure is what befalls a request, if anything. s.mu is held.
func (s *Server) failure(r *http.Request, path string) (Failure, bool) {
	for i := range s.failures {
		f := &s.failures[i]
		if f.Method != "" && f.Method != r.Method || !strings.HasPrefix(path, f.Path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		hit := *f
		s.failures = slices.Delete(s.failures, i, i+1)
		return hit, true
	}
	return Failure{}, false
}

func (f Failure) answer(w http.ResponseWriter) {
	time.Sleep(f.Delay)
	if f.Status == 0 {
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Body != "" {
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body)) // the client may be gone
		return
	}
	refuse(w, f.Status, "E0000", "told to fail")
}
