package consent

import (
	"cmp"
	"fmt"
	"time"
)

// The rules about what the decision itself rests on.
var ledgerRules = []rule{
	{"ledger.integrity", EffectBlock, ledgerIntegrity},
	{"ledger.restored", EffectHold, ledgerRestored},
	{"ledger.clock", EffectHold, ledgerClock},
	{"policy.version", EffectBlock, policyVersion},
	{"decision.expired", EffectBlock, decisionExpired},
}

const ownRecords = "FRE 901(b)(9), 902(13)-(14); policy"

// ledgerIntegrity says what was checked, and no more. Each row of the person has its
// MAC and none is missing; whether one of somebody else's was taken away only the next
// computing of the whole chain shows, and whether its end was, a head that was
// written down elsewhere, and lately.
func ledgerIntegrity(e *evaluation) []Result {
	v := federal("ledger.integrity", EffectBlock, ownRecords)
	hours := cmp.Or(e.policy.Caps.AnchorHours, 24)
	switch age := e.now.Sub(e.s.AnchoredAt); {
	case e.s.Broken != "":
		return v.fails("the ledger does not verify: " + e.s.Broken)
	case e.s.Lost != "":
		return remedied("bridge consent recover --by NAME --why TEXT", v.as(EffectHold).fails(e.s.Lost))
	case e.s.AsOf == 0:
		return v.passes("the ledger is empty")
	case e.s.AnchoredAt.IsZero():
		return v.as(EffectHold).missing("the ledger's head was never anchored")
	case age > time.Duration(hours)*time.Hour:
		return v.as(EffectHold).fails(fmt.Sprintf("the ledger's head was last anchored at %s, more than "+
			"%d hours ago", e.s.AnchoredAt.UTC().Format(time.RFC3339), hours))
	}
	computed, outside := "not yet verified since this service started", "not anchored externally"
	if !e.s.VerifiedAt.IsZero() {
		computed = "verified at " + e.s.VerifiedAt.UTC().Format(time.RFC3339)
	}
	if !e.s.OutsideAt.IsZero() {
		outside = "anchored externally at " + e.s.OutsideAt.UTC().Format(time.RFC3339)
	}
	return v.passes(fmt.Sprintf("this person's rows are complete; the chain was %s; its head was anchored at %s; %s",
		computed, e.s.AnchoredAt.UTC().Format(time.RFC3339), outside))
}

// ledgerRestored: what a person said in rows that were lost nobody knows. Only a
// consent that was recorded after the recovery shows that they did not say no, or have
// agreed again.
func ledgerRestored(e *evaluation) []Result {
	v := federal("ledger.restored", EffectHold, ownRecords)
	if e.s.RestoredAt == 0 {
		return v.passes("no rows of the ledger were lost")
	}
	for i := range e.s.Facts {
		if f := &e.s.Facts[i]; agreedSince(f, e.s.RestoredAt) {
			return v.passes(fmt.Sprintf("rows of the ledger were lost; this person consented after that (row %d)", f.Seq), f)
		}
	}
	return remedied("record a consent that was given or checked since then: bridge consent grant NUMBER --seller "+e.req.Seller.Name,
		v.fails(fmt.Sprintf("rows of the ledger were lost (see row %d): what this person said in them is unknown",
			e.s.RestoredAt)))
}

// remedied says what would make results pass.
func remedied(how string, results []Result) []Result {
	for i := range results {
		results[i].Remedy = how
	}
	return results
}

// ledgerClock: with clocks apart nobody can say what came first, the consent or
// the stop.
func ledgerClock(e *evaluation) []Result {
	v := federal("ledger.clock", EffectHold, ownRecords)
	if skew := e.s.ClockSkew.Abs(); skew > clockSkew {
		return v.fails(fmt.Sprintf("this machine's clock and the ledger's are %s apart; at most %s is allowed",
			skew.Round(time.Second), clockSkew))
	}
	if skew := e.s.CarrierSkew.Abs(); skew > clockSkew {
		return v.fails(fmt.Sprintf("this machine's clock and the carrier's are %s apart; at most %s is allowed",
			skew.Round(time.Second), clockSkew))
	}
	return v.passes("the clocks agree")
}

func policyVersion(e *evaluation) []Result {
	v := federal("policy.version", EffectBlock, ownRecords)
	if e.policy.Hash() == "" {
		return v.fails("no policy was loaded")
	}
	return v.passes(fmt.Sprintf("policy %s, %s", e.policy.Name, e.policy.Hash()))
}

// decisionExpired is held by the permit: [Permit.Use].
func decisionExpired(e *evaluation) []Result {
	v := federal("decision.expired", EffectBlock, ownRecords)
	if e.req.AtAnswer {
		return v.notApplicable(placed)
	}
	return v.passes(fmt.Sprintf("decided now; a permit is valid for %d seconds", permitLife/time.Second))
}
