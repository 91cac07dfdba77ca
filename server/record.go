package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Audit is where uses of rights are written down: *postgres.Ledger.
type Audit interface {
	// RecordAccess writes one down, durably.
	RecordAccess(ctx context.Context, a consent.Access) error
	// Accesses is a page of them, the newest first; see [consent.AccessFilter].
	Accesses(ctx context.Context, f consent.AccessFilter) (list []consent.Fact, next int64, err error)
}

// use is the use of a right that is recorded.
type use struct {
	consent.Access
	done bool // it was written down
}

// record writes down that the request's key is about to use the route's right, on a call
// or a number, either of which may be none. A handler calls it when all is checked and
// before anything is done; without the record nothing is done. If it is false it has
// answered.
func (s *Server) record(w http.ResponseWriter, r *http.Request, callID string, n phone.Number) bool {
	a := s.use.Access
	a.CallID, a.Number = callID, n
	s.use.done = s.recordAs(w, r, a)
	return s.use.done
}

// recordAs is record for a right of another name.
func (s *Server) recordAs(w http.ResponseWriter, r *http.Request, a consent.Access) bool {
	a.Outcome = consent.AccessGranted
	ctx, cancel := settling(r)
	defer cancel()
	if err := s.cfg.Audit.RecordAccess(ctx, a); err != nil {
		s.log.Error().Err(err).Str("right", a.Right).Msg("use of a right not recorded; refused")
		no := document{Title: "unavailable", Status: http.StatusServiceUnavailable,
			Detail: "the consent ledger can't record this access at the moment: nothing was done"}.answer()
		no.RetryAfter = 5
		no.send(w)
		return false
	}
	return true
}

// recordOf is record for the call that the path names. A call that the key doesn't see is
// none.
func (s *Server) recordOf(w http.ResponseWriter, r *http.Request) bool {
	s.flush(r)
	ctx, cancel := bounded(r)
	defer cancel()
	c, err := s.cfg.Calls.Get(ctx, r.PathValue("id"))
	if err != nil {
		s.storeProblem(w, err)
		return false
	}
	return s.record(w, r, c.ID, personOf(c))
}

// personOf is the number of the person on the other end of a call; zero if it is withheld.
func personOf(c calllog.Call) phone.Number {
	text := c.From
	if c.Direction == calllog.Outbound {
		text = c.To
	}
	n, err := phone.Parse(text)
	if err != nil {
		return phone.Number{}
	}
	return n
}

// proven is the answer to a use of a right that is recorded: nothing good is sent before
// the record is there. It catches a handler that forgets it.
type proven struct {
	http.ResponseWriter
	use   *use
	log   zerolog.Logger
	begun bool
	empty bool // what would be sent is not
}

// Unwrap is for http.ResponseController.
func (p *proven) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *proven) WriteHeader(status int) {
	if p.begun {
		return
	}
	p.begun = true
	if p.empty = status < http.StatusMultipleChoices && !p.use.done; p.empty {
		p.log.Error().Str("route", p.use.Route).Msg("internal error: a right was used without a record; answer withheld")
		problem(p.ResponseWriter, http.StatusInternalServerError, "internal error", "this access was not recorded")
		return
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *proven) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	if p.empty {
		return len(b), nil
	}
	return p.ResponseWriter.Write(b)
}

// recordRefusal writes down that a key tried what it may not: once a minute for each key
// and route, so that no key can fill the ledger. It is refused either way.
func (s *Server) recordRefusal(r *http.Request, a consent.Access) {
	if !s.tried.first(a.Key+" "+a.Route, time.Now()) {
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	if err := s.cfg.Audit.RecordAccess(ctx, a); err != nil {
		s.log.Error().Err(err).Str("key", a.Key).Str("right", a.Right).Msg("refused use of a right not recorded")
	}
}

// tries is what was tried in the minute that began at since.
type tries struct {
	mu    sync.Mutex
	since time.Time
	seen  map[string]bool
}

// first tells whether something is tried for the first time in its minute.
func (t *tries) first(what string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if age := now.Sub(t.since); t.seen == nil || age >= time.Minute || age < 0 {
		t.since, t.seen = now, map[string]bool{}
	}
	if t.seen[what] {
		return false
	}
	t.seen[what] = true
	return true
}
