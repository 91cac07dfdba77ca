package server

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/phone"
)

// exportConsent sends the rows as lines of JSON. A reader that takes nothing for a
// while is cut off; an answer that is cut is not the whole.
func (s *Server) exportConsent(w http.ResponseWriter, r *http.Request) {
	var wrong []api.FieldError
	f := s.exportFilter(r.URL.Query(), &wrong)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if s.cfg.Directory.whole != nil {
		f.Sellers = s.cfg.Directory.names()
	}
	if there, err := s.hasRows(r.Context(), f); err != nil {
		s.ledgerAway(err).send(w)
		return
	} else if !there {
		wrongField("seller", noSeller).send(w)
		return
	}
	if !s.record(w, r, "", f.Number) {
		return
	}
	if !f.Sealed && !s.key.May(keys.Numbers) {
		f.Sealed = true
		w.Header().Set(api.SealedHeader, "true")
	}
	p := &pieces{patient: patiently(w, r, exportEvery)}
	b := bufio.NewWriterSize(p, exportPiece)
	err := s.cfg.Ledger.Export(r.Context(), b, f)
	if err == nil {
		err = b.Flush()
	}
	switch {
	case err == nil && !p.begun: // there is no row
		_, _ = p.Write(nil)
	case !p.begun && keyEnded(r):
		endedKey.answer().send(w)
	case err != nil && !p.begun:
		s.ledgerAway(err).send(w)
	case err != nil:
		s.log.Error().Err(err).Msg("ledger export interrupted")
		panic(http.ErrAbortHandler) // so that the reader knows that it is not whole
	}
}

// exportFilter reads which rows are wanted.
func (s *Server) exportFilter(q url.Values, wrong *[]api.FieldError) (f proof.ExportFilter) {
	bad := func(name, detail string) { *wrong = append(*wrong, fieldError(name, detail)) }
	flag := func(name, v string, out *bool) {
		var err error
		if *out, err = strconv.ParseBool(v); err != nil {
			bad(name, "want true or false")
		}
	}
	seq := func(name, v string, out *int64) {
		var err error
		if *out, err = strconv.ParseInt(v, 10, 64); err != nil || *out < 1 {
			bad(name, "want the number of a row, from 1")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		switch v := q[name][0]; name {
		case "number":
			var err error
			if f.Number, err = phone.Parse(v); err != nil {
				bad(name, wantNumber)
			}
		case "seller":
			if f.Seller = v; v == "" {
				bad(name, "want the name of a seller")
			}
		case "from":
			seq(name, v, &f.From)
		case "until":
			seq(name, v, &f.To)
		case "linked":
			flag(name, v, &f.Linked)
		case "sealed":
			flag(name, v, &f.Sealed)
		default:
			bad(short(name), "unknown parameter: this route takes from, linked, number, sealed, seller, until")
		}
	}
	return f
}

// hasRows tells whether a name is that of a seller, now or before, or empty. One that
// bridge.yaml no longer has counts if the ledger has rows of it that may be seen.
func (s *Server) hasRows(ctx context.Context, f proof.ExportFilter) (bool, error) {
	if _, known := s.cfg.Directory.seller(f.Seller); known || f.Seller == "" {
		return true, nil
	}
	var n written
	err := s.cfg.Ledger.Export(ctx, &n, proof.ExportFilter{Seller: f.Seller, Sellers: f.Sellers})
	return n > 0, err
}

// written counts what is written to it, in bytes.
type written int64

func (n *written) Write(b []byte) (int, error) {
	*n += written(len(b))
	return len(b), nil
}

// pieces writes an answer whose reader has to take each piece in time; the time for
// the whole is not bounded.
type pieces struct {
	*patient
	begun bool
}

func (p *pieces) Write(b []byte) (int, error) {
	if !p.begun && p.ctx.Err() == nil {
		p.begun = true
		p.Header().Set("Content-Type", "application/x-ndjson")
		p.Header().Set("Cache-Control", "no-store")
	}
	return p.patient.Write(b)
}
