package consent

import (
	"cmp"
	"fmt"
	"time"
)

// The rules about what the decision itself rests on.
var ledgerRules = []rule{
	{"ledger.integrity", EffectBlock, ledgerIntegrity},
	{"ledger.clock", EffectHold, ledgerClock},
	{"policy.version", EffectBlock, policyVersion},
	{"decision.expired", EffectBlock, decisionExpired},
}

const ownRecords = "FRE 901(b)(9), 902(13)-(14); policy"

// ledgerIntegrity: whoever owns a database can write a chain anew; only a head that
// was written down elsewhere, and lately, shows that nobody did.
func ledgerIntegrity(e *evaluation) []Result {
	v := federal("ledger.integrity", EffectBlock, ownRecords)
	hours := cmp.Or(e.policy.Caps.AnchorHours, 24)
	switch age := e.now.Sub(e.s.AnchoredAt); {
	case e.s.Broken != "":
		return v.fails("the ledger's chain does not verify: " + e.s.Broken)
	case e.s.AsOf == 0:
		return v.passes("the ledger is empty")
	case e.s.AnchoredAt.IsZero():
		return v.as(EffectHold).missing("the ledger's head was never written down elsewhere")
	case age > time.Duration(hours)*time.Hour:
		return v.as(EffectHold).fails(fmt.Sprintf("the ledger's head was last written down elsewhere at %s, more than %d hours ago", e.s.AnchoredAt.UTC().Format(time.RFC3339), hours))
	}
	return v.passes("the ledger's chain verifies, and its head was written down elsewhere at " + e.s.AnchoredAt.UTC().Format(time.RFC3339))
}

// ledgerClock: with clocks apart nobody can say what came first, the consent or
// the stop.
func ledgerClock(e *evaluation) []Result {
	v := federal("ledger.clock", EffectHold, ownRecords)
	if skew := e.s.ClockSkew.Abs(); skew > clockSkew {
		return v.fails(fmt.Sprintf("this machine's clock and the ledger's are %s apart; at most %s is allowed", skew.Round(time.Second), clockSkew))
	}
	if skew := e.s.CarrierSkew.Abs(); skew > clockSkew {
		return v.fails(fmt.Sprintf("this machine's clock and the carrier's are %s apart; at most %s is allowed", skew.Round(time.Second), clockSkew))
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
	return v.passes(fmt.Sprintf("decided now; a permit is good for %d seconds", permitLife/time.Second))
}
