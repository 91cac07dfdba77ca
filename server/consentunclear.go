package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// UnclearList is the answer of GET /v1/consent/unclear: a page, the oldest first. A page
// may be short, or empty, and have another behind it.
type UnclearList struct {
	Unclear []Unclear `json:"unclear"`
	Next    string    `json:"next,omitempty"` // cursor of the next page; empty on the last
}

// Unclear is a row for which somebody has to decide.
type Unclear struct {
	Kind       consent.HeldFor `json:"kind"`
	Seq        int64           `json:"seq"` // what a resolve, or a grant, names with renews
	Number     string          `json:"number"`
	Seller     string          `json:"seller"`
	Type       consent.Type    `json:"type"`
	OccurredAt time.Time       `json:"occurred_at"`
	Source     string          `json:"source"`
	Words      string          `json:"words,omitempty"`
	Note       string          `json:"note,omitempty"`
	CallID     string          `json:"call_id,omitempty"`
}

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
	list := UnclearList{Unclear: []Unclear{}}
	for _, f := range facts {
		list.Unclear = append(list.Unclear, Unclear{unclearKinds[kind], f.Seq, f.Number.E164(), f.Seller, f.Type, f.OccurredAt, f.Source, f.Words, f.Note, f.CallID})
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
func unclearCursor(r *http.Request) (kind int, after int64, wrong []FieldError) {
	for name := range r.URL.Query() {
		if name != "cursor" {
			wrong = append(wrong, FieldError{short(name), "unknown parameter: this route takes cursor"})
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
	return 0, 0, append(wrong, FieldError{"cursor", "want the next value of an earlier page"})
}
