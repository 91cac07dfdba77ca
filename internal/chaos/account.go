package chaos

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// account is the carrier as an instance reaches it.
type account struct {
	x  *carriertest.Exchange
	of *Instance
}

var _ carrier.Carrier = account{}

// The ways in which the carrier may take an order to place a call; nil is the right one.
var (
	errRefused   = errors.New("chaos: the carrier refuses the call")
	errNoCall    = errors.New("chaos: no answer, and no call")
	errUnheard   = errors.New("chaos: no answer, and a call")
	errNoAnswer  = errors.New("chaos: no answer for 10 s, and a call")
	errNotCalled = &carrier.Error{Op: "call", Err: errDead}
)

// Place implements [carrier.Carrier].
func (a account) Place(ctx context.Context, permit consent.Permit, p carrier.Placing) (carrier.CallID, error) {
	if a.of.isDead() {
		return "", errNotCalled
	}
	t := a.of.w.byID(permit.CallID())
	var fault error
	t.mu.Lock()
	if len(t.placing) > 0 {
		fault, t.placing = t.placing[0], t.placing[1:]
	}
	t.mu.Unlock()
	if errors.Is(fault, errRefused) || errors.Is(fault, errNoCall) {
		over, cancel := context.WithCancelCause(ctx)
		cancel(fault)
		_, err := a.x.Place(over, permit, p) // uses the permit up
		failed := &carrier.Error{Op: "place", Ambiguous: errors.Is(fault, errNoCall), Fault: carrier.FaultCarrier, Err: err}
		if errors.Is(fault, errRefused) {
			failed.Refusal = "too many requests"
		}
		return "", failed
	}
	id, err := a.x.Place(ctx, permit, p)
	if err == nil {
		a.of.w.names(id, t)
	}
	if errors.Is(fault, errNoAnswer) {
		select {
		case <-time.After(10 * time.Second):
		case <-a.of.dead:
		}
	}
	if fault != nil && err == nil {
		return "", &carrier.Error{Op: "place", Ambiguous: true, Fault: carrier.FaultCarrier, Err: fault}
	}
	return id, err
}

// HangUp implements [carrier.Carrier].
func (a account) HangUp(ctx context.Context, id carrier.CallID) error {
	if a.of.isDead() {
		return errNotCalled
	}
	if t := a.of.w.bySID(id); t != nil {
		t.mu.Lock()
		fails := t.hangups > 0
		if fails {
			t.hangups--
		}
		t.mu.Unlock()
		if fails {
			return &carrier.Error{Op: "hang up", Fault: carrier.FaultCarrier, Err: errRefused}
		}
	}
	return a.x.HangUp(ctx, id)
}

// Cancel implements [carrier.Carrier].
func (a account) Cancel(ctx context.Context, id carrier.CallID) error {
	if a.of.isDead() {
		return errNotCalled
	}
	return a.x.Cancel(ctx, id)
}

// Continue implements [carrier.Carrier].
func (a account) Continue(ctx context.Context, id carrier.CallID, s carrier.Step) error {
	if a.of.isDead() {
		return errNotCalled
	}
	return a.x.Continue(ctx, id, s)
}

// Find implements [carrier.Carrier].
func (a account) Find(ctx context.Context, id carrier.CallID) (carrier.Found, error) {
	if a.of.isDead() {
		return carrier.Found{}, errNotCalled
	}
	return a.x.Find(ctx, id)
}

// Search implements [carrier.Carrier].
func (a account) Search(ctx context.Context, to phone.Number, since time.Time) ([]carrier.Found, error) {
	if a.of.isDead() {
		return nil, errNotCalled
	}
	return a.x.Search(ctx, to, since)
}
