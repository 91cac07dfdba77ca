package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// Placer places outbound calls and answers Twilio about them: *call.Switchboard.
type Placer interface {
	// Place asks the gate and, if it lets the call through, has it dialled in the
	// background. Errors are *consent.DeniedError, *consent.LedgerError,
	// *call.OrderError, and those that package call names. After none of them does a
	// telephone ring.
	Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error)
	// Request is an order as the gate sees it; an error is a *call.OrderError.
	Request(o call.Order) (consent.Request, error)
	// AnswerOutbound is what a call of ours follows that was answered.
	AnswerOutbound(ctx context.Context, v carrier.Incoming, callID string) carrier.Step
	// Machine takes Twilio's word on who answered.
	Machine(ctx context.Context, callID, answeredBy string)
}

// placeCall places a call through the gate.
func (s *Server) placeCall(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxOrderLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	key := idempotencyKey(r, &wrong)
	order := s.readOrder(raw, "", &wrong)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if key == "" {
		s.place(r, order).send(w)
		return
	}
	s.once(r, key, order).send(w)
}

// place is one attempt at placing a call.
func (s *Server) place(r *http.Request, order call.Order) answer {
	ctx, cancel := settling(r)
	defer cancel()
	c, d, err := s.cfg.Placer.Place(ctx, order)
	var denied *consent.DeniedError
	var wrong *call.OrderError
	switch {
	case err == nil:
		return answer{Status: http.StatusAccepted, Type: jsonType, Body: encode(api.Placed{Call: c, Decision: d})}
	case errors.As(err, &denied):
		return refused(denied.Decision, s.cfg.now())
	case errors.As(err, &wrong):
		return wrongFields(ofOrder(wrong, ""))
	case isLedger(err):
		return s.ledgerAway(err)
	case errors.Is(err, call.ErrDraining), errors.Is(err, call.ErrFull), errors.Is(err, call.ErrNoGate):
		a := document{Title: "unavailable", Status: http.StatusServiceUnavailable, Detail: strings.TrimPrefix(err.Error(), "call: ")}.answer()
		a.RetryAfter = 5
		return a
	}
	s.log.Error().Err(err).Msg("call not placed")
	return document{Title: "unavailable", Status: http.StatusServiceUnavailable, Detail: "the call could not be placed; no telephone rang"}.answer()
}

// ofOrder is what is wrong with an order, in the words of a body's fields.
func ofOrder(e *call.OrderError, path string) []api.FieldError {
	var list []api.FieldError
	for _, f := range e.Fields {
		list = append(list, fieldError(path+f.Field, f.Problem))
	}
	return list
}

// canonical is an order as it is compared with another.
func canonical(o call.Order) []byte {
	b, err := json.Marshal(struct {
		To, From string
		Order    call.Order
	}{o.To.E164(), o.From.E164(), o})
	if err != nil {
		panic("server: internal error: " + err.Error())
	}
	return b
}

// now is the time by the gate's clock.
func (c Config) now() time.Time {
	if c.Gate != nil && c.Gate.Now != nil {
		return c.Gate.Now()
	}
	return time.Now()
}
