package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// Ledger is what the routes need of the ledger beside what the gate does.
type Ledger interface {
	// History is all that the ledger knows of a number, the oldest first.
	History(ctx context.Context, n phone.Number) ([]consent.Fact, error)
	// Replay makes the decision of a row again, from what is kept.
	Replay(ctx context.Context, seq int64) (consent.Replayed, error)
	// Verify computes the chain again, from the first row.
	Verify(ctx context.Context) (proof.VerifyResult, error)
	// Export writes rows as lines of JSON, in their order.
	Export(ctx context.Context, w io.Writer, f proof.ExportFilter) error
	// Campaigns counts the calls of each campaign in the last 30 days.
	Campaigns(ctx context.Context) (map[consent.Campaign]consent.Calls, error)
	// Unclear is a page of the rows for which somebody has to decide, of one kind, behind
	// a row; next is 0 if there is no further page.
	Unclear(ctx context.Context, kind consent.HeldFor, after int64) (facts []consent.Fact, next int64, err error)
	// Holds is a page of the legal holds that nobody has released, behind a row; next is 0 if
	// there is no further page.
	Holds(ctx context.Context, after int64) (held []consent.Fact, next int64, err error)
}

// Bounds of what reads the whole ledger.
const (
	verifyWait  = 10 * time.Minute // 100 k rows a second
	exportEvery = 30 * time.Second // for a reader to take the next piece
	exportPiece = 64 << 10         // bytes
)

// showConsent tells the state and the full history of a number.
func (s *Server) showConsent(w http.ResponseWriter, r *http.Request) {
	n, err := phone.Parse(r.PathValue("number"))
	if err != nil {
		wrongField("number", wantNumber).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	facts, err := s.cfg.Ledger.History(ctx, n)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	events := []json.RawMessage{}
	for _, f := range facts {
		if !s.cfg.Directory.shows(f.Seller) {
			continue
		}
		event, err := consent.Encode(f)
		if err != nil {
			s.ledgerAway(err).send(w)
			return
		}
		events = append(events, event)
	}
	now := s.cfg.now()
	h := api.History{Number: n.E164(), State: consent.WorstSummary(s.cfg.Directory.allSellers(), facts, now), Sellers: map[string]consent.State{}, Events: events}
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
		problem(w, http.StatusServiceUnavailable, "unavailable", "the ledger is already being verified")
		return
	}
	v, err := s.cfg.Ledger.Verify(ctx)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	if !v.OK {
		s.log.Error().Int64("seq", v.FirstBad).Msg("ledger's chain does not verify: a row was changed")
	}
	reply(w, http.StatusOK, v)
}
