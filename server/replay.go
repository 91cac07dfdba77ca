package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/patchcord/patchcord/consent"
)

// replayConsent makes a decision of the ledger again, and says whether it comes out the
// same.
func (s *Server) replayConsent(w http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		wrongField("seq", "want the number of a row, from 1").send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	again, err := s.cfg.Ledger.Replay(ctx, seq)
	var why *consent.ReplayError
	switch {
	case errors.As(err, &why):
		problem(w, http.StatusConflict, "conflict", why.Error())
	case err != nil:
		s.ledgerAway(err).send(w)
	default:
		reply(w, http.StatusOK, again)
	}
}
