package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
)

// Erasures delete what is personal of a number, wherever it is kept.
type Erasures interface {
	// Erase orders it, or goes on with the order that there is. The error may be a *consent.HeldError.
	Erase(ctx context.Context, n phone.Number, why string) (erasure.Erasure, error)
	// Get is how far it is, or erasure.ErrUnknown.
	Get(ctx context.Context, id string) (erasure.Erasure, error)
	// Person stands for a number beside what is kept of it under other keys.
	Person(n phone.Number) [32]byte
	// Without goes on without an instance whose disk is gone.
	Without(ctx context.Context, n phone.Number, instance string) error
}

// Bounds of an erasure.
const (
	eraseWait    = 20 * time.Second // for its answer; what is not done by then goes on
	maxWhyLength = 200              // bytes of the reason, and of an instance's name
)

// eraseConsent deletes what is personal of a number. What it refuses stays: who has said no is
// not called again. It may be asked for again; 202 says that some of it is still to be done, and
// goes on by itself.
func (s *Server) eraseConsent(w http.ResponseWriter, r *http.Request) {
	var wrong []api.FieldError
	n, err := phone.Parse(r.PathValue("number"))
	if err != nil {
		wrong = append(wrong, fieldError("number", wantNumber))
	}
	query := r.URL.Query()
	why, without := query.Get("why"), query.Get("without")
	switch {
	case why == "" || len(why) > maxWhyLength:
		wrong = append(wrong, fieldError("why", fmt.Sprintf("want 1 to %d bytes: the reason, which is stored unencrypted and must not name the person", maxWhyLength)))
	case digits.MatchString(why):
		wrong = append(wrong, fieldError("why", "it may contain a telephone number, and is stored unencrypted"))
	}
	if len(without) > maxWhyLength || !printable(without) {
		wrong = append(wrong, fieldError("without", fmt.Sprintf("want the name of an instance, of at most %d bytes", maxWhyLength)))
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if !s.record(w, r, "", n) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), eraseWait)
	defer cancel()
	e, err := s.cfg.Erasures.Erase(ctx, n, why)
	if err == nil && without != "" && e.Status != erasure.Done { // now that there is an order to take it from
		if err = s.cfg.Erasures.Without(ctx, n, without); err == nil {
			e, err = s.cfg.Erasures.Erase(ctx, n, why)
		}
	}
	var held *consent.HeldError
	switch {
	case errors.As(err, &held):
		problem(w, http.StatusConflict, "held", heldBy(held.Holds))
	case err != nil:
		s.log.Error().Err(err).Msg("erasure failed")
		problem(w, http.StatusServiceUnavailable, "unavailable", "not everything is erased: the database, the ledger or the disk is unavailable at the moment. The erasure continues in the background; ask again")
	case e.Status == erasure.Done:
		reply(w, http.StatusOK, shownErasure(e))
	default:
		reply(w, http.StatusAccepted, shownErasure(e))
	}
}

// shownErasure is an erasure as the API shows it.
func shownErasure(e erasure.Erasure) api.Erasure {
	return api.Erasure{ID: e.ID, Status: api.ErasureStatus(e.Status), Why: e.Why, OrderedAt: e.OrderedAt,
		FinishedAt: e.FinishedAt, Seq: e.Seq, Hash: e.Hash, Erased: e.Erased, Waiting: e.Waiting, Kept: e.Kept}
}

// heldBy names the legal holds that stop an erasure.
func heldBy(holds []consent.Fact) string {
	text := "nothing was erased: legal hold"
	for i, h := range holds {
		if i > 0 {
			text += ";"
		}
		text += fmt.Sprintf(" %q (row %d): %s", h.Name, h.Seq, h.Reason)
	}
	return text
}

// showErasure tells how far an erasure is.
func (s *Server) showErasure(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := bounded(r)
	defer cancel()
	e, err := s.cfg.Erasures.Get(ctx, r.PathValue("id"))
	switch {
	case errors.Is(err, erasure.ErrUnknown):
		problem(w, http.StatusNotFound, "not found", "unknown erasure")
	case err != nil:
		s.log.Error().Err(err).Msg("erasure not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the database can't be read at the moment")
	default:
		reply(w, http.StatusOK, shownErasure(e))
	}
}
