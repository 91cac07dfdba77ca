package realtimetest

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
)

// plan is how a handshake is taken, other than accepted at once.
type plan struct {
	status int    // in place of 101
	code   string // of an error after 101
	close  int    // that follows it
	silent bool   // accepted, and then nothing
	deaf   bool   // settings are never confirmed
	hang   bool
	delay  time.Duration
}

// Refuse answers the next handshakes with an HTTP status, as often as times says, or, if
// times is negative, always. Plans are followed in their order.
func (s *Server) Refuse(status, times int) { s.plans.Add(plan{status: status}, times) }

// RefuseLate accepts the next handshakes, sends an error of the code, and closes with
// the close code and "invalid_request_error.CODE" as the reason; 0 doesn't close.
func (s *Server) RefuseLate(code string, close, times int) {
	s.plans.Add(plan{code: code, close: close}, times)
}

// Silence accepts the next handshakes, and says nothing.
func (s *Server) Silence(times int) { s.plans.Add(plan{silent: true}, times) }

// Deafen lets the next sessions begin, and never confirms their settings.
func (s *Server) Deafen(times int) { s.plans.Add(plan{deaf: true}, times) }

// Hang leaves the next handshakes without an answer.
func (s *Server) Hang(times int) { s.plans.Add(plan{hang: true}, times) }

// Delay answers the next handshakes only after d.
func (s *Server) Delay(d time.Duration, times int) { s.plans.Add(plan{delay: d}, times) }

// Accept forgets what was planned: every handshake is accepted at once again.
func (s *Server) Accept() { s.plans.Clear() }

var upgrader = websocket.Upgrader{
	CheckOrigin:  func(*http.Request) bool { return true },
	Subprotocols: []string{"realtime"}, // browsers offer it, with the key as another
}

// serve is the host: one path, and the key is asked for before anything else.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/v1/models" && s.config.Shutdowns != nil:
		s.models(w, r)
		return
	case r.URL.Path != "/v1/realtime":
		refuse(w, http.StatusNotFound)
		return
	}
	p := s.plans.Next()
	wiretest.Await(s.context, r, p.delay, p.hang)
	switch {
	case p.status != 0:
		refuse(w, p.status)
		return
	case !s.knows(r.Header):
		refuse(w, http.StatusUnauthorized)
		return
	case s.config.Dialect == realtime.Azure && r.URL.Query().Get("model") == "":
		refuse(w, http.StatusBadRequest)
		return
	}
	s.serving.Add(1) // before the connection stops being an HTTP server's, which Close waits for first
	defer s.serving.Done()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // gorilla has answered
	}
	s.session(ws, r, p)
}

// knows asks for the key where the dialect has it.
func (s *Server) knows(h http.Header) bool {
	if s.config.Key == "" {
		return true
	}
	bearer := h.Get("Authorization") == "Bearer "+s.config.Key
	switch s.traits.Auth {
	case realtime.AuthAPIKey:
		return bearer || h.Get("api-key") == s.config.Key
	case realtime.AuthBasic:
		return h.Get("Authorization") == "Basic "+s.config.Key
	}
	return bearer
}

// refusals are the codes of refused handshakes, by their status.
var refusals = map[int]string{
	http.StatusUnauthorized: "invalid_api_key", http.StatusForbidden: "model_not_found",
	http.StatusNotFound: "model_not_found", http.StatusTooManyRequests: "rate_limit_exceeded",
}

// refuse answers as OpenAI does.
func refuse(w http.ResponseWriter, status int) {
	kind, code := "invalid_request_error", refusals[status]
	if status >= 500 {
		kind, code = "server_error", "server_error"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object{"error": object{"type": kind, "code": orNull(code),
		"message": http.StatusText(status), "param": nil}})
}

func certificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}
