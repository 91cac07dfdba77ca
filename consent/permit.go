package consent

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// permitLife is how long a permit is good.
const permitLife = 60 * time.Second

// The reasons why a permit places no call.
var (
	ErrNoPermit      = errors.New("consent: no permit")
	ErrPermitUsed    = errors.New("consent: the permit was already used")
	ErrPermitExpired = errors.New("consent: the permit has expired")
)

// Permit lets one call be placed. Only [Gate.Clear] makes one; the zero Permit
// lets nothing be placed. It is good once, for a minute, for the call that it was
// made for.
type Permit struct{ p *permit }

type permit struct {
	id      string
	request Request
	expires time.Time
	seq     int64 // of the decision
	used    atomic.Bool
}

// Use takes the permit for placing its call. It succeeds once.
func (p Permit) Use(now time.Time) (Request, error) {
	switch {
	case p.p == nil:
		return Request{}, ErrNoPermit
	case !now.Before(p.p.expires):
		return Request{}, ErrPermitExpired
	case p.p.used.Swap(true):
		return Request{}, ErrPermitUsed
	}
	return p.p.request, nil
}

// ID names the permit in the ledger; CallID the call that it is for.
func (p Permit) ID() string {
	if p.p == nil {
		return ""
	}
	return p.p.id
}

// CallID is the call that the permit is for.
func (p Permit) CallID() string {
	if p.p == nil {
		return ""
	}
	return p.p.request.CallID
}

// Expires is until when the permit is good; zero of the zero Permit.
func (p Permit) Expires() time.Time {
	if p.p == nil {
		return time.Time{}
	}
	return p.p.expires
}

// DecisionSeq is the ledger's row of the decision behind the permit.
func (p Permit) DecisionSeq() int64 {
	if p.p == nil {
		return 0
	}
	return p.p.seq
}

// String shows a permit without the number.
func (p Permit) String() string { return fmt.Sprintf("permit %s for %s", p.ID(), p.CallID()) }

// DeniedError is a request that the gate did not clear.
type DeniedError struct {
	To       phone.Number
	Decision Decision
}

func (e *DeniedError) Error() string {
	failing := e.Decision.Failing()
	if len(failing) == 0 {
		return fmt.Sprintf("consent: %s", e.Decision.Outcome)
	}
	return fmt.Sprintf("consent: %s: %s and %d more rules", e.Decision.Outcome, failing[0].Rule, len(failing)-1)
}

// LedgerError is a ledger that could not be read or written: no call.
type LedgerError struct{ Err error }

func (e *LedgerError) Error() string { return "consent: the ledger: " + e.Err.Error() }
func (e *LedgerError) Unwrap() error { return e.Err }
