package consent

// The rules about the number that the person called sees.
var callerRules = []rule{
	{"caller_id", EffectBlock, callerID},
	{"caller_id.attestation", EffectWarn, callerAttestation},
}

// callerID wants a number of the seller's own that can be called back: at which an
// agent of the same seller answers, which takes no for an answer.
func callerID(e *evaluation) []Result {
	v := federal("caller_id", EffectBlock, "47 CFR 64.1601(e), 64.1604; 47 USC 227(e); 16 CFR 310.4(a)(8)")
	switch {
	case e.req.From.IsZero():
		return v.fails("the call would show no caller ID")
	case premium(e.req.From):
		return v.fails("the caller ID is a premium number")
	case e.req.FromSeller == "":
		return v.fails("no agent answers calls to the caller ID, so it can't take opt-outs")
	case !e.req.Seller.Owns(e.req.FromSeller):
		return v.fails("the caller ID belongs to another seller")
	}
	return v.passes("the caller ID is the seller's own, and its agent answers there")
}

// callerAttestation: the carrier signs the call as it is placed, and says how well
// it knows us only then.
func callerAttestation(*evaluation) []Result {
	return federal("caller_id.attestation", EffectWarn,
		"47 CFR 64.6300 ff.").notApplicable("the carrier attests the caller ID when the call is placed")
}
