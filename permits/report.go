package permits

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Report takes what a dialer says of its call. Every event is recorded, also one that
// is answered with a conflict; a refusal counts either way. The error is [ErrUnknown]
// or one of the store; then the event may be sent again: nothing of it was taken but a
// refusal, if this instance has issued the permit.
func (s *Service) Report(ctx context.Context, id string, e Event) (Answer, error) {
	a, err := s.report(ctx, id, e)
	if req, ok := s.recent.get(id); ok && err != nil && e.Type == OptedOut { // the store is away
		r := Record{ID: id, request: req}
		s.keep(ctx, s.refusals(&r, e)...)
	}
	return a, err
}

func (s *Service) report(ctx context.Context, id string, e Event) (Answer, error) {
	digest, err := digestOf(e)
	if err != nil {
		return Answer{}, err
	}
	select { // a report that waits for another of the same permit holds a connection, and the ledger needs one
	case s.reports <- struct{}{}:
		defer func() { <-s.reports }()
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	var answer Answer
	var late *Record
	err = s.cfg.Store.ReportPermit(ctx, id, e.ID, func(r *Record, before *Claim) (*Claim, error) {
		if err := s.vault.open(r, s.cfg.Sellers); err != nil {
			return nil, err
		}
		if before != nil {
			if answer = before.Answer; before.Digest != digest {
				answer = Answer{409, problemSameID}
			}
			return nil, nil
		}
		answer = r.judge(e)
		if r.CallRef == "" && answer.Problem != problemNumber {
			if r.CallRef = e.CallRef; r.Ended { // it was taken for one that nobody used
				r.Ended, late = false, r
			}
		}
		s.keep(ctx, s.facts(r, e, answer)...)
		if answer.Problem == problemTooMany {
			return nil, nil
		}
		r.Ended = r.Ended || e.Type == Ended && r.CallRef == e.CallRef
		return &Claim{e.ID, digest, e.Type, e.At, answer}, nil
	})
	if err == nil && late != nil && !late.Ended {
		s.overtaken(ctx, late)
	}
	return answer, err
}

// facts is what an event comes to in the ledger: the claim itself, a refusal, and the
// end of the permit. A claim beyond those that are kept is written only if it is a
// refusal.
func (s *Service) facts(r *Record, e Event, a Answer) []consent.Fact {
	now := s.cfg.Now()
	claim := s.about(consent.Claimed, r, now)
	claim.OccurredAt, claim.Trigger, claim.Words = e.At, string(e.Type), e.Words
	claim.Outcome, claim.Note, claim.Why = e.Outcome, e.CallRef, a.Problem
	var facts []consent.Fact
	if a.Problem != problemTooMany {
		facts = append(facts, claim)
	}
	if e.Type == OptedOut {
		facts = append(facts, s.refusals(r, e)...)
	}
	mine := a.Status == 201 || a.Problem == problemTooLate
	if e.Type == Ended && mine && !r.Ended {
		facts = append(facts, s.ended(r, e, now))
	}
	return facts
}

// refusals is what an opted_out comes to.
func (s *Service) refusals(r *Record, e Event) []consent.Fact {
	revoke := s.about(consent.Revoke, r, s.cfg.Now())
	revoke.Scope, revoke.Words = consent.AllAutomated, e.Words
	facts := []consent.Fact{revoke}
	if n, err := phone.Parse(e.To); err == nil && n != r.request.To { // whoever said it was called without a permit
		revoke.Number = n
		facts = append(facts, revoke)
	}
	return facts
}

// ended is the end of the permit, as far as the dialer has said by now how it came to
// it: abandoned if the call was answered, and the dialer ended it without an opening
// that was heard (47 CFR 64.1200(a)(7)).
func (s *Service) ended(r *Record, e Event, now time.Time) consent.Fact {
	f := consent.Ended(r.request, r.ID, consent.PermitEnded, r.outcome(e), now)
	f.Source, f.Actor, f.Via = "dialer", "api", consent.ViaAPI
	switch f.Outcome {
	case "agent_ended", "transferred", "failed":
		f.Abandoned = r.has(Answered) && !r.has(OpeningPlayed)
	}
	return f
}

// about is a fact of the call that a permit is for.
func (s *Service) about(t consent.Type, r *Record, now time.Time) consent.Fact {
	q := r.request
	return consent.Fact{Type: t, Number: q.To, Seller: q.Seller.Name, OccurredAt: now, Source: "dialer", Actor: "api",
		Via: consent.ViaAPI, CallID: q.CallID, Agent: q.Agent, From: q.From.E164(), Purpose: q.Purpose,
		Marketing: q.Marketing, Subject: q.Subject, PermitID: r.ID}
}

func digestOf(e Event) ([32]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return [32]byte{}, fmt.Errorf("permits: can't read an event: %w", err)
	}
	return sha256.Sum256(b), nil
}
