package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// flushWait is how long the dial waits for the call's head to be in the store, where
// other instances look for it, and the next run after a crash.
const flushWait = time.Second

// Bounds of a call that is placed.
const (
	// ringFor is how long a telephone rings: at least 15 s or four rings, 47 CFR
	// 64.1200(a)(6).
	ringFor = 30 * time.Second
	// limitMargin is what a call may last beyond its own hard stop, which says goodbye.
	limitMargin = time.Minute
	// fetchWait bounds a question to the carrier about calls.
	fetchWait = 10 * time.Second
)

// clearWait bounds the gate's decision.
const clearWait = 5 * time.Second

// Place asks the gate for a call and, if it allows it, has it placed. It returns as
// soon as the gate has decided, with the head of a call that is queued; the rest is
// told by the call log. The decision is there also with a *consent.DeniedError; of no
// other error is there a call or a decision. After no error does anybody's telephone
// ring.
func (b *Switchboard) Place(ctx context.Context, o Order) (calllog.Call, consent.Decision, error) {
	none := func(err error) (calllog.Call, consent.Decision, error) {
		return calllog.Call{}, consent.Decision{}, err
	}
	if b.cfg.Gate == nil || b.cfg.Carrier == nil {
		return none(ErrNoGate)
	}
	o, profile, err := b.resolve(o)
	if err != nil {
		return none(err)
	}
	id := o.ID
	if id == "" {
		id = newID()
	}
	req := b.request(id, o.To, o.From, profile, o.log(""))
	place, err := b.reserve(req)
	if err != nil {
		return none(err)
	}
	defer b.giveBack(place)
	// Whoever asks may go away; a permit that was minted for them must not be lost.
	ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearWait)
	defer cancel()
	permit, decision, err := b.cfg.Gate.Clear(ask, req)
	var away *consent.LedgerError
	if errors.As(err, &away) {
		return none(err)
	}
	b.cfg.Metrics.decided(decision)
	if err != nil {
		return calllog.Call{}, decision, err
	}

	seq := permit.DecisionSeq()
	head := calllog.Call{ID: id, Direction: calllog.Outbound, From: o.From.E164(), To: o.To.E164(), Agent: profile.Name, Voice: profile.voice(),
		Status: calllog.StatusQueued, StartedAt: time.Now(), DecisionSeq: &seq, Order: decided(o.log(permit.ID()), decision), Instance: b.cfg.Instance}
	p := b.newPlaced(place.e, profile, head, permit)
	b.mu.Lock()
	closed, revoked := b.ctx.Err() != nil || !b.table.move(place.e, place, dialing{p}), place.revoked
	if !closed {
		p.journal.save()
		b.wg.Go(func() { b.dial(p) })
	}
	b.mu.Unlock()
	if closed {
		b.keeper.keep(keepWait, consent.Ended(req, permit.ID(), consent.PermitReleased, "", time.Now()))
		return none(ErrDraining)
	}
	if revoked { // between the decision and now
		b.revoke(p)
	}
	return head, decision, nil
}

// reserved is a place among the calls of this instance, for one about which the gate is
// being asked: so that whoever is rung finds an agent.
type reserved struct {
	e       *entry
	request consent.Request
	revoked bool // consent was withdrawn meanwhile
}

// reserve takes a place. Give it back when the call has one of its own, or none.
func (b *Switchboard) reserve(req consent.Request) (*reserved, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch b.full() {
	case "draining":
		return nil, ErrDraining
	case "capacity":
		return nil, ErrFull
	}
	r := &reserved{e: b.table.entry(req.CallID, ""), request: req}
	if !b.table.move(r.e, nil, r) {
		return nil, &OrderError{[]FieldError{{"id", "there is a call of this id"}}}
	}
	return r, nil
}

func (b *Switchboard) giveBack(r *reserved) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.table.move(r.e, r, nil) // unless it is placed by now
}

// dial places a call and sees to it that its fate becomes known, whatever the carrier's answer.
func (b *Switchboard) dial(p *placed) {
	ctx, cancel := context.WithTimeout(p.ctx, flushWait)
	_ = b.cfg.Log.Flush(ctx) // else it is on disk, and stored when the database is back
	cancel()
	as := carrier.Placing{Detect: carrier.DetectMachine, Ring: ringFor, Max: b.cfg.Limits.Duration + limitMargin}
	if p.profile.leavesMessage(p.journal.head.Order) {
		as.Detect = carrier.DetectGreetingEnd
	}
	begun := time.Now()
	sid, err := b.cfg.Carrier.Place(p.ctx, p.permit, as)
	if err == nil {
		b.learn(p, sid)
		return
	}
	failed := &carrier.Error{Op: "place", Err: err}
	errors.As(err, &failed)
	if failed.Fault == carrier.FaultCarrier {
		b.report(p, err)
	}
	if failed.Ambiguous {
		p.log.Warn().Err(err).Msg("create call: no answer from the carrier; searching for the call")
		b.lookFor(p, begun)
		return
	}
	p.log.Warn().Err(err).Msg("create call failed")
	b.endPlaced(p, Outcome{Reason: Failed, Err: err, note: notPlaced(failed), released: true, failure: placeFailure(failed)})
}

// notPlaced is what the log says of a call that the carrier did not take.
func notPlaced(err *carrier.Error) string {
	switch {
	case err.Refusal != "":
		return err.Refusal
	case errors.Is(err, errRevoked):
		return noteRevoked
	case errors.Is(err, consent.ErrPermitExpired):
		return "the permit expired before the call could be placed"
	}
	return "the call could not be placed"
}
