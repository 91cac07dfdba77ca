package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// unclearKinds is the kinds of what is listed, in the order of the pages.
var unclearKinds = []consent.HeldFor{consent.HeldUnclear, consent.HeldRenewal, consent.HeldRestored}

// listUnclear tells for whom somebody has to decide.
func (s *Server) listUnclear(w http.ResponseWriter, r *http.Request) {
	kind, after, wrong := unclearCursor(r)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	facts, next, err := s.cfg.Ledger.Unclear(ctx, unclearKinds[kind], after)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	list := api.UnclearList{Unclear: []api.Unclear{}}
	for _, f := range facts {
		list.Unclear = append(list.Unclear, api.Unclear{Kind: unclearKinds[kind], Seq: f.Seq, Number: f.Number.E164(),
			Seller: f.Seller, Type: f.Type, OccurredAt: f.OccurredAt, Source: f.Source,
			Words: f.Words, Note: f.Note, CallID: f.CallID})
	}
	if next == 0 {
		kind++
	}
	if kind < len(unclearKinds) {
		list.Next = fmt.Sprintf("%s:%d", unclearKinds[kind], next)
	}
	reply(w, http.StatusOK, list)
}

// unclearCursor reads where a page begins.
func unclearCursor(r *http.Request) (kind int, after int64, wrong []api.FieldError) {
	for name := range r.URL.Query() {
		if name != "cursor" {
			wrong = append(wrong, fieldError(short(name), "unknown parameter: this route takes cursor"))
		}
	}
	cursor := r.URL.Query().Get("cursor")
	if cursor == "" {
		return 0, 0, wrong
	}
	name, row, _ := strings.Cut(cursor, ":")
	after, err := strconv.ParseInt(row, 10, 64)
	for i, k := range unclearKinds {
		if name == string(k) && err == nil && after >= 0 {
			return i, after, wrong
		}
	}
	return 0, 0, append(wrong, fieldError("cursor", "want the next value of an earlier page"))
}
