package server

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/plain"
)

// document is a problem on its way to whoever asked.
type document api.Problem

const jsonType = "application/json"

// answer is what a request comes to, before it is sent: it may be kept and sent again.
type answer struct {
	Status     int    `json:"status"`
	Type       string `json:"type"`
	Body       []byte `json:"body"`
	RetryAfter int    `json:"retry_after,omitempty"` // seconds
	Later      bool   `json:"later,omitempty"`       // the same request may come to something else later, and is decided again
}

func (d document) answer() answer {
	if d.Type == "" {
		d.Type = "about:blank"
	}
	return answer{Status: d.Status, Type: api.ProblemType, Body: plain.JSON(encode(d))}
}

// encode writes what we made ourselves, which can be written.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("server: internal error: " + err.Error())
	}
	return append(b, '\n')
}

// send sends an answer.
func (a answer) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Cache-Control", "no-store") // transcripts are nobody's cache's business
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.RetryAfter))
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // whoever asked may have gone
}

// problem answers an error as application/problem+json.
func problem(w http.ResponseWriter, status int, title, detail string) {
	document{Title: title, Status: status, Detail: detail}.answer().send(w)
}

// reply answers JSON.
func reply(w http.ResponseWriter, status int, v any) {
	answer{Status: status, Type: jsonType, Body: plain.JSON(encode(v))}.send(w)
}

// unrouted answers what none of a mux's routes takes, and says so if it is the
// method alone that doesn't fit.
func unrouted(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			probe := *r
			probe.Method = method
			if _, pattern := mux.Handler(&probe); pattern != "/" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			problem(w, http.StatusNotFound, "not found", "unknown route")
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		problem(w, http.StatusMethodNotAllowed, "method not allowed", "this route supports "+strings.Join(allowed, " and "))
	}
}

// quietLog gives net/http's own complaints to our log, without their text: it
// may hold what a client sent.
func quietLog(l zerolog.Logger) *log.Logger {
	return log.New(complaints{l}, "", 0)
}

type complaints struct{ log zerolog.Logger }

func (c complaints) Write(p []byte) (int, error) {
	c.log.Debug().Int("bytes", len(p)).Msg("net/http reported a connection error")
	return len(p), nil
}
