package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/keys"
)

type askedBy struct{}

// keyOf is the key with which a request came; the zero Key opens nothing.
func keyOf(r *http.Request) keys.Key {
	k, _ := r.Context().Value(askedBy{}).(keys.Key)
	return k
}

// keyWait bounds looking a key up: the look-up that is under way, and its own.
const keyWait = 5 * time.Second

// authorised lets through who has a key. Too many wrong ones from one address are
// answered 429; a right one is always taken, and a missing one is not counted. A long
// answer ends soon after its key.
func (s *Server) authorised(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if secret = strings.TrimSpace(secret); !strings.EqualFold(scheme, "Bearer") || secret == "" {
			s.unauthorized(w, "an API key is required: Authorization: Bearer KEY")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), keyWait)
		k, err := s.keys.Check(ctx, secret)
		cancel()
		switch {
		case errors.Is(err, keys.ErrUnknown):
			s.wrongKey(w, r)
		case err != nil:
			s.log.Error().Err(err).Msg("API key lookup failed")
			problem(w, http.StatusServiceUnavailable, "unavailable", "the API key can't be verified at the moment")
		default:
			r, done := s.whileLive(w, r, secret, k)
			defer done()
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askedBy{}, k)))
		}
	})
}

// unauthorized answers who has no key that opens anything.
func (s *Server) unauthorized(w http.ResponseWriter, detail string) {
	s.refused.WithLabelValues("token").Inc()
	w.Header().Set("WWW-Authenticate", `Bearer realm="patchcord"`)
	problem(w, http.StatusUnauthorized, "unauthorized", detail)
}

// wrongKey answers a key that is wrong, and counts it.
func (s *Server) wrongKey(w http.ResponseWriter, r *http.Request) {
	from := s.cfg.address(r)
	guess := s.guesses.Wrong(from, time.Now())
	if guess.Log {
		s.log.Warn().Str("address", from.String()).Msg("too many wrong API keys from one address; answering further ones with 429")
	}
	if !guess.Refused {
		s.unauthorized(w, "the API key is wrong, has expired or was revoked")
		return
	}
	s.refused.WithLabelValues("guess").Inc()
	a := document{Title: "too many wrong keys", Status: http.StatusTooManyRequests,
		Detail: "too many wrong API keys from this address; a valid one is still accepted"}.answer()
	a.RetryAfter = int(guess.Retry/time.Second) + 1
	a.send(w)
}
