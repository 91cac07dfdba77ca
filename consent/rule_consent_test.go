package consent

import (
	"strings"
	"testing"
	"time"
)

// reminder is a call to remind, with these facts on the ledger; sale is one to sell.
func reminder(facts ...Fact) setup { return setup{req: call(), s: ledgerOf(facts...)} }
func sale(facts ...Fact) setup     { return setup{req: call(sales), s: ledgerOf(facts...)} }

func (x setup) with(f func(*setup)) setup { f(&x); return x }

func TestRuleConsentMissing(t *testing.T) {
	t.Parallel()
	purchase := fact(Fact{Type: NumberFact, Source: "crm", LineType: "wireless", Note: "customer since 2019"})
	table(t, "consent.missing", []row{
		{"consent to reminders by AI voice", reminder(cleared()...), Pass, EffectBlock, "express consent of 2026-11-08"},
		{"nobody ever asked the person", reminder(), Fail, EffectBlock,
			"no live consent covers +1212…2671 for riverbend, informational, AI voice"},
		{"an existing customer has agreed to nothing", reminder(purchase), Fail, EffectBlock, "no live consent"},
		{"consent for texts", reminder(granted(func(f *Fact) { f.Channels = []string{"sms"} })), Fail, EffectBlock, ""},
		{"consent given to another seller", reminder(granted(func(f *Fact) { f.Seller = "other" })), Fail, EffectBlock, ""},
		{"consent to sales calls alone", reminder(granted(inWriting)), Fail, EffectBlock, ""},
		{"consent to reminders alone, for a sales call", sale(cleared()...), Fail, EffectBlock, ""},
		{"consent to reminders, for a reminder with an offer in it",
			reminder(cleared()...).with(func(x *setup) { x.req.Marketing = true }), Fail, EffectBlock, ""},
		{"consent to reminders and offers, for both at once",
			reminder(granted(func(f *Fact) {
				f.Tier, f.Purposes = Written,
					[]Purpose{Informational, Telemarketing}
			})).with(func(x *setup) { x.req.Marketing = true }), Pass, EffectBlock, ""},
		{"consent to calls about another subject", reminder(granted(func(f *Fact) { f.Subject = "recall" })), Fail,
			EffectBlock, ""},
		{"consent to calls about this subject", reminder(granted(func(f *Fact) { f.Subject = "appointment" })), Pass,
			EffectBlock, ""},
		{"consent that names no seller", reminder(granted(func(f *Fact) { f.Seller = "" })), Fail, EffectBlock, ""},
		{"consent of no time", reminder(granted(at(time.Time{}))), Fail, EffectBlock, "has no time"},
		{"consent dated in the future", reminder(granted(at(noon.Add(time.Hour)))), Fail, EffectBlock, "future"},
		{"consent=true without a text", reminder(granted(func(f *Fact) { f.Evidence.Text = "" })), Fail, EffectBlock,
			"no text"},
		{"consent=true without evidence", reminder(granted(func(f *Fact) { f.Evidence = nil })), Fail, EffectBlock,
			"no text"},
		{"consent of no tier", reminder(granted(func(f *Fact) { f.Tier = "implied" })), Fail, EffectBlock, "tier"},
		{"consent that was taken back", reminder(granted(), fact(Fact{Type: Revoke})), Fail, EffectBlock,
			"revoked on 2026-11-18"},
		{"consent of whoever held the number before", reminder(granted(), lookedUp(func(f *Fact) { f.Reassigned = Yes })),
			Fail, EffectBlock, "reassigned"},
		{"an emergency, which the policy has switched on", reminder().with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { emergencies(p) })
		}), NotApplicable, "", "emergency"},
		{"an emergency, which it has not", reminder().with(func(x *setup) { x.req.Purpose = Emergency }), Fail,
			EffectBlock, ""},
	})
}

func TestRuleConsentWritten(t *testing.T) {
	t.Parallel()
	table(t, "consent.written_required", []row{
		{"a signed consent for a sales call", sale(sellable()...), Pass, EffectBlock, ""},
		{"a spoken consent for a sales call", sale(granted(func(f *Fact) { f.Purposes = []Purpose{Telemarketing} })),
			Fail, EffectBlock, "not in writing"},
		{"a spoken consent for a sales call in Texas, where one court takes it",
			sale(granted(func(f *Fact) { f.Purposes = []Purpose{Telemarketing} })).with(func(x *setup) { x.places = in("TX") }), Fail, EffectBlock, "not in writing"},
		{"no consent for a sales call", sale(), Fail, EffectBlock, "a sales call requires signed written consent, and there is no consent"},
		{"a reminder", reminder(cleared()...), NotApplicable, "", ""},
		{"a reminder with one promotional sentence",
			reminder(cleared()...).with(func(x *setup) { x.req.Marketing = true }), Fail, EffectBlock, ""},
	})
}

func TestRuleConsentRecord(t *testing.T) {
	t.Parallel()
	lacking := func(change func(*Evidence)) setup {
		return sale(granted(inWriting, func(f *Fact) { change(f.Evidence) }))
	}
	text := func(old, new string) setup {
		if !strings.Contains(agreed, old) {
			panic(old)
		}
		return lacking(func(ev *Evidence) { ev.Text = strings.ReplaceAll(agreed, old, new) })
	}
	table(t, "consent.record_defective", []row{
		{"a record with all elements", sale(sellable()...), Pass, EffectBlock, "complete"},
		{"a text that does not name the seller", text("Riverbend Dental LLC", "our marketing partners"), Fail,
			EffectBlock, "legal name"},
		{"a text that names the seller in another spelling", text("Riverbend Dental LLC", "RIVERBEND DENTAL, L.L.C."),
			Fail, EffectBlock, "legal name"},
		{"a text that names the seller in capitals", text("Riverbend Dental LLC", "RIVERBEND  DENTAL LLC"), Pass,
			EffectBlock, ""},
		{"a text without the number", text("at +12125552671 ", ""), Fail, EffectBlock, "telephone number"},
		{"a text with the number as people write it", text("+12125552671", "(212) 555-2671"), Pass, EffectBlock, ""},
		{"a text with another number", text("+12125552671", "+12125552672"), Fail, EffectBlock, "telephone number"},
		{"a text that points at the number typed beside it", text("+12125552671", "the number I entered above"), Pass,
			EffectBlock, ""},
		{"a text without artificial or prerecorded voice",
			text("with an automatic telephone dialing system or an artificial or prerecorded voice", "by telephone"), Fail,
			EffectBlock, "artificial voice"},
		{"a text about recordings alone", text("artificial or prerecorded voice", "prerecorded message"), Fail,
			EffectBlock, "artificial voice"},
		{"a text that speaks of an AI's voice", text("an artificial or prerecorded voice", "an AI-generated voice"), Pass,
			EffectBlock, ""},
		{"a text that makes agreeing a condition", text("is not a condition", "is a condition"), Fail, EffectBlock,
			"condition"},
		{"a text that is silent about conditions", text("My agreement is not a condition of any purchase.", ""), Fail,
			EffectBlock, "condition"},
		{"a text that says the same in other words", text("My agreement is not a condition of any purchase",
			"I am not required to agree as a condition of purchasing anything"), Pass, EffectBlock, ""},
		{"a no in another sentence", text("My agreement is not a condition",
			"I am not a robot. My agreement is a condition"), Fail, EffectBlock, "condition"},
		{"no signature", lacking(func(ev *Evidence) { ev.Signature = " " }), Fail, EffectBlock, "a signature"},
		{"a box that was ticked beforehand", lacking(func(ev *Evidence) { ev.Signature = "pre-ticked box" }), Fail,
			EffectBlock, "affirmative act"},
		{"no way that it was given", lacking(func(ev *Evidence) { ev.Method = "" }), Fail, EffectBlock, "how it was given"},
		{"a web form without its page", lacking(func(ev *Evidence) { ev.URL = "" }), Fail, EffectBlock, "page"},
		{"a voice signature, which has no page", lacking(func(ev *Evidence) {
			ev.Method, ev.URL = "voice_recording",
				""
		}), Pass, EffectBlock, ""},
		{"nothing that shows who holds the number", lacking(func(ev *Evidence) { ev.VerifiedBy = "" }), Fail, EffectBlock,
			"how it was verified"},
		{"everything wrong at once is all named", lacking(func(ev *Evidence) { *ev = Evidence{Text: "ok"} }), Fail,
			EffectBlock, "legal name; the telephone number; the words for an artificial voice; the words for automatic " +
				"dialing or an artificial or prerecorded voice; that agreeing is not a condition of purchase; a signature; " +
				"how it was given; how it was verified"},
		{"a complete record beside a poor one is relied on",
			sale(granted(inWriting), granted(inWriting, ago(day), func(f *Fact) { f.Evidence = &Evidence{Text: "ok"} })),
			Pass, EffectBlock, "2026-11-08"},
		{"a spoken consent has no record of this kind",
			sale(granted(func(f *Fact) { f.Purposes = []Purpose{Telemarketing} })), NotApplicable, "", ""},
		{"a reminder needs none", reminder(cleared()...), NotApplicable, "", ""},
	})
	if !strings.Contains(plain("Mi contraseña — “El Niño’s” ADIÓS"), "mi contrasena el ninos adios") {
		t.Error(plain("Mi contraseña — “El Niño’s” ADIÓS"))
	}
}

func TestRuleConsentScope(t *testing.T) {
	t.Parallel()
	table(t, "consent.scope", []row{
		{"consent of the right scope", reminder(cleared()...), Pass, EffectBlock, ""},
		{"consent for texts alone", reminder(granted(func(f *Fact) { f.Channels = []string{"sms"} })), Fail, EffectBlock,
			"is for sms, not for AI voice"},
		{"consent given to another seller", reminder(granted(func(f *Fact) { f.Seller = "other" })), Fail, EffectBlock,
			"another seller"},
		{"consent to sales calls alone", reminder(granted(inWriting)), Fail, EffectBlock,
			"is for telemarketing, not for informational"},
		{"consent to marketing partners is no consent to one of them",
			reminder(granted(func(f *Fact) { f.Seller = "leadgen" })), Fail, EffectBlock, "another seller"},
		{"consent to no channel", reminder(granted(func(f *Fact) { f.Channels = nil })), Fail, EffectBlock, "for nothing"},
		{"a call-back that was asked for, about something else",
			reminder(granted(func(f *Fact) { f.Subject = "invoice" })), Fail, EffectBlock, "another subject"},
		{"a sales call requires signed written consent, and there is no consent", reminder(), NotApplicable, "", ""},
		{"consent of the right scope that was taken back", reminder(granted(), fact(Fact{Type: Revoke})), NotApplicable,
			"", "consent.missing"},
	})
}

func TestRuleConsentParty(t *testing.T) {
	t.Parallel()
	unverified := func(f *Fact) { f.Evidence.VerifiedBy = "" }
	source := func(s string) func(*Fact) { return func(f *Fact) { f.Source = s } }
	table(t, "consent.party", []row{
		{"the person gave consent to the seller directly", reminder(granted(unverified), lookedUp()), Pass, EffectHold, ""},
		{"a lead whose holder was verified", reminder(granted(source("lead_vendor")), lookedUp()), Pass, EffectHold,
			"verified"},
		{"a lead without proof of who agreed", reminder(granted(unverified, source("lead_vendor")), lookedUp()), Unknown,
			EffectHold, "third party"},
		{"an import without proof of who agreed", reminder(granted(unverified, source("import")), lookedUp()), Unknown,
			EffectHold, "third party"},
		{"no consent", reminder(), NotApplicable, "", ""},
	})
}

func TestRuleConsentStale(t *testing.T) {
	t.Parallel()
	old := noon.AddDate(0, -19, 0)
	table(t, "consent.stale", []row{
		{"a consent of ten days ago", reminder(cleared()...), Pass, EffectWarn, ""},
		{"a consent of nineteen months ago", reminder(granted(at(old))), Fail, EffectWarn, "18 months"},
		{"an old consent of a person who was verified since",
			reminder(granted(at(old)), granted(ago(day), func(f *Fact) { f.Purposes = []Purpose{Research} })), Pass,
			EffectWarn, ""},
		{"an old consent, and an import since",
			reminder(granted(at(old)), granted(ago(day), func(f *Fact) {
				f.Purposes, f.Source = []Purpose{Research},
					"import"
			})), Fail, EffectWarn, ""},
		{"a policy that wants it fresher", reminder(cleared()...).with(func(x *setup) {
			x.policy, x.now = strict(func(p *Policy) { p.Caps.ConsentMonths = 1 }), noon.AddDate(0, 1, 0)
		}), Fail, EffectWarn, "1 months"},
	})
	if d := reminder(granted(at(old)),
		lookedUp(func(f *Fact) { f.DateParam = old.Format(time.DateOnly) })).decide(); d.Outcome != Allow {
		t.Errorf("a warning stops the call: %+v", d.Failing())
	}
}

func TestRuleConsentState(t *testing.T) {
	t.Parallel()
	spoken := granted(func(f *Fact) { f.Purposes = []Purpose{Telemarketing} })
	table(t, "consent.state.FL", []row{
		{"a signed consent in Florida", sale(sellable()...).with(func(x *setup) { x.places = in("NY", "FL") }), Pass,
			EffectBlock, ""},
		{"a spoken consent in Florida", sale(spoken).with(func(x *setup) { x.places = in("FL") }), Fail, EffectBlock,
			"Florida requires written consent"},
		{"no consent in Florida", sale().with(func(x *setup) { x.places = in("FL") }), Fail, EffectBlock, "there is none"},
		{"a signed consent with a poor record in Florida",
			sale(granted(inWriting, func(f *Fact) { f.Evidence.Signature = "" })).with(func(x *setup) { x.places = in("FL") }), Fail, EffectBlock, "not sufficient"},
	})
	table(t, "consent.state.NJ", []row{
		{"a spoken consent on a mobile in New Jersey", sale(spoken).with(func(x *setup) { x.places = in("NJ") }), Fail,
			EffectBlock, ""},
		{"a spoken consent on a landline in New Jersey",
			sale(spoken).with(func(x *setup) { x.places, x.line = in("NJ"), "residential_landline" }), NotApplicable, "",
			"mobile"},
		{"a signed consent on a mobile in New Jersey", sale(sellable()...).with(func(x *setup) { x.places = in("NJ") }),
			Pass, EffectBlock, ""},
	})
	if r := result(t, reminder(cleared()...).decide(), "consent.state"); r.Status != NotApplicable {
		t.Errorf("a reminder: %+v", r)
	}
	if r := result(t, sale(sellable()...).with(func(x *setup) { x.places = []Place{} }).decide(),
		"consent.state"); r.Status != Unknown || r.Effect != EffectHold {
		t.Errorf("a state nobody knows: %+v", r)
	}
}

// A consent that was spoken counts if the carrier vouches for the caller's number, or if
// we rang it; a caller ID proves nobody.
func TestSpokenConsents(t *testing.T) {
	t.Parallel()
	for attestation, want := range map[string]Status{
		"TN-Validation-Passed-A": Pass, "TN-Validation-Passed-B": Fail, "TN-Validation-Passed-C": Fail,
		"TN-Validation-Failed-A": Fail, "TN-Validation-Failed-B": Fail, "TN-Validation-Failed-C": Fail,
		"TN-Validation-Failed":            Fail,
		"TN-Validation-Passed-A-Diverted": Fail, "TN-Validation-Passed-A-Passthrough": Fail,
		"tn-validation-passed-a": Fail, "TN-Validation-Passed": Fail,
		"No-TN-Validation": Fail, "": Fail,
	} {
		for name, with := range map[string]func(*Fact){
			"said on a call":                func(f *Fact) { f.Via = ViaCall },
			"said before there were routes": func(f *Fact) { f.Actor = "call" },
		} {
			spoken := granted(with, func(f *Fact) { f.Source, f.Attestation = "phone", attestation })
			d := setup{req: call(), s: ledgerOf(spoken, scrubbed(), lookedUp())}.decide()
			if r := result(t, d, "consent.missing"); r.Status != want {
				t.Errorf("%s, %q: %s: %s", name, attestation, r.Status, r.Reason)
			}
			lifts := setup{req: call(), s: ledgerOf(revocation(), granted(with, renewing(1), via(ViaCall),
				func(f *Fact) { f.Attestation = attestation }))}.decide()
			if r := result(t, lifts, "revoked"); r.Status != Fail {
				t.Errorf("%s, %q: it lifts a refusal", name, attestation)
			}
		}
	}
	ours := granted(via(ViaCall), func(f *Fact) { f.PermitID = "permit_1" })
	if r := result(t, setup{req: call(), s: ledgerOf(ours, scrubbed(), lookedUp())}.decide(),
		"consent.missing"); r.Status != Pass {
		t.Errorf("on a call that we placed: %s", r.Reason)
	}
}
