package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Ledger is what the routes need of the ledger beside what the gate does.
type Ledger interface {
	// History is all that the ledger knows of a number, the oldest first.
	History(ctx context.Context, n phone.Number) ([]consent.Fact, error)
	// Replay makes the decision of a row again, from what is kept.
	Replay(ctx context.Context, seq int64) (consent.Replayed, error)
	// Verify computes the chain again, from the first row.
	Verify(ctx context.Context) (consent.VerifyResult, error)
	// Export writes rows as lines of JSON, in their order.
	Export(ctx context.Context, w io.Writer, f consent.ExportFilter) error
	// Campaigns counts the calls of each campaign in the last 30 days.
	Campaigns(ctx context.Context) (map[consent.Campaign]consent.Calls, error)
	// Unclear is a page of the rows for which somebody has to decide, of one kind, behind
	// a row; next is 0 if there is no further page.
	Unclear(ctx context.Context, kind consent.HeldFor, after int64) (facts []consent.Fact, next int64, err error)
	// Erase destroys what is personal of a number; what it refuses stays.
	Erase(ctx context.Context, n phone.Number, why string) (consent.Receipt, error)
}

// Bounds of what reads the whole ledger.
const (
	verifyWait  = 10 * time.Minute // 100 k rows a second
	exportEvery = 30 * time.Second // for a reader to take the next piece
	exportPiece = 64 << 10         // bytes
	whyLongest  = 200              // bytes of the reason of an erasure
)

// History is the answer of GET /v1/consent/{number}.
type History struct {
	Number  string                   `json:"number"`
	State   consent.State            `json:"state"`   // the worst of all sellers'
	Sellers map[string]consent.State `json:"sellers"` // each seller's
	Events  []json.RawMessage        `json:"events"`  // the oldest first
}

// showConsent tells the state and the full history of a number.
func (s *Server) showConsent(w http.ResponseWriter, r *http.Request) {
	n, err := phone.Parse(r.PathValue("number"))
	if err != nil {
		wrongFields([]FieldError{{"number", wantNumber}}).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	facts, err := s.cfg.Ledger.History(ctx, n)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	events := make([]json.RawMessage, len(facts))
	for i, f := range facts {
		if events[i], err = consent.Encode(f); err != nil {
			s.ledgerAway(err).send(w)
			return
		}
	}
	now := s.cfg.now()
	h := History{Number: n.E164(), State: consent.WorstSummary(s.cfg.Directory.allSellers(), facts, now), Sellers: map[string]consent.State{}, Events: events}
	for name, seller := range s.cfg.Directory.Sellers {
		h.Sellers[name] = consent.Summary(seller, facts, now)
	}
	reply(w, http.StatusOK, h)
}

// verifyConsent computes the chain again.
func (s *Server) verifyConsent(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	out.SetWriteDeadline(time.Now().Add(verifyWait + time.Minute))
	ctx, cancel := context.WithTimeout(r.Context(), verifyWait)
	defer cancel()
	select { // one at a time: it reads everything there is
	case s.verifying <- struct{}{}:
		defer func() { <-s.verifying }()
	case <-ctx.Done():
		problem(w, http.StatusServiceUnavailable, "unavailable", "others have the ledger verified at the moment")
		return
	}
	v, err := s.cfg.Ledger.Verify(ctx)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	if !v.OK {
		s.log.Error().Int64("seq", v.FirstBad).Msg("the ledger's chain does not verify: somebody has changed a row")
	}
	reply(w, http.StatusOK, v)
}

// eraseConsent destroys what is personal of a number, first what was said in its calls. What
// it refuses stays: who has said no is not called again. Half done it may be asked for again.
func (s *Server) eraseConsent(w http.ResponseWriter, r *http.Request) {
	var wrong []FieldError
	n, err := phone.Parse(r.PathValue("number"))
	if err != nil {
		wrong = append(wrong, FieldError{"number", wantNumber})
	}
	why := r.URL.Query().Get("why")
	switch {
	case why == "" || len(why) > whyLongest:
		wrong = append(wrong, FieldError{"why", fmt.Sprintf("want 1 to %d bytes: the reason, which is kept in clear and must not name the person", whyLongest)})
	case digits.MatchString(why):
		wrong = append(wrong, FieldError{"why", "it holds what may be a telephone number, and is kept in clear"})
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	err = s.cfg.Flush(ctx) // of this instance: what is written later is not found
	if err == nil {
		err = s.cfg.Calls.Erase(ctx, n.E164())
	}
	if err != nil {
		s.log.Error().Err(err).Msg("nothing could be erased from the call log")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the call log can't be written at the moment: nothing was erased")
		return
	}
	receipt, err := s.cfg.Ledger.Erase(ctx, n, why)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	reply(w, http.StatusOK, receipt)
}
