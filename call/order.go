package call

import (
	"errors"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Order is a call that somebody wants placed.
type Order struct {
	// CallID names the call in the log and the ledger, for someone who has to find
	// out later what became of the order. Place makes one if it is empty.
	CallID string

	To, From  phone.Number
	Agent     string          // its name in the configuration
	Purpose   consent.Purpose // defaults to the agent's own
	Marketing bool            // one promotional sentence makes the whole call telemarketing
	Subject   string
	Variables map[string]string
	Location  consent.Location // where the person is, if the order knows
}

// The errors of placing a call, beside *[OrderError], *consent.DeniedError and
// *consent.LedgerError. None of them rang anybody.
var (
	ErrDraining = errors.New("call: the service is shutting down and places no more calls")
	ErrFull     = errors.New("call: this instance carries as many calls as it may")
	ErrNoGate   = errors.New("call: calls are not placed: the service has no consent gate, or no Twilio account")
)

// OrderError says all that is wrong with an order.
type OrderError struct{ Fields []FieldError }

// FieldError is one field of an order, by its name in the API, and what is wrong.
type FieldError struct{ Field, Problem string }

func (e *OrderError) Error() string {
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Field+": "+f.Problem)
	}
	return "call: order: " + strings.Join(list, "; ")
}
