package consent

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"
)

// Decider is what a gate asks; [*Policy] is the one.
type Decider interface {
	Decide(req Request, s Snapshot, now time.Time) Decision
}

// Gate stands before every outbound call. Its methods are safe for use by several
// goroutines.
type Gate struct {
	Ledger Ledger
	Policy Decider
	Spool  *Spool // what must not be lost while the ledger is away; may be nil

	// LookUp is called before Clear decides: it may record facts that are lacking. It
	// returns within seconds, whatever happens. Defaults to nil: none are looked up.
	LookUp func(ctx context.Context, req Request)

	Now func() time.Time // Defaults to time.Now

	// CarrierSkew is how far this machine's clock is ahead of the carrier's. Optional.
	CarrierSkew func() time.Duration

	texts sync.Map // keptKey: those that the ledger is known to have
}

func (g *Gate) now() time.Time {
	if g.Now == nil {
		return time.Now()
	}
	return g.Now()
}

// Clear decides on a request and writes the decision down. If it allows the call
// it returns the permit to place it; a *[DeniedError] if it doesn't, and a
// *[LedgerError] if it could not be decided. The decision is returned in the
// first two cases.
func (g *Gate) Clear(ctx context.Context, req Request) (Permit, Decision, error) {
	if g.LookUp != nil {
		g.LookUp(ctx, req)
	}
	var d Decision
	var p *permit
	receipts, err := g.Ledger.Transact(ctx, req.To, func(s Snapshot) []Fact {
		now := g.now()
		var made Fact
		d, made = g.decide(req, s, StageDial, now)
		facts := []Fact{made}
		if p = nil; d.Outcome == Allow {
			p = &permit{id: "permit_" + rand.Text(), request: req, expires: now.Add(permitLife)}
			facts = append(facts, minted(p, now))
		}
		return facts
	})
	if err != nil {
		return Permit{}, Decision{}, &LedgerError{err}
	}
	d.Seq = receipts[0].Seq
	if p == nil {
		return Permit{}, d, &DeniedError{req.To, d}
	}
	p.seq = d.Seq
	return Permit{p}, d, nil
}

// Recheck decides again when a call is answered, and writes that down. The error
// is a *[DeniedError] or a *[LedgerError]: either way the call has to end.
func (g *Gate) Recheck(ctx context.Context, req Request) (Decision, error) {
	req.AtAnswer = true
	var d Decision
	receipts, err := g.Ledger.Transact(ctx, req.To, func(s Snapshot) []Fact {
		now := g.now()
		var made Fact
		d, made = g.decide(req, s, StageAnswer, now)
		return []Fact{made}
	})
	if err != nil {
		return Decision{}, &LedgerError{err}
	}
	d.Seq = receipts[0].Seq
	if d.Outcome != Allow {
		return d, &DeniedError{req.To, d}
	}
	return d, nil
}

// Check decides on requests and writes nothing. An error is a *[LedgerError].
func (g *Gate) Check(ctx context.Context, requests ...Request) ([]Decision, error) {
	return g.CheckAt(ctx, requests, make([]time.Time, len(requests)))
}

// Record writes facts down, all or none, with the rows that belong to them: whoever
// revokes all automated calls goes onto the seller's list, too. They must be valid
// ([Fact.Validate]); those that name a row must have been held to it ([Gate.CheckNamed]).
// There is a receipt for each of the facts.
func (g *Gate) Record(ctx context.Context, facts ...Fact) ([]Receipt, error) {
	all, places := complete(facts)
	receipts, err := g.Ledger.Record(ctx, all...)
	if err != nil {
		return nil, &LedgerError{err}
	}
	own := make([]Receipt, len(places))
	for i, place := range places {
		own[i] = receipts[place]
	}
	return own, nil
}

// RecordDurably writes down what must not be lost, such as that somebody said stop: into
// the ledger, or into the spool while it is away. What is in the spool counts for
// every decision of this gate from that moment on. Spooled tells which it was; an
// error means that not even the spool took it, and the facts still count until
// this process ends.
func (g *Gate) RecordDurably(ctx context.Context, facts ...Fact) (spooled bool, err error) {
	_, err = g.Record(ctx, facts...)
	if err == nil {
		return false, nil
	}
	if g.Spool == nil {
		return false, err
	}
	all, _ := complete(facts)
	if spoolErr := g.Spool.Put(all...); spoolErr != nil {
		return true, errors.Join(err, spoolErr)
	}
	return true, nil
}

// with adds to a snapshot what belongs to the request's campaign, and what waits in
// the spool.
func (g *Gate) with(s Snapshot, req Request) Snapshot {
	if s.Calls != nil {
		s.Campaign = req.callsOf(s.Calls)
	}
	if g.CarrierSkew != nil {
		s.CarrierSkew = g.CarrierSkew()
	}
	if g.Spool != nil {
		if waiting := g.Spool.Of(req.To); len(waiting) > 0 {
			s.Facts = append(slices.Clone(s.Facts), waiting...)
		}
	}
	return s
}

// decide makes a decision, and the fact that it was made, with its inputs.
func (g *Gate) decide(req Request, s Snapshot, stage string, now time.Time) (Decision, Fact) {
	all := g.with(s, req)
	d := g.Policy.Decide(req, all, now)
	in, err := inputsOf(req, all, all.Facts[len(s.Facts):])
	if err != nil {
		panic("internal error: " + err.Error()) // the ledger takes it for a failure: no call
	}
	f := about(Decided, req, now)
	f.Stage, f.Decision, f.Inputs = stage, &d, in
	return d, f
}

// minted is the fact that a permit was made.
func minted(p *permit, now time.Time) Fact {
	f := about(Permitted, p.request, now)
	f.PermitID, f.PermitStatus, f.ExpiresAt = p.id, PermitMinted, p.expires
	return f
}

// Ended is the fact that a permitted call is over, or, with [PermitReleased], that
// no telephone rang.
func Ended(req Request, permitID, status, outcome string, now time.Time) Fact {
	f := about(Permitted, req, now)
	f.PermitID, f.PermitStatus, f.Outcome = permitID, status, outcome
	return f
}

func about(t Type, req Request, now time.Time) Fact {
	return Fact{Type: t, Number: req.To, Seller: req.Seller.Name, OccurredAt: now, Source: "gate", Actor: "gate",
		CallID: req.CallID, Agent: req.Agent,
		From: req.From.E164(), Purpose: req.Purpose, Marketing: req.Marketing, Subject: req.Subject}
}
