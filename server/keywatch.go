package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/keys"
)

// Bounds of an answer that is under way when its key ends.
const (
	keyAgain = 2 * time.Second // how often it is asked whether the key still opens anything
	keyLast  = time.Second     // for the last words of the answer
)

// errKeyEnded is the cause with which the context of such an answer ends.
var errKeyEnded = errors.New("server: the API key has expired or was revoked")

// whileLive ends a request's context soon after its key is revoked, or has expired. Short
// answers are done before that, and what changes something goes on to its end. Call the
// function after the answer.
func (s *Server) whileLive(w http.ResponseWriter, r *http.Request, secret string, k keys.Key) (*http.Request, func()) {
	if r.Method != http.MethodGet {
		return r, func() {}
	}
	ctx, end := context.WithCancelCause(r.Context())
	go func() {
		tick := time.NewTicker(keyAgain)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if !s.stillLive(ctx, secret, k) && ctx.Err() == nil {
				http.NewResponseController(w).SetWriteDeadline(time.Now().Add(keyLast))
				end(errKeyEnded)
			}
		}
	}()
	return r.WithContext(ctx), func() { end(nil) }
}

// stillLive tells whether a key opens anything. While nobody can say so, it does until its
// end.
func (s *Server) stillLive(ctx context.Context, secret string, k keys.Key) bool {
	ctx, cancel := context.WithTimeout(ctx, keyWait)
	defer cancel()
	_, err := s.keys.Check(ctx, secret)
	return !errors.Is(err, keys.ErrUnknown) && k.Live(s.cfg.now())
}

// keyEnded tells whether an answer is cut short because its key has ended.
func keyEnded(r *http.Request) bool { return errors.Is(context.Cause(r.Context()), errKeyEnded) }

// endedKey is what is said of such a key.
var endedKey = document{Title: "unauthorized", Status: http.StatusUnauthorized,
	Detail: "the API key has expired or was revoked"}

// patient is an answer that may be long: each piece has a deadline of its own, and there is
// no piece after the end of the request.
type patient struct {
	http.ResponseWriter
	ctx  context.Context
	out  *http.ResponseController
	each time.Duration
}

func patiently(w http.ResponseWriter, r *http.Request, each time.Duration) *patient {
	return &patient{w, r.Context(), http.NewResponseController(w), each}
}

func (p *patient) Write(b []byte) (int, error) {
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx)
	}
	p.out.SetWriteDeadline(time.Now().Add(p.each))
	return p.ResponseWriter.Write(b)
}
