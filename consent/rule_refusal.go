package consent

import "fmt"

// The rules about people who have said no, or may have. None can be switched off or
// overridden.
var refusalRules = []rule{
	{"revoked", EffectBlock, revoked},
	{"dnc.internal", EffectBlock, dncInternal},
	{"optout.unclear", EffectHold, optoutUnclear},
}

// The scopes of a refusal, from the narrowest to the widest. A word that is none
// of them is read as [AllAutomated].
const (
	ScopeCategory  = "category"        // of one Subject
	ScopePurpose   = "purpose"         // for the Purposes that are named
	ScopeSeller    = "seller"          // all that this seller does: as all_automated
	ScopeAffiliate = "affiliate_group" // those of one group; of a seller whose group nobody knows: as platform
	ScopePlatform  = "platform"        // whoever calls through this bridge
)

func revoked(e *evaluation) []Result {
	v := federal("revoked", EffectBlock, "47 CFR 64.1200(a)(10)-(11)")
	var stands, gone *answer
	for i := range e.answers() {
		switch a := &e.answers()[i]; {
		case a.refusal.Type == DNCAdd:
		case a.lifted == nil:
			stands = a
		default:
			gone = a
		}
	}
	switch {
	case stands == nil && gone == nil:
		return v.passes("nothing revokes consent for this call")
	case stands == nil:
		return v.passes(fmt.Sprintf("the person opted out on %s and renewed on %s", date(gone.refusal),
			date(gone.lifted)), gone.refusal, gone.lifted)
	}
	r := stands.refusal
	reason := fmt.Sprintf("the person opted out on %s (%s%s); only a renewed consent that names it lifts this",
		date(r), words(r.scopeWord()), rowOf(r))
	if e.urgent() {
		v = v.as(EffectHold)
		reason += "; a person must decide whether the emergency takes priority"
	}
	return renewable(v.fails(reason, r), e, r)
}

// rowOf names the row of a fact, as a reason says it; empty for one in the spool.
func rowOf(f *Fact) string {
	if f.Seq == 0 {
		return ""
	}
	return fmt.Sprintf(", row %d", f.Seq)
}

// renewable adds to results the command that records the person's renewal.
func renewable(results []Result, e *evaluation, refusal *Fact) []Result {
	if refusal.Seq > 0 {
		results[0].Remedy = fmt.Sprintf("only if the person has agreed again: bridge consent grant NUMBER --seller %s "+
			"--renews %d --text … --reason … --by …", e.req.Seller.Name, refusal.Seq)
	}
	return results
}

func (f *Fact) scopeWord() string {
	if f.Scope == "" {
		return AllAutomated
	}
	return f.Scope
}

// dncInternal is the seller's own do-not-call list. Nobody leaves it by an import
// or because time has passed.
func dncInternal(e *evaluation) []Result {
	v := federal("dnc.internal", EffectBlock, "47 CFR 64.1200(d)")
	if e.urgent() {
		return v.notApplicable("an emergency call")
	}
	var lifted []*Fact
	for _, a := range e.answers() {
		switch {
		case a.refusal.Type != DNCAdd:
		case a.lifted == nil:
			return renewable(v.fails(fmt.Sprintf("on the seller's do-not-call list since %s%s", date(a.refusal),
				rowOf(a.refusal)), a.refusal), e, a.refusal)
		default:
			lifted = append(lifted, a.refusal, a.lifted)
		}
	}
	if lifted != nil {
		return v.passes("removed from the seller's do-not-call list at the person's request", lifted...)
	}
	return v.passes("not on the seller's do-not-call list")
}
