package consent

import "testing"

func TestRuleDevice(t *testing.T) {
	t.Parallel()
	in := func(states ...string) setup {
		return sale(sellable()...).with(func(x *setup) { x.places = in(states...) })
	}
	signedOff := func(x *setup) { x.policy = strict(func(p *Policy) { p.AllowStates = approved("ME", "WA", "FL") }) }
	table(t, "device.state.ME", []row{
		{"a sales call into a state that counsel has not signed off", in("NY", "ME"), Fail, EffectBlock, "counsel"},
		{"a sales call into a state that counsel has signed off", in("NY", "ME").with(signedOff), Pass, EffectBlock,
			"approved calls to Maine"},
		{"a state whose row a policy has replaced", in("ME").with(func(x *setup) {
			x.policy = strict(func(p *Policy) { p.States["ME"] = StateRow{Device: deviceAllow} })
		}), Pass, EffectBlock, "according to the policy"},
		{"a row with a word nobody knows", in("ME").with(func(x *setup) {
			x.policy = strict(func(p *Policy) { p.States["ME"] = StateRow{Device: "perhaps"} })
		}), Fail, EffectBlock, ""},
	})
	for name, x := range map[string]setup{"off by itself": in("WA"),
		"off whatever counsel says": in("WA").with(signedOff)} {
		if r := result(t, x.decide(), "device.state.WA"); r.Status != Fail || r.Effect != EffectBlock ||
			r.Citation != "RCW 80.36.400" {
			t.Errorf("Washington is not %s: %+v", name, r)
		}
	}
	if r := result(t, in("NY").decide(), "device.state.NY"); r.Status != NotApplicable {
		t.Errorf("a state without a statute: %+v", r)
	}
	if r := result(t, reminder(cleared()...).decide(), "device.state"); r.Status != NotApplicable {
		t.Errorf("a reminder: %+v", r)
	}
}

func TestRuleRegistration(t *testing.T) {
	t.Parallel()
	in := func(states ...string) setup {
		return sale(sellable()...).with(func(x *setup) { x.places = in(states...) })
	}
	table(t, "registration.state.FL", []row{
		{"a sales call into a state where the seller is not registered", in("NY", "FL"), Fail, EffectBlock,
			"register before"},
		{"a sales call into a state where it is, or is exempt",
			in("FL").with(func(x *setup) { x.policy = strict(func(p *Policy) { p.AllowStates = approved("FL") }) }), Pass,
			EffectBlock, ""},
	})
	if r := result(t, in("NY").decide(), "registration.state.NY"); r.Status != NotApplicable {
		t.Errorf("a state that wants none: %+v", r)
	}
	if r := result(t, reminder(cleared()...).decide(), "registration.state"); r.Status != NotApplicable {
		t.Errorf("a reminder: %+v", r)
	}
}

func TestRuleCallerID(t *testing.T) {
	t.Parallel()
	from := func(change func(*Request)) setup { return setup{req: call(change), s: ledgerOf(cleared()...)} }
	table(t, "caller_id", []row{
		{"a number of the seller's own", reminder(cleared()...), Pass, EffectBlock, ""},
		{"a withheld number", from(func(r *Request) { r.From = Request{}.From }), Fail, EffectBlock, "the call would show no caller ID"},
		{"a number at which nobody answers", from(func(r *Request) { r.FromSeller = "" }), Fail, EffectBlock,
			"can't take opt-outs"},
		{"a number of another seller", from(func(r *Request) { r.FromSeller = "other" }), Fail, EffectBlock,
			"the caller ID belongs to another seller"},
		{"a premium number", from(func(r *Request) { r.From = number("+19005552001") }), Fail, EffectBlock, "premium"},
		{"an emergency call has to show who calls, too",
			from(func(r *Request) { r.Purpose, r.FromSeller = Emergency, "" }), Fail, EffectBlock, ""},
	})
	if r := result(t, reminder(cleared()...).decide(), "caller_id.attestation"); r.Status != NotApplicable ||
		r.Effect != EffectWarn {
		t.Errorf("the carrier's attestation: %+v", r)
	}
}
