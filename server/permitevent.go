package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/permits"
)

// Bounds of an event, in bytes unless said.
const (
	maxEventIDLength = 255
	maxWordsLength   = 2000
	eventFuture      = 5 * time.Minute // how far a dialer's clock may be ahead
	eventPast        = 24 * time.Hour
)

// reportPermit takes what a dialer says of its call.
func (s *Server) reportPermit(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxOrderLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	e := s.readPermitEvent(raw, &wrong)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	a, err := s.cfg.Permits.Report(ctx, r.PathValue("id"), e)
	switch {
	case errors.Is(err, permits.ErrUnknown):
		problem(w, http.StatusNotFound, "not found", "unknown permit")
	case err != nil:
		s.log.Error().Err(err).Msg("permit event not stored")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the event could not be stored; send it again")
	case a.Problem != "":
		problem(w, a.Status, "conflict", a.Problem)
	default:
		reply(w, a.Status, api.PermitReported{Event: api.PermitEventTaken{ID: e.ID, Type: api.PermitEventType(e.Type)}})
	}
}

// readPermitEvent reads the body of POST /v1/permits/{id}/events.
func (s *Server) readPermitEvent(raw []byte, wrong *[]api.FieldError) permits.Event {
	o := readObject(raw, "", wrong, fieldsOf[api.PermitEvent]()...)
	if o.fields == nil {
		return permits.Event{}
	}
	e := permits.Event{ID: o.text("id", maxEventIDLength), Type: permits.EventType(o.text("type", maxNameLength)),
		CallRef: o.text("call_ref", maxEventIDLength), Words: o.text("words", maxWordsLength), Outcome: o.text("outcome", maxNameLength)}
	required := func(name, value string) {
		if value == "" && !o.complained(name) {
			o.complain(name, "required, of 1 to %d bytes", maxEventIDLength)
		}
	}
	required("id", e.ID)
	required("call_ref", e.CallRef)
	if !slices.Contains(permits.EventTypes, e.Type) && !o.complained("type") {
		o.complain("type", "want one of %s", joined(permits.EventTypes))
	}
	if e.Words != "" && e.Type != permits.OptedOut {
		o.complain("words", "belongs to %s", permits.OptedOut)
	}
	switch {
	case e.Outcome == "":
	case e.Type != permits.Ended:
		o.complain("outcome", "belongs to %s", permits.Ended)
	case !slices.Contains(permits.Outcomes, e.Outcome):
		o.complain("outcome", "want one of %s", joined(permits.Outcomes))
	}
	if n := o.number("to"); !n.IsZero() {
		e.To = n.E164()
	}
	e.At = o.time("at")
	switch now := s.cfg.now(); {
	case o.complained("at"):
	case e.At.IsZero():
		o.complain("at", "required: when it happened, such as 2026-11-22T18:00:00Z")
	case e.At.After(now.Add(eventFuture)):
		o.complain("at", "is in the future")
	case e.At.Before(now.Add(-eventPast)):
		o.complain("at", "is more than a day ago")
	}
	e.At = e.At.UTC().Truncate(time.Microsecond) // as it is stored
	return e
}

// joined is words as a complaint lists them.
func joined[S ~string](words []S) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return strings.Join(list, ", ")
}
