package consent

import (
	"fmt"
	"slices"
)

// exemption is a kind of call for which federal law wants no consent. None is
// assumed: a policy has to switch it on, and a request to claim it.
type exemption struct {
	name        string
	purposes    []Purpose
	line        string // it is good for; empty for any
	unavailable string // why no call of this bridge can fulfil its conditions
	citation    string
}

// notFree is why the exemptions of wireless numbers are out of reach.
const notFree = "requires that the call costs the called party nothing, which can't be proved for a mobile telephone"

var exemptionTable = []exemption{
	{"emergency", []Purpose{Emergency}, "", "", "47 CFR 64.1200(a)(1), (f)(4)"},
	{"noncommercial", []Purpose{Informational, Nonprofit, Research, Political}, "residential_landline", "",
		"47 CFR 64.1200(a)(3)(ii)"},
	{"commercial", []Purpose{Informational, DebtCollection}, "residential_landline", "", "47 CFR 64.1200(a)(3)(iii)"},
	{"nonprofit", []Purpose{Nonprofit}, "residential_landline", "", "47 CFR 64.1200(a)(3)(iv)"},
	{"healthcare", []Purpose{Healthcare}, "residential_landline", "", "47 CFR 64.1200(a)(3)(v)"},
	{"package_delivery", []Purpose{PackageDelivery}, "wireless", notFree, "47 CFR 64.1200(a)(9)(i)"},
	{"financial_alert", []Purpose{FinancialAlert}, "wireless", notFree, "47 CFR 64.1200(a)(9)(iii)"},
	{"healthcare_wireless", []Purpose{Healthcare}, "wireless", notFree, "47 CFR 64.1200(a)(9)(iv)"},
}

// signedAgreement is the one exemption that no request claims: with it, a signed
// written agreement takes a number out of the do-not-call lists (47 CFR
// 64.1200(c)(2)(ii)). Without it the lists bind all the same.
const signedAgreement = "signed_agreement"

// ExemptionNames is the words that a policy may list under exemptions.
func ExemptionNames() []string {
	names := []string{signedAgreement}
	for _, x := range exemptionTable {
		names = append(names, x.name)
	}
	return names
}

// claimed is the exemption that the request claims; empty for none. A call for an
// emergency claims it by its purpose.
func (e *evaluation) claimed() string {
	if e.req.Exemption == "" && e.req.Purpose == Emergency {
		return "emergency"
	}
	return e.req.Exemption
}

// exempt is the exemption under which the call goes without consent. It is not ok
// if none is claimed, or the claim is not good.
func (e *evaluation) exempt() (name string, ok bool) {
	name = e.claimed()
	return name, name != "" && e.objection(name) == ""
}

// urgent tells whether the call is for an emergency, and the policy lets it be.
func (e *evaluation) urgent() bool {
	name, ok := e.exempt()
	return ok && name == "emergency"
}

// objection says why the claim of an exemption is no good.
func (e *evaluation) objection(name string) string {
	i := slices.IndexFunc(exemptionTable, func(x exemption) bool { return x.name == name })
	if i < 0 {
		return "unknown exemption"
	}
	x := exemptionTable[i]
	_, on := e.policy.Exemptions[name]
	_, written := e.policy.Templates[e.req.Subject]
	switch {
	case x.unavailable != "":
		return fmt.Sprintf("%s %s", name, x.unavailable)
	case !on:
		return fmt.Sprintf("the policy does not enable %s", name)
	case !slices.Contains(x.purposes, e.req.Purpose):
		return fmt.Sprintf("%s is not for %s", name, words(string(e.req.Purpose)))
	case e.req.Marketing:
		return fmt.Sprintf("%s is not for a call that contains marketing", name)
	case name == "emergency" && !written:
		return "the subject of an emergency call must name one of the policy's approved emergency_templates, " +
			"and this one does not"
	case x.line != "" && e.line != x.line:
		return fmt.Sprintf("%s is for a %s, and no recent fact says that this is one", name, words(x.line))
	}
	return ""
}

func exemptionInvalid(e *evaluation) []Result {
	v := federal("exemption.invalid", EffectBlock, "47 CFR 64.1200(a)(1), (a)(3), (a)(9)")
	name := e.claimed()
	if name == "" {
		return v.notApplicable("the call claims no exemption")
	}
	for _, x := range exemptionTable {
		if x.name == name {
			v.citation = x.citation
		}
	}
	if why := e.objection(name); why != "" {
		return v.fails(why)
	}
	reason := name + ", which the policy enables" + e.policy.approved(e.policy.Exemptions[name])
	if t, ok := e.policy.Templates[e.req.Subject]; ok && name == "emergency" {
		list := v.duty(DutyEmergencyText, fmt.Sprintf("%s; say the text %s%s", reason, e.req.Subject,
			e.policy.approved(t.Approval)))
		list[0].Say = t.Text
		return list
	}
	return v.passes(reason)
}
