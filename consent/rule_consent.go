package consent

import (
	"cmp"
	"fmt"
	"strings"
)

// The rules about what the person has agreed to.
var consentRules = []rule{
	{"consent.missing", EffectBlock, consentMissing},
	{"consent.written_required", EffectBlock, consentWritten},
	{"consent.record_defective", EffectBlock, consentRecord},
	{"consent.scope", EffectBlock, consentScope},
	{"consent.party", EffectHold, consentParty},
	{"consent.stale", EffectWarn, consentStale},
	{"consent.state", EffectBlock, consentState},
}

// needless says why the call needs no consent; empty if it does.
func (e *evaluation) needless() string {
	if name, ok := e.exempt(); ok {
		return fmt.Sprintf("exemption %s, which the policy enables", name)
	}
	return ""
}

// consentMissing wants one grant that covers number, seller, purpose and AI voice.
// To have bought something is none: 47 CFR 64.1200(f)(5) takes live calls out of the
// national list, and nothing more.
func consentMissing(e *evaluation) []Result {
	v := federal("consent.missing", EffectBlock, "47 USC 227(b)(1)(A)-(B); 47 CFR 64.1200(a)(1)-(3)")
	if why := e.needless(); why != "" {
		return v.notApplicable(why)
	}
	c := e.consents()
	if c.relied != nil {
		return v.passes(fmt.Sprintf("%s consent of %s covers %s by AI voice for %s", c.relied.Tier, date(c.relied.Fact),
			listed(e.purposes()), e.req.Seller.Name), c.relied.Fact)
	}
	reason := fmt.Sprintf("no live consent covers %s for %s, %s, AI voice", e.req.To,
		cmp.Or(e.req.Seller.Name, "no seller"), listed(e.purposes()))
	var relied []*Fact
	for i := range c.grants {
		if g := &c.grants[i]; g.reach == "" { // the newest that would have covered it
			reason += fmt.Sprintf(": that of %s %s", date(g.Fact), g.dead)
			relied = append(relied, g.Fact)
			break
		}
	}
	return v.fails(reason, relied...)
}

func consentWritten(e *evaluation) []Result {
	v := federal("consent.written_required", EffectBlock, "47 CFR 64.1200(a)(2), (f)(9)")
	switch g := e.consents().relied; {
	case !e.telemarketing():
		return v.notApplicable("the call contains no marketing: express consent is enough")
	case e.needless() != "":
		return v.notApplicable(e.needless())
	case g == nil:
		return v.fails("a sales call requires signed written consent, and there is no consent")
	case g.Tier != Written:
		return v.fails(fmt.Sprintf("a sales call requires signed written consent; that of %s is not in writing",
			date(g.Fact)), g.Fact)
	default:
		return v.passes(fmt.Sprintf("written consent of %s", date(g.Fact)), g.Fact)
	}
}

func consentRecord(e *evaluation) []Result {
	v := federal("consent.record_defective", EffectBlock, "47 CFR 64.1200(f)(9); 15 USC 7001; 16 CFR 310.4(b)(1)(v)")
	switch g := e.consents().relied; {
	case !e.telemarketing():
		return v.notApplicable("the call contains no marketing: no written record is required")
	case g == nil || g.Tier != Written:
		return v.notApplicable("there is no written consent to check")
	case len(g.defects) > 0:
		return v.fails(fmt.Sprintf("the written consent of %s lacks %s", date(g.Fact), strings.Join(g.defects, "; ")), g.Fact)
	default:
		return v.passes(fmt.Sprintf("the record of the written consent of %s is complete", date(g.Fact)), g.Fact)
	}
}

// consentScope says of the newest grant why it does not reach the call.
func consentScope(e *evaluation) []Result {
	v := federal("consent.scope", EffectBlock, "47 CFR 64.1200(f)(9); 16 CFR 310.4(b)(1)(v)(A)")
	if why := e.needless(); why != "" {
		return v.notApplicable(why)
	}
	c := e.consents()
	if c.relied != nil {
		return v.passes("the consent is for this seller, number, channel and purpose", c.relied.Fact)
	}
	for i := range c.grants {
		if c.grants[i].reach == "" {
			return v.notApplicable("a consent with this scope exists but no longer counts: see consent.missing")
		}
	}
	if len(c.grants) == 0 {
		return v.notApplicable("there is no consent to check")
	}
	g := &c.grants[0]
	for i := range c.grants { // rather one of this seller's
		if e.req.Seller.Owns(c.grants[i].Seller) {
			g = &c.grants[i]
			break
		}
	}
	return v.fails(fmt.Sprintf("the consent of %s %s", date(g.Fact), g.reach), g.Fact)
}

func consentParty(e *evaluation) []Result {
	v := federal("consent.party", EffectHold, "47 USC 227(b)(1)(A); 47 CFR 64.1200(f)(9)")
	g := e.consents().relied
	switch {
	case g == nil:
		return v.notApplicable("there is no consent to rely on")
	case verifiedBy(g.Fact) != "":
		return v.passes("verified that the number is the person's", g.Fact)
	case intermediary(g.Fact):
		return v.missing(fmt.Sprintf("the consent of %s came through a third party (%s), and nothing shows that the "+
			"number is the person's", date(g.Fact), g.Source), g.Fact)
	default:
		return v.passes("the person gave consent to the seller directly", g.Fact)
	}
}

// consentStale counts from the grant, or from the last time that it was verified
// who holds the number.
func consentStale(e *evaluation) []Result {
	v := federal("consent.stale", EffectWarn, "policy; no period is laid down in 47 CFR 64.1200")
	g := e.consents().relied
	if g == nil {
		return v.notApplicable("there is no consent to rely on")
	}
	months := cmp.Or(e.policy.Caps.ConsentMonths, 18)
	last := g.Fact
	if f := e.newest(func(f *Fact) bool { return e.contact(f, g.Fact) }); f != nil {
		last = f
	}
	if happened(last).AddDate(0, months, 0).Before(e.now) {
		return v.fails(fmt.Sprintf("last confirmed on %s, more than %d months ago", date(last), months), last)
	}
	return v.passes(fmt.Sprintf("confirmed on %s", date(last)), last)
}

// contact tells whether a fact shows, at a time later than a grant, that the same
// person still held the number: they agreed to something else of this seller's,
// and it was verified who they are.
func (e *evaluation) contact(f, g *Fact) bool {
	return f.Type == Grant && e.req.Seller.Owns(f.Seller) && !bulk(f) && verifiedBy(f) != "" &&
		happened(f).After(happened(g))
}

// consentState is the states that want written consent on their own authority.
func consentState(e *evaluation) []Result {
	if !e.telemarketing() {
		return federal("consent.state", EffectBlock, "state laws on sales calls").notApplicable("the call contains no marketing")
	}
	return e.eachState("consent.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		name := stateName(state)
		v.citation = cmp.Or(row.WrittenCitation, row.Citation)
		g := e.consents().relied
		switch {
		case row.Written == "":
			return v.say(NotApplicable, name+" requires nothing beyond federal law", nil)
		case row.Written == "mobile" && !e.wireless():
			return v.say(NotApplicable, name+" requires it only for mobile telephones", nil)
		case g == nil:
			return v.say(Fail, fmt.Sprintf("%s requires written consent for sales calls, and there is none", name), nil)
		case g.Tier != Written || len(g.defects) > 0:
			return v.say(Fail, fmt.Sprintf("%s requires written consent for sales calls; that of %s is not sufficient", name,
				date(g.Fact)), []*Fact{g.Fact})
		}
		return v.say(Pass, fmt.Sprintf("written consent of %s", date(g.Fact)), []*Fact{g.Fact})
	})
}

// wireless tells whether the number has to be treated as a mobile telephone.
func (e *evaluation) wireless() bool { return travels(e.line) }
