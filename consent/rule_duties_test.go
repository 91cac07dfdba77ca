package consent

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func seller(change func(*Seller)) func(*setup) { return func(x *setup) { change(&x.req.Seller) } }

func TestRuleIdentification(t *testing.T) {
	t.Parallel()
	table(t, "identification", []row{
		{"a seller with a registered name says it first", reminder(cleared()...), Pass, EffectInCall, "Riverbend Dental"},
		{"a seller without a registered name may not call",
			reminder(cleared()...).with(seller(func(s *Seller) { s.RegisteredName = " " })), Fail, EffectBlock, ""},
	})
	table(t, "identification.callback", []row{
		{"a seller gives a number to call back", reminder(cleared()...), Pass, EffectInCall, ""},
		{"a seller without one may not call",
			reminder(cleared()...).with(seller(func(s *Seller) { s.Callback = Seller{}.Callback })), Fail, EffectBlock, ""},
		{"a premium number is none",
			reminder(cleared()...).with(seller(func(s *Seller) { s.Callback = number("+19005552000") })), Fail, EffectBlock,
			"premium"},
	})
}

func TestDutiesOfACall(t *testing.T) {
	t.Parallel()
	always := []string{"identification", "identification.callback", "optout.mechanism", "ai.disclosure",
		"recording.consent.two_party"}
	for name, x := range map[string]struct {
		setup setup
		more  []string
	}{
		"a reminder":   {reminder(cleared()...), nil},
		"a sales call": {sale(sellable()...), []string{"solicitation.disclosure"}},
		"a reminder that leaves a message": {reminder(cleared()...).with(func(x *setup) { x.req.Voicemail = true }),
			[]string{"optout.voicemail"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := x.setup.decide()
			var got []string
			for _, r := range d.Duties {
				got = append(got, r.Rule)
				if r.Duty == "" {
					t.Errorf("the duty of %s has no name", r.Rule)
				}
			}
			want := append(slices.Clone(always), x.more...)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || d.Outcome != Allow {
				t.Errorf("%s: the duties are %v, want %v", d.Outcome, got, want)
			}
		})
	}
	d := reminder(cleared()...).with(func(x *setup) { x.places = in("NY", "FL", "WA", "FL") }).decide()
	if r := result(t, d, "recording.consent.two_party"); !strings.Contains(r.Reason, "FL, WA") || r.Jurisdiction != "FL" {
		t.Errorf("where everyone's consent is needed: %+v", r)
	}
	d = reminder(cleared()...).with(func(x *setup) { x.req.Kept = true }).decide()
	if r := result(t, d, "recording.consent.two_party"); !strings.HasSuffix(r.Reason, "; the call is recorded") {
		t.Errorf("of a call that is recorded into a file: %+v", r)
	}
	if r := result(t, reminder(cleared()...).decide(), "solicitation.disclosure"); r.Status != NotApplicable {
		t.Errorf("a reminder: %+v", r)
	}
}

func TestRuleVoicemail(t *testing.T) {
	t.Parallel()
	message := func(change func(*Seller)) Decision {
		return reminder(cleared()...).with(func(x *setup) { x.req.Voicemail = true; change(&x.req.Seller) }).decide()
	}
	for name, x := range map[string]struct {
		d    Decision
		none bool
	}{
		"a seller with a toll-free number leaves a message":                {message(func(*Seller) {}), false},
		"a seller without one calls, and leaves none":                      {message(func(s *Seller) { s.TollfreeOptout = Seller{}.TollfreeOptout }), true},
		"a seller whose number is not toll-free calls, and leaves none":    {message(func(s *Seller) { s.TollfreeOptout = number("+14155552000") }), true},
		"a seller that hangs up on machines anyway has nothing to be told": {reminder(cleared()...).decide(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if x.d.Outcome != Allow || x.d.Owes(DutyNoVoicemail) != x.none {
				t.Errorf("%s, leaves none: %v, %+v", x.d.Outcome, x.d.Owed(), result(t, x.d, "optout.voicemail"))
			}
		})
	}
}

func TestRuleAbandonment(t *testing.T) {
	t.Parallel()
	released := func(late, since, answered int) setup {
		return reminder(cleared()...).with(func(x *setup) { x.s.Campaign = Calls{answered, late, since} })
	}
	rate := func(late, answered int) setup { return released(late, late, answered) }
	table(t, "abandonment", []row{
		{"no calls yet", rate(0, 0), Pass, EffectBlock, "below 34 answered calls (abandon_floor)"},
		{"one late call of ten", rate(1, 10), Pass, EffectBlock, "a second one holds the campaign"},
		{"two late calls of ten hold the campaign", rate(2, 10), Fail, EffectHold,
			"2 of 10 answered calls of this campaign (riverbend, reminders, informational)"},
		{"two late calls of 33", rate(2, 33), Fail, EffectHold, "below 34 answered calls (abandon_floor), one " +
			"abandoned call already exceeds 3%, so a second one holds the campaign until an operator releases it"},
		{"two late calls of 33 that were released", released(2, 0, 33), Pass, EffectBlock, ""},
		{"one more since then", released(3, 1, 33), Pass, EffectBlock, ""},
		{"two more since then", released(4, 2, 33), Fail, EffectHold, "releases"},
		{"one late call of 34 is less than 3 %", rate(1, 34), Fail, EffectWarn, "less than 3%"},
		{"two late calls of 34", rate(2, 34), Fail, EffectBlock, "less than 3%"},
		{"no release lifts the law's 3 %", released(2, 0, 34), Fail, EffectBlock, "less than 3%"},
		{"a lower floor", rate(1,
			20).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.Caps.AbandonFloor = 20 }) }), Fail, EffectBlock,
			"less than 3%"},
		{"three late calls of a hundred", rate(3, 100), Fail, EffectBlock, "less than 3%"},
		{"29 late calls of a thousand are close to it", rate(29, 1000), Fail, EffectWarn, "less than 3%"},
		{"19 late calls of a thousand", rate(19, 1000), Pass, EffectBlock, ""},
		{"30 late calls of a thousand", rate(30, 1000), Fail, EffectBlock, ""},
		{"a policy stricter than the law",
			rate(19, 1000).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.Caps.AbandonPercent = 1 }) }), Fail,
			EffectBlock, "less than 1%"},
		{"a policy wider than the law does not count",
			rate(40, 1000).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.Caps.AbandonPercent = 10 }) }), Fail,
			EffectBlock, "less than 3%"},
		{"a call that is answered is not abandoned for the others' sake",
			rate(30, 100).with(func(x *setup) { x.req.AtAnswer = true }), NotApplicable, "", ""},
	})
	if d := rate(29, 1000).decide(); d.Outcome != Allow {
		t.Errorf("a warning stops the call: %+v", d.Failing())
	}
}

func TestRuleExemption(t *testing.T) {
	t.Parallel()
	emergency := func(p *Policy, change func(*Request)) setup {
		return reminder().with(func(x *setup) { x.req.Purpose, x.policy = Emergency, p; change(&x.req) })
	}
	on := func() *Policy {
		return strict(func(p *Policy) { emergencies(p); p.Exemptions = approved(ExemptionNames()...) })
	}
	claim := func(name string, purpose Purpose, line string) setup {
		return landline(name, purpose).with(func(x *setup) { x.line = line })
	}
	table(t, "exemption.invalid", []row{
		{"no exemption is claimed", reminder(cleared()...), NotApplicable, "", ""},
		{"an informational call to a landline", claim("commercial", Informational, "residential_landline"), Pass,
			EffectBlock, ""},
		{"the same to a number of which the line type is not known", claim("commercial", Informational, "unknown"), Fail,
			EffectBlock, "residential landline"},
		{"the same to a mobile", claim("commercial", Informational, "wireless"), Fail, EffectBlock, "residential landline"},
		{"the same to a business", claim("commercial", Informational, "business_landline"), Fail, EffectBlock, ""},
		{"the same with an offer in it", claim("commercial", Informational,
			"residential_landline").with(func(x *setup) { x.req.Marketing = true }), Fail, EffectBlock, "contains marketing"},
		{"a sales call that claims to be informational", claim("commercial", Telemarketing, "residential_landline"), Fail,
			EffectBlock, "not for telemarketing"},
		{"an exemption that the policy has not switched on", claim("commercial", Informational,
			"residential_landline").with(func(x *setup) { x.policy = strict() }), Fail, EffectBlock, "does not enable"},
		{"an exemption nobody knows", claim("established_business_relationship", Informational, "residential_landline"),
			Fail, EffectBlock, "unknown exemption"},
		{"a package's notice to a mobile, whose holder may pay for it", claim("package_delivery", PackageDelivery,
			"wireless"), Fail, EffectBlock, "costs the called party nothing"},
		{"a bank's alert to a mobile, whose holder may pay for it", claim("financial_alert", FinancialAlert, "wireless"),
			Fail, EffectBlock, "costs the called party nothing"},
		{"a clinic's call to a mobile, whose holder may pay for it", claim("healthcare_wireless", Healthcare, "wireless"),
			Fail, EffectBlock, "costs the called party nothing"},
		{"a clinic's call to a landline", claim("healthcare", Healthcare, "residential_landline"), Pass, EffectBlock, ""},
		{"a charity's call to a landline", claim("nonprofit", Nonprofit, "residential_landline"), Pass, EffectBlock, ""},
		{"a signed agreement is claimed by no call", claim(signedAgreement, Informational, "residential_landline"), Fail,
			EffectBlock, ""},
		{"an emergency that the policy has switched on", emergency(on(), func(*Request) {}), Pass, EffectInCall,
			"say the text appointment; by policy test, approved by J. Doe"},
		{"an emergency of which nobody has approved a text", emergency(on(), func(r *Request) { r.Subject = "flood" }),
			Fail, EffectBlock, "emergency_templates"},
		{"an emergency without a subject", emergency(on(), func(r *Request) { r.Subject = "" }), Fail, EffectBlock,
			"emergency_templates"},
		{"an emergency that it has not", emergency(strict(), func(*Request) {}), Fail, EffectBlock, "does not enable"},
		{"an emergency with an offer in it", emergency(on(), func(r *Request) { r.Marketing = true }), Fail, EffectBlock,
			"contains marketing"},
	})
	d := claim("commercial", Informational, "residential_landline").decide()
	if d.Outcome != Allow {
		t.Errorf("an exempt call without consent: %+v", d.Failing())
	}
	d = emergency(on(), func(*Request) {}).decide()
	if d.Outcome != Allow {
		t.Errorf("an emergency call without consent: %+v", d.Failing())
	}
	if r := result(t, d, "exemption.invalid"); !d.Owes(DutyEmergencyText) || r.Say != "Leave the house." {
		t.Errorf("the emergency call has to say %q", r.Say)
	}
}

func TestRulesOfPapers(t *testing.T) {
	t.Parallel()
	table(t, "records.retention", []row{
		{"a sound ledger", reminder(cleared()...), Pass, EffectWarn, ""},
		{"a broken ledger", reminder(cleared()...).with(func(x *setup) { x.s.Broken = "row 7" }), Fail, EffectBlock, ""},
	})
	for _, rule := range []string{"policy.written_dnc", "policy.training"} {
		d := sale(sellable()...).decide()
		if r := result(t, d, rule); r.Status != Unknown || r.Effect != EffectWarn || d.Outcome != Allow {
			t.Errorf("%s: %+v, %s", rule, r, d.Outcome)
		}
		if r := result(t, reminder(cleared()...).decide(), rule); r.Status != NotApplicable {
			t.Errorf("%s of a reminder: %+v", rule, r)
		}
	}
}

func TestRulesOfTheLedger(t *testing.T) {
	t.Parallel()
	with := func(change func(*setup)) setup { return reminder(cleared()...).with(change) }
	table(t, "ledger.integrity", []row{
		{"a head that was written down elsewhere an hour ago", reminder(cleared()...), Pass, EffectBlock, ""},
		{"a ledger without a row", setup{req: call()}, Pass, EffectBlock, "empty"},
		{"a chain that does not verify", with(func(x *setup) { x.s.Broken = "row 7 does not follow row 6" }), Fail,
			EffectBlock, "row 7"},
		{"rows that are missing", with(func(x *setup) { x.s.Lost = "rows 5 to 9 are missing" }), Fail, EffectHold,
			"rows 5 to 9"},
		{"a chain that was not computed here", reminder(cleared()...), Pass, EffectBlock, "not yet verified since this service started"},
		{"a chain that was", with(func(x *setup) { x.s.VerifiedAt = noon }), Pass, EffectBlock,
			"this person's rows are complete; the chain was verified at 20"},
		{"a head that was copied nowhere", reminder(cleared()...), Pass, EffectBlock, "not anchored externally"},
		{"a head that was copied", with(func(x *setup) { x.s.OutsideAt = noon }), Pass, EffectBlock,
			"; anchored externally at 20"},
		{"a head that was never written down elsewhere", with(func(x *setup) { x.s.AnchoredAt = time.Time{} }), Unknown,
			EffectHold, "never"},
		{"a head that was last written down yesterday morning",
			with(func(x *setup) { x.s.AnchoredAt = noon.Add(-25 * time.Hour) }), Fail, EffectHold, "24 hours"},
		{"a policy that wants it every hour", with(func(x *setup) {
			x.policy, x.s.AnchoredAt = strict(func(p *Policy) { p.Caps.AnchorHours = 1 }), noon.Add(-2*time.Hour)
		}), Fail, EffectHold, "1 hours"},
	})
	table(t, "ledger.restored", []row{
		{"a ledger that lost nothing", reminder(cleared()...), Pass, EffectHold, ""},
		{"rows lost after the consent", with(func(x *setup) { x.s.RestoredAt = 1000 }), Fail, EffectHold, "row 1000"},
		{"rows lost, and nothing known of the person",
			setup{req: call(), s: Snapshot{AsOf: 1000, RestoredAt: 1000, AnchoredAt: noon}}, Fail, EffectHold, "row 1000"},
		{"a consent after that", with(func(x *setup) {
			x.s.RestoredAt = 1000
			g := x.s.Facts[0]
			g.Type, g.Seq = Grant, 1001
			x.s.Facts = append(x.s.Facts, g)
		}), Pass, EffectHold, "row 1001"},
		{"a consent that waits on disk", with(func(x *setup) {
			x.s.RestoredAt = 1000
			g := x.s.Facts[0]
			g.Type, g.Seq = Grant, 0
			x.s.Facts = append(x.s.Facts, g)
		}), Fail, EffectHold, "row 1000"},
	})
	table(t, "ledger.clock", []row{
		{"clocks that agree", reminder(cleared()...), Pass, EffectHold, ""},
		{"clocks thirty seconds apart", with(func(x *setup) { x.s.ClockSkew = 30 * time.Second }), Pass, EffectHold, ""},
		{"clocks thirty-one seconds apart", with(func(x *setup) { x.s.ClockSkew = 31 * time.Second }), Fail, EffectHold,
			"31s apart"},
		{"a carrier's clock thirty seconds ahead", with(func(x *setup) { x.s.CarrierSkew = -30 * time.Second }), Pass,
			EffectHold, ""},
		{"a carrier's clock thirty-one seconds ahead", with(func(x *setup) { x.s.CarrierSkew = -31 * time.Second }), Fail,
			EffectHold, "the carrier's are 31s apart"},
		{"a ledger's clock behind ours", with(func(x *setup) { x.s.ClockSkew = -time.Hour }), Fail, EffectHold,
			"1h0m0s apart"},
	})
	table(t, "policy.version", []row{
		{"a policy that was loaded", reminder(cleared()...), Pass, EffectBlock, "sha256:00"},
		{"none", with(func(x *setup) { x.policy = &Policy{States: strict().States} }), Fail, EffectBlock, "no policy"},
	})
	if r := result(t, reminder(cleared()...).decide(), "decision.expired"); r.Status != Pass {
		t.Errorf("a fresh decision: %+v", r)
	}
}
