package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
)

// Bounds of asking the gate.
const (
	ledgerWait     = 5 * time.Second // for the ledger; Twilio waits 15 s for an answer
	maxCheckLength = 4 << 20         // bytes of a body
	maxCheck       = 1000            // intents in it
)

// settling is a context for what must not be left half done because whoever asked
// has gone: bounded, and not ended by them.
func settling(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), ledgerWait)
}

// ledgerAway is the answer when the ledger can't be read or written: no ledger, no
// call.
func (s *Server) ledgerAway(err error) answer {
	s.log.Error().Err(err).Msg("consent ledger unavailable")
	a := document{Title: "unavailable", Status: http.StatusServiceUnavailable,
		Detail: "the consent ledger is unavailable at the moment: no ledger, no call"}.answer()
	a.RetryAfter = 5
	return a
}

// refused is the answer to a request that the gate did not clear.
func refused(d consent.Decision, now time.Time) answer {
	status := http.StatusConflict
	if d.Outcome == consent.Deny {
		status = http.StatusForbidden
	}
	a := document{Title: "refused by the consent gate", Status: status, Detail: why(d), Decision: &d}.answer()
	a.Later = d.Outcome != consent.Deny
	if d.NotBefore != nil {
		a.RetryAfter = max(1, int(d.NotBefore.Sub(now)/time.Second)+1)
	}
	return a
}

// why says in a sentence why a decision is none to call.
func why(d consent.Decision) string {
	failing := d.Failing()
	text := fmt.Sprintf("%s by %d rule(s)", map[consent.Outcome]string{consent.Deny: "denied", consent.Hold: "held", consent.Defer: "put off"}[d.Outcome], len(failing))
	for i, r := range failing {
		text += map[bool]string{true: ": ", false: ", "}[i == 0] + r.Rule
	}
	if d.NotBefore != nil {
		text += "; not before " + d.NotBefore.Format(time.RFC3339)
	}
	return text
}

// checkConsent decides on calls, each now or at the time that it says, and neither places
// one nor reserves anything.
func (s *Server) checkConsent(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxCheckLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	orders, times, many := s.readIntents(raw, &wrong)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	requests := make([]consent.Request, len(orders))
	for i, o := range orders {
		var err error
		var bad *call.OrderError
		if requests[i], err = s.cfg.Placer.Request(o); errors.As(err, &bad) {
			wrong = append(wrong, ofOrder(bad, intentPath(i, many))...)
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	decisions, err := s.cfg.Gate.CheckAt(ctx, requests, times)
	switch {
	case err != nil:
		s.ledgerAway(err).send(w)
	case many:
		reply(w, http.StatusOK, api.Decisions{Decisions: decisions})
	default:
		reply(w, http.StatusOK, decisions[0])
	}
}

// readIntents reads one order, or {"intents": […]}, and when each would be placed: zero
// for now.
func (s *Server) readIntents(raw []byte, wrong *[]api.FieldError) (orders []call.Order, times []time.Time, many bool) {
	var probe []api.FieldError
	o := readObject(raw, "", &probe, append([]string{"intents"}, intentFields...)...)
	if _, many = o.fields["intents"]; !many {
		order, at := s.readIntent(raw, "", wrong)
		return []call.Order{order}, []time.Time{at}, false
	}
	o = readObject(raw, "", wrong, fieldsOf[api.Intents]()...)
	list, ok := readList(o.fields["intents"], "intents", maxCheck, wrong)
	if !ok {
		return nil, nil, true
	}
	for i, one := range list {
		order, at := s.readIntent(one, intentPath(i, true), wrong)
		orders, times = append(orders, order), append(times, at)
		if enough(*wrong) {
			break
		}
	}
	return orders, times, true
}

// intentFields are those of a call that may be placed later.
var intentFields = fieldsOf[api.Intent]()

// readIntent reads an order, and when it would be placed: at, or due_at as a reminder
// says it.
func (s *Server) readIntent(raw []byte, path string, wrong *[]api.FieldError) (call.Order, time.Time) {
	o := readObject(raw, path, wrong, intentFields...)
	if o.fields == nil {
		return call.Order{}, time.Time{}
	}
	var at time.Time
	_, short := o.fields["at"]
	_, long := o.fields["due_at"]
	switch now := s.cfg.now(); {
	case short && long:
		o.complain("due_at", "at has the same meaning: set only one of them")
	case short:
		at = o.due("at", now)
	case long:
		at = o.due("due_at", now)
	}
	for name := range o.fields {
		if !slices.Contains(orderFields, name) {
			delete(o.fields, name)
		}
	}
	return s.readOrder(encode(o.fields), path, wrong), at
}

// intentPath is where an intent stands in its body.
func intentPath(i int, many bool) string {
	if !many {
		return ""
	}
	return fmt.Sprintf("intents[%d].", i)
}

// isLedger tells whether an error is the ledger's.
func isLedger(err error) bool {
	var away *consent.LedgerError
	return errors.As(err, &away)
}
