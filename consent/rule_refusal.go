package consent

import "fmt"

// The rules about people who have said no. Neither can be switched off or
// overridden.
var refusalRules = []rule{
	{"revoked", EffectBlock, revoked},
	{"dnc.internal", EffectBlock, dncInternal},
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
	r := e.refusal()
	if r == nil {
		return v.passes("nothing revokes consent for this call")
	}
	for i := range e.consents().grants {
		if g := &e.consents().grants[i]; g.covers() {
			return v.passes(fmt.Sprintf("revoked on %s; the person agreed anew on %s", date(r), date(g.Fact)), r, g.Fact)
		}
	}
	reason := fmt.Sprintf("the person wanted no more calls (%s, %s): this stands until they agree anew", words(r.scopeWord()), date(r))
	if e.urgent() {
		return v.as(EffectHold).fails(reason+"; a human has to decide whether the emergency weighs more", r)
	}
	return v.fails(reason, r)
}

// refusal is the newest revocation that binds this call, on whatever channel it
// was said; nil if there is none.
func (e *evaluation) refusal() *Fact {
	if e.refused == nil {
		var newest *Fact
		for i := range e.s.Facts {
			if f := &e.s.Facts[i]; e.binds(f) && (newest == nil || !timeless(newest) && (timeless(f) || !happened(f).Before(happened(newest)))) {
				newest = f
			}
		}
		e.refused = &newest
	}
	return *e.refused
}

// binds tells whether a fact takes back consent for this call. The words of a stop
// in a call count by themselves, should the revocation that belongs to them be lost.
func (e *evaluation) binds(f *Fact) bool {
	if f.Type != Revoke && f.Type != OptOutInCall {
		return false
	}
	return stops(f, &e.req)
}

// timeless tells whether nothing says when something was: a refusal without a time
// is later than all else.
func timeless(f *Fact) bool { return happened(f).IsZero() }

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
	for i := range e.s.Facts {
		add := &e.s.Facts[i]
		if add.Type != DNCAdd || !stops(add, &e.req) {
			continue
		}
		remove := e.newest(func(f *Fact) bool { return f.Type == DNCRemove && f.Seller == add.Seller && overcomes(f, add) })
		if remove == nil {
			return v.fails(fmt.Sprintf("on the seller's do-not-call list since %s", date(add)), add)
		}
		lifted = append(lifted, add, remove)
	}
	if lifted != nil {
		return v.passes("taken off the seller's do-not-call list by the person", lifted...)
	}
	return v.passes("not on the seller's do-not-call list")
}
