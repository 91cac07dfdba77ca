package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Bounds of a legal hold, in bytes.
const (
	maxHoldLength   = 16 << 10 // its body
	holdName        = 200
	holdReason      = 2000
	holdPlacedShape = "2006-01-02T15:04:05Z07:00"
)

// placeHold keeps a number, or the person of a call, from being erased.
func (s *Server) placeHold(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxHoldLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	o := readObject(raw, "", &wrong, fieldsOf[api.HoldRequest]()...)
	f := consent.Fact{Type: consent.LegalHold, OccurredAt: s.cfg.now(), Source: "operator", Actor: "api", Via: viaOf(r, &wrong),
		Name: o.line("name", holdName, true), Reason: o.line("reason", holdReason, true), By: o.line("by", holdName, false)}
	number, id := o.text("number", holdName), o.text("call", holdName)
	var err error
	switch {
	case len(wrong) > 0:
	case (number == "") == (id == ""):
		o.complain("number", "want a number or a call")
	case id != "":
		f.CallID = id
		f.Number, err = s.personOf(r.Context(), id)
		if errors.Is(err, calllog.ErrNotFound) {
			o.complain("call", "unknown call, or a call without a number: it was withheld or erased")
		}
	default:
		if f.Number, err = phone.Parse(number); err != nil {
			o.complain("number", wantNumber)
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if err != nil {
		s.log.Error().Err(err).Msg("call of a legal hold not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the call log can't be read at the moment")
		return
	}
	if !s.record(w, r, f.CallID, f.Number) {
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	receipts, err := s.cfg.Gate.Ledger.Record(ctx, f)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	reply(w, http.StatusCreated, receipts[0])
}

// personOf is the number of the person of a call.
func (s *Server) personOf(ctx context.Context, id string) (phone.Number, error) {
	ctx, cancel := context.WithTimeout(ctx, ledgerWait)
	defer cancel()
	c, err := s.cfg.Calls.Get(ctx, id)
	if err != nil {
		return phone.Number{}, err
	}
	number := c.To
	if c.Direction == calllog.Inbound {
		number = c.From
	}
	n, err := phone.Parse(number)
	if err != nil {
		return phone.Number{}, calllog.ErrNotFound
	}
	return n, nil
}

// listHolds tells which legal holds there are.
func (s *Server) listHolds(w http.ResponseWriter, r *http.Request) {
	after, err := int64(0), error(nil)
	if cursor := r.URL.Query().Get("cursor"); cursor != "" {
		after, err = strconv.ParseInt(cursor, 10, 64)
	}
	if err != nil || after < 0 {
		wrongField("cursor", "want the next value of an earlier page").send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	facts, next, err := s.cfg.Ledger.Holds(ctx, after)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	list := api.HoldList{Holds: []api.Hold{}}
	for _, f := range facts {
		list.Holds = append(list.Holds, api.Hold{Seq: f.Seq, Number: f.Number.E164(), CallID: f.CallID,
			Name: f.Name, Reason: f.Reason, By: f.By, PlacedAt: f.OccurredAt.UTC().Format(holdPlacedShape)})
	}
	if next > 0 {
		list.Next = strconv.FormatInt(next, 10)
	}
	reply(w, http.StatusOK, list)
}

// releaseHold ends a legal hold. An erasure that waits for it goes on.
func (s *Server) releaseHold(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxHoldLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	o := readObject(raw, "", &wrong, fieldsOf[api.HoldRelease]()...)
	f := consent.Fact{Type: consent.HoldReleased, OccurredAt: s.cfg.now(), Source: "operator", Actor: "api", Via: viaOf(r, &wrong),
		Reason: o.line("reason", holdReason, true), By: o.line("by", holdName, false)}
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		wrong = append(wrong, fieldError("seq", "want the row of a legal hold"))
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	hold, found, err := s.liveHold(ctx, seq)
	if err == nil && !found {
		problem(w, http.StatusNotFound, "not found", "unknown legal hold, or it was released")
		return
	}
	if err == nil && !s.record(w, r, hold.CallID, hold.Number) {
		return
	}
	var receipts []consent.Receipt
	if err == nil {
		f.Number, f.Renews, f.CallID = hold.Number, seq, hold.CallID
		receipts, err = s.cfg.Gate.Ledger.Record(ctx, f)
	}
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	reply(w, http.StatusOK, receipts[0])
}

// liveHold is the legal hold of a row, if nobody has released it.
func (s *Server) liveHold(ctx context.Context, seq int64) (consent.Fact, bool, error) {
	page, _, err := s.cfg.Ledger.Holds(ctx, seq-1)
	if err != nil || len(page) == 0 || page[0].Seq != seq {
		return consent.Fact{}, false, err
	}
	return page[0], true, nil
}

// line reads a string of one line.
func (o object) line(name string, longest int, required bool) string {
	before := len(*o.wrong)
	s := strings.TrimSpace(o.text(name, longest))
	switch {
	case len(*o.wrong) > before || o.fields == nil:
	case s == "" && required:
		o.complain(name, "is required")
	case !printable(s):
		o.complain(name, "want one line of text")
	}
	return s
}

// printable tells whether a text is one line that a terminal shows as it is.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
