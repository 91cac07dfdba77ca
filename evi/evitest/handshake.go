package evitest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// plan is how a handshake is taken, other than accepted at once.
type plan struct {
	status int // in place of 101
	hang   bool
	delay  time.Duration
}

// Refuse answers the next handshakes with an HTTP status, as often as times
// says, or, if times is negative, always. Plans are followed in their order.
func (s *Server) Refuse(status, times int) { s.plans.Add(plan{status: status}, times) }

// Hang leaves the next handshakes without an answer.
func (s *Server) Hang(times int) { s.plans.Add(plan{hang: true}, times) }

// Delay answers the next handshakes only after d.
func (s *Server) Delay(d time.Duration, times int) { s.plans.Add(plan{delay: d}, times) }

// Accept forgets what was planned: every handshake is accepted at once again.
func (s *Server) Accept() { s.plans.Clear() }

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serve is the host: one path, and the key is asked for before anything else.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/v0/evi/chat":
	case "/oauth2-cc/token":
		s.exchange(w, r)
		return
	default:
		http.NotFound(w, r)
		return
	}
	p := s.plans.Next()
	wiretest.Await(s.ctx, r, p.delay, p.hang)
	query := r.URL.Query()
	switch {
	case p.status != 0:
		http.Error(w, http.StatusText(p.status), p.status)
		return
	case !s.knows(r.Header, query):
		http.Error(w, "Invalid authentication credentials", http.StatusUnauthorized)
		return
	}
	s.checkQuery(r.Header, query)
	s.chats.Add(1) // before the connection stops being an HTTP server's, which Close waits for first
	defer s.chats.Done()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // gorilla has answered
	}
	s.chat(ws, query)
}

// knows takes the key wherever EVI takes it, and as a token too.
func (s *Server) knows(h http.Header, q url.Values) bool {
	given := []string{h.Get("X-Hume-Api-Key"), q.Get("api_key"), q.Get("access_token"),
		strings.TrimPrefix(h.Get("Authorization"), "Bearer ")}
	return slices.Contains(given, s.key) || q.Get("access_token") == s.token()
}

// exchange gives a token for the key and any secret key.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	if key, secret, _ := r.BasicAuth(); key != s.key || secret == "" || r.Method != http.MethodPost ||
		r.PostFormValue("grant_type") != "client_credentials" {
		http.Error(w, "Invalid authentication credentials", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": s.token(), "token_type": "bearer", "expires_in": 1800})
}

// token is what stands for the key for half an hour.
func (s *Server) token() string { return "token of " + s.key }
