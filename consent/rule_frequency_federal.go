package consent

import "time"

// The caps that federal law sets: most of them come with an exemption, and hold for
// a call that relies on it.
var federalFrequencyRules = []rule{
	{"frequency.federal.informational", EffectDefer, exemptFrequency("frequency.federal.informational",
		"47 CFR 64.1200(a)(3)(ii)-(iv)", []string{"noncommercial", "commercial", "nonprofit"}, limit{3, 30 * day})},
	{"frequency.federal.healthcare", EffectDefer, exemptFrequency("frequency.federal.healthcare",
		"47 CFR 64.1200(a)(3)(v), (a)(9)(iv)", []string{"healthcare", "healthcare_wireless"}, limit{1, day},
		limit{3, 7 * day})},
	{"frequency.federal.package", EffectDefer, exemptFrequency("frequency.federal.package", "47 CFR 64.1200(a)(9)(i)",
		[]string{"package_delivery"}, limit{1, 30 * day})},
	{"frequency.federal.financial", EffectDefer, exemptFrequency("frequency.federal.financial",
		"47 CFR 64.1200(a)(9)(iii)", []string{"financial_alert"}, limit{3, 3 * day})},
	{"frequency.federal.debt", EffectDefer, frequencyDebt},
}

// exemptFrequency makes the rule of the caps that come with exemptions.
func exemptFrequency(id, citation string, names []string, limits ...limit) func(*evaluation) []Result {
	return func(e *evaluation) []Result {
		v := federal(id, EffectDefer, citation)
		claim := e.claimed()
		for _, name := range names {
			if claim != name {
				continue
			}
			if e.req.AtAnswer {
				return v.notApplicable(placed)
			}
			return []Result{within(v, e.attempts(), e.now, limits...)}
		}
		return v.notApplicable("the call does not rely on this exemption")
	}
}

// frequencyDebt is Regulation F's presumption: seven attempts in seven days for a
// debt, and seven days of rest after a conversation about it.
func frequencyDebt(e *evaluation) []Result {
	v := federal("frequency.federal.debt", EffectDefer, "12 CFR 1006.14(b)(2)")
	switch {
	case e.req.Purpose != DebtCollection:
		return v.notApplicable("the call is not about a debt")
	case e.req.AtAnswer:
		return v.notApplicable(placed)
	}
	var debt, talks []attempt
	for _, a := range e.attempts() {
		if a.subject == "" || e.req.Subject == "" || a.subject == e.req.Subject {
			debt = append(debt, a)
			if a.talked() {
				talks = append(talks, a)
			}
		}
	}
	calls, rest := within(v, debt, e.now, limit{7, 7 * day}), within(v, talks, e.now, limit{1, 7 * day})
	if rest.Status == Fail && (calls.Status != Fail || rest.RetryAt.After(*calls.RetryAt)) {
		rest.Reason = "there was a conversation about this debt less than 7 days ago; allowed again from " + rest.RetryAt.Format(time.RFC3339)
		return []Result{rest}
	}
	return []Result{calls}
}
