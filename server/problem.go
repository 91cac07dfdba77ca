package server

import (
	"encoding/json"
	"log"
	"net/http"
	"strings"

	"github.com/rs/zerolog"
)

// document is RFC 9457's problem document.
type document struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

// problem answers an error as application/problem+json.
func problem(w http.ResponseWriter, status int, title, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(document{"about:blank", title, status, detail})
}

// reply answers JSON.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store") // transcripts are nobody's cache's business
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// unrouted answers what none of a mux's routes takes, and says so if it is the
// method alone that doesn't fit.
func unrouted(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			probe := *r
			probe.Method = method
			if _, pattern := mux.Handler(&probe); pattern != "/" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			problem(w, http.StatusNotFound, "not found", "there is no such route")
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		problem(w, http.StatusMethodNotAllowed, "method not allowed", "this route is there for "+strings.Join(allowed, " and "))
	}
}

// quietLog gives net/http's own complaints to our log, without their text: it
// may hold what a client sent.
func quietLog(l zerolog.Logger) *log.Logger {
	return log.New(complaints{l}, "", 0)
}

type complaints struct{ log zerolog.Logger }

func (c complaints) Write(p []byte) (int, error) {
	c.log.Debug().Int("bytes", len(p)).Msg("net/http complained about a connection")
	return len(p), nil
}
