package consenttest

import (
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Rules decide as they are told: they allow what they were not told to refuse, and, as
// any policy must, refuse whoever has revoked or is on a do-not-call list.
type Rules struct {
	mu      sync.Mutex
	refuse  []consent.Result
	muzzled bool
	owed    []consent.Result
	decided []consent.Request
}

// Refuse makes the rules named fail from now on; without a name everybody is allowed
// again. What fails blocks.
func (r *Rules) Refuse(rules ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = nil
	for _, rule := range rules {
		r.refuse = append(r.refuse, consent.Result{Rule: rule, Jurisdiction: "US", Status: consent.Fail,
			Effect: consent.EffectBlock, Reason: "told to"})
	}
}

// LeaveNoMessage makes every decision from now on forbid a message on a machine.
func (r *Rules) LeaveNoMessage() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.muzzled = true
}

// Owe adds a duty to every decision from now on.
func (r *Rules) Owe(duty consent.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owed = append(r.owed, duty)
}

// Decided is every request so far.
func (r *Rules) Decided() []consent.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.decided)
}

// Decide implements consent.Decider.
func (r *Rules) Decide(req consent.Request, s consent.Snapshot, now time.Time) consent.Decision {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.decided = append(r.decided, req)
	d := consent.Decision{Outcome: consent.Allow, Policy: "sha256:test", AsOf: s.AsOf, EvaluatedAt: now,
		Duties: []consent.Result{}}
	d.Duties = append(d.Duties, r.owed...)
	if req.Voicemail {
		duty := consent.DutyVoicemailOptOut
		if r.muzzled || req.Seller.TollfreeOptout.IsZero() {
			duty = consent.DutyNoVoicemail
		}
		d.Duties = append(d.Duties, consent.Result{Rule: "optout.voicemail", Jurisdiction: "US", Status: consent.Pass,
			Effect: consent.EffectInCall, Duty: duty})
	}
	d.Results = append(d.Results, r.refuse...)
	for _, f := range s.Facts {
		if f.Seller == req.Seller.Name && (f.Type == consent.Revoke || f.Type == consent.DNCAdd) {
			rule := map[consent.Type]string{consent.Revoke: "revoked", consent.DNCAdd: "dnc.internal"}[f.Type]
			d.Results = append(d.Results, consent.Result{Rule: rule, Jurisdiction: "US", Status: consent.Fail,
				Effect: consent.EffectBlock, Reason: "they said so", Facts: []int64{f.Seq}})
		}
	}
	if len(d.Results) > 0 {
		d.Outcome = consent.Deny
	}
	return d
}
