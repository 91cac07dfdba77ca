package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Ledger is what the routes read of the ledger beside what the gate does.
type Ledger interface {
	// History is all that the ledger knows of a number, the oldest first.
	History(ctx context.Context, n phone.Number) ([]consent.Fact, error)
	// Verify computes the chain again, from the first row.
	Verify(ctx context.Context) (Verified, error)
	// Export gives every row as a line of JSON, in their order; of one number or one
	// seller where they are given.
	Export(ctx context.Context, n phone.Number, seller string, row func(line []byte) error) error
}

// Verified is what came of computing the chain again.
type Verified struct {
	OK      bool   `json:"ok"`
	Rows    int64  `json:"rows"`
	Head    string `json:"head"`
	BadSeq  int64  `json:"bad_seq,omitempty"` // the first row that does not hold
	Problem string `json:"problem,omitempty"`
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
	reply(w, http.StatusOK, map[string]any{"number": n.E164(), "state": state(facts, s.cfg.now()), "events": events})
}

// verifyConsent computes the chain again.
func (s *Server) verifyConsent(w http.ResponseWriter, r *http.Request) {
	select { // one at a time: it reads everything there is
	case s.verifying <- struct{}{}:
		defer func() { <-s.verifying }()
	default:
		problem(w, http.StatusConflict, "conflict", "the ledger is being verified at the moment; ask again when that is done")
		return
	}
	out := http.NewResponseController(w)
	out.SetWriteDeadline(time.Now().Add(verifyWait + time.Minute))
	ctx, cancel := context.WithTimeout(r.Context(), verifyWait)
	defer cancel()
	v, err := s.cfg.Ledger.Verify(ctx)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	if !v.OK {
		s.log.Error().Int64("seq", v.BadSeq).Msg("the ledger's chain does not verify: somebody has changed a row")
	}
	reply(w, http.StatusOK, v)
}

// exportConsent sends the rows as lines of JSON. A reader that takes nothing for a
// while is cut off; an end without a newline, or an answer that is cut, is not the
// whole.
func (s *Server) exportConsent(w http.ResponseWriter, r *http.Request) {
	var wrong []FieldError
	var n phone.Number
	var seller string
	for name, values := range r.URL.Query() {
		switch v := values[0]; name {
		case "number":
			var err error
			if n, err = phone.Parse(v); err != nil {
				wrong = append(wrong, FieldError{name, wantNumber})
			}
		case "seller":
			if _, known := s.cfg.Directory.Sellers[v]; !known {
				wrong = append(wrong, FieldError{name, "there is no seller of that name"})
			}
			seller = v
		default:
			wrong = append(wrong, FieldError{short(name), "it is not a parameter of this route: number, seller are"})
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	out := http.NewResponseController(w)
	var piece []byte
	begun := false
	flush := func() error {
		if !begun {
			begun = true
			w.Header().Set("Content-Type", "application/x-ndjson")
			w.Header().Set("Cache-Control", "no-store")
		}
		out.SetWriteDeadline(time.Now().Add(exportEvery))
		_, err := w.Write(piece)
		piece = piece[:0]
		return err
	}
	err := s.cfg.Ledger.Export(r.Context(), n, seller, func(line []byte) error {
		piece = append(append(piece, line...), '\n')
		if len(piece) < exportPiece {
			return nil
		}
		return flush()
	})
	switch {
	case err != nil && !begun:
		s.ledgerAway(err).send(w)
	case err != nil:
		s.log.Error().Err(err).Msg("an export of the ledger broke off")
		panic(http.ErrAbortHandler) // so that the reader knows that it is not whole
	default:
		_ = flush() // whoever asked may have gone
	}
}
