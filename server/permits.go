package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
)

// Permits is the gate for calls that others place: *permits.Service.
type Permits interface {
	Issue(ctx context.Context, req consent.Request, callback string) (permits.Issued, consent.Decision, error)
	Report(ctx context.Context, id string, e permits.Event) (permits.Answer, error)
	// Seller is on whose behalf a permit was issued.
	Seller(ctx context.Context, id string) (string, error)
}

// issuePermit decides on a call that somebody else will place.
func (s *Server) issuePermit(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxOrderLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	order, callback := s.readPermit(raw, &wrong)
	var req consent.Request
	if len(wrong) == 0 {
		var err error
		var bad *call.OrderError
		if req, err = s.cfg.Placer.Request(order); errors.As(err, &bad) {
			wrong = ofOrder(bad, "")
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	issued, d, err := s.cfg.Permits.Issue(ctx, req, callback)
	var denied *consent.DeniedError
	switch {
	case err == nil:
		p := api.Permit{ID: issued.ID, ExpiresAt: issued.ExpiresAt, Secret: issued.Secret}
		reply(w, http.StatusCreated, api.PermitIssued{Permit: p, Decision: d, Duties: permitDuties(req, d)})
	case errors.As(err, &denied):
		refused(denied.Decision, s.cfg.now()).send(w)
	case isLedger(err):
		s.ledgerAway(err).send(w)
	default:
		s.log.Error().Err(err).Msg("permit not issued")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the permit could not be stored; it is not valid")
	}
}

// readPermit reads the body of POST /v1/permits: an order, and where to post a refusal.
func (s *Server) readPermit(raw []byte, wrong *[]api.FieldError) (call.Order, string) {
	o := readObject(raw, "", wrong, fieldsOf[api.PermitRequest]()...)
	if o.fields == nil {
		return call.Order{}, ""
	}
	callback := o.text("callback_url", maxNoteLength)
	if callback != "" {
		if err := permits.CheckCallback(callback); err != nil {
			o.complain("callback_url", "%v", err)
		}
	}
	for name := range o.fields {
		if !slices.Contains(orderFields, name) {
			delete(o.fields, name)
		}
	}
	return s.readOrder(encode(o.fields), "", wrong), callback
}

// permitDuties is what the call has to say, word for word, and then what else the
// decision asks of it.
func permitDuties(req consent.Request, d consent.Decision) []api.PermitDuty {
	opening := call.Greeting(req.Seller, req.Purpose, req.Marketing)
	duties := []api.PermitDuty{
		{Rule: "identification", Say: opening,
			Do: "speak this opening first, from its beginning to its end, before anything else"},
		{Rule: "optout.mechanism", Do: "accept key 9 and a spoken stop at any time; " +
			"report opted_out, say goodbye and hang up within 2 seconds"},
		{Rule: "optout.voicemail", Do: "leave no voicemail message: hang up"},
	}
	if d.Owes(consent.DutyVoicemailOptOut) {
		duties[2] = api.PermitDuty{Rule: "optout.voicemail", Do: "say only this to a machine",
			Say: call.MachineMessage(req.Seller, req.Purpose, req.Marketing)}
	}
	for _, r := range d.Duties {
		if !slices.ContainsFunc(duties, func(d api.PermitDuty) bool { return d.Rule == r.Rule }) {
			duties = append(duties, api.PermitDuty{Rule: r.Rule, Do: r.Reason})
		}
	}
	return duties
}
