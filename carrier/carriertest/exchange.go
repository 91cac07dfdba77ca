package carriertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Service is who is asked what a call does, and told how it goes; call.Switchboard is one.
type Service interface {
	Answer(carrier.Incoming) carrier.Step
	AnswerOutbound(ctx context.Context, in carrier.Incoming, callID string) carrier.Step
	Next(context.Context, carrier.Incoming) carrier.Step
	Connect(carrier.Line)
	Status(callID string, s carrier.Status)
}

// Exchange is a [carrier.Carrier] in memory. It may be used by many goroutines at once; End ends all its calls.
type Exchange struct {
	Service Service // set it before the first call

	// Called is the telephone that a call is placed to: it returns what becomes of the call, [carrier.InProgress] if
	// somebody answers. It may take its time, as long as the call rings. Nobody answers if it is nil.
	Called func(*Call) carrier.State

	// Faults are returned, in order, by the next requests of Place, in place of a call.
	Faults []error

	mu    sync.Mutex
	calls map[carrier.CallID]*Call
	n     int
	wg    sync.WaitGroup
}

var errGone = errors.New("carriertest: there is no such call")

func gone(op string) error { return &carrier.Error{Op: op, Gone: true, Err: errGone} }

// Dial has somebody call us.
func (x *Exchange) Dial(from, to phone.Party) *Call {
	c := x.add(from, to, "")
	x.wg.Go(func() {
		c.become(carrier.Ringing)
		c.follow(x.Service.Answer(c.incoming()))
	})
	return c
}

func (x *Exchange) add(from, to phone.Party, ourID string) *Call {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.calls == nil {
		x.calls = map[carrier.CallID]*Call{}
	}
	x.n++
	c := &Call{ID: carrier.CallID(fmt.Sprintf("call-%d", x.n)), From: from, To: to, OurID: ourID, exchange: x,
		created: time.Now(), state: carrier.Queued, knock: make(chan carrier.Step, 1), done: make(chan struct{})}
	x.calls[c.ID] = c
	return c
}

// Place uses the permit up and rings [Exchange.Called].
func (x *Exchange) Place(ctx context.Context, permit consent.Permit, p carrier.Placing) (carrier.CallID, error) {
	const op = "place"
	req, err := permit.Use(time.Now())
	if err != nil {
		return "", &carrier.Error{Op: op, Err: err}
	}
	x.mu.Lock()
	if len(x.Faults) > 0 {
		err := x.Faults[0]
		x.Faults = x.Faults[1:]
		x.mu.Unlock()
		return "", err
	}
	x.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", &carrier.Error{Op: op, Err: context.Cause(ctx)}
	}
	c := x.add(phone.Party(req.From.E164()), phone.Party(req.To.E164()), req.CallID)
	c.Placing = p
	x.wg.Go(c.ring)
	return c.ID, nil
}

// HangUp ends a call.
func (x *Exchange) HangUp(_ context.Context, id carrier.CallID) error {
	if c := x.Call(id); c != nil {
		c.end(carrier.Completed)
	}
	return nil
}

// Cancel ends a call that rings.
func (x *Exchange) Cancel(_ context.Context, id carrier.CallID) error {
	if c := x.Call(id); c != nil {
		c.end(carrier.Canceled)
	}
	return nil
}

// Continue has a call leave its line and follow a step.
func (x *Exchange) Continue(_ context.Context, id carrier.CallID, s carrier.Step) error {
	c := x.Call(id)
	if c == nil || c.State().Terminal() {
		return gone("continue")
	}
	select {
	case c.knock <- s:
	default:
		return &carrier.Error{Op: "continue", Fault: carrier.FaultCarrier, Err: errors.New("carriertest: another step waits")}
	}
	return nil
}

// Find is a call as it is now.
func (x *Exchange) Find(_ context.Context, id carrier.CallID) (carrier.Found, error) {
	c := x.Call(id)
	if c == nil {
		return carrier.Found{}, gone("find")
	}
	return carrier.Found{Call: c.ID, From: c.From, State: c.State()}, nil
}

// Search is the calls that were placed to a number.
func (x *Exchange) Search(_ context.Context, to phone.Number, since time.Time) (found []carrier.Found, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.calls {
		if c.OurID != "" && string(c.To) == to.E164() && !c.created.Before(since) {
			found = append(found, carrier.Found{Call: c.ID, From: c.From, State: c.State()})
		}
	}
	return found, nil
}

// Call is the call of an id; nil if there is none.
func (x *Exchange) Call(id carrier.CallID) *Call {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls[id]
}

// End hangs every call up and waits until nothing of them is left.
func (x *Exchange) End() {
	x.mu.Lock()
	var all []*Call
	for _, c := range x.calls {
		all = append(all, c)
	}
	x.mu.Unlock()
	for _, c := range all {
		c.end(carrier.Completed)
	}
	x.wg.Wait()
}

var _ carrier.Carrier = (*Exchange)(nil)
