package consent

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// The rules about how often a person is called. They count attempts.
var frequencyRules = []rule{
	{"frequency.policy", EffectDefer, frequencyPolicy},
	{"frequency.state", EffectDefer, frequencyState},
	{"frequency.federal.informational", EffectDefer, exemptFrequency("frequency.federal.informational", "47 CFR 64.1200(a)(3)(ii)-(iv)", []string{"noncommercial", "commercial", "nonprofit"}, limit{3, 30 * day})},
	{"frequency.federal.healthcare", EffectDefer, exemptFrequency("frequency.federal.healthcare", "47 CFR 64.1200(a)(3)(v), (a)(9)(iv)", []string{"healthcare", "healthcare_wireless"}, limit{1, day}, limit{3, 7 * day})},
	{"frequency.federal.package", EffectDefer, exemptFrequency("frequency.federal.package", "47 CFR 64.1200(a)(9)(i)", []string{"package_delivery"}, limit{1, 30 * day})},
	{"frequency.federal.financial", EffectDefer, exemptFrequency("frequency.federal.financial", "47 CFR 64.1200(a)(9)(iii)", []string{"financial_alert"}, limit{3, 3 * day})},
	{"frequency.federal.debt", EffectDefer, frequencyDebt},
}

// limit is so many calls in so long.
type limit struct {
	most   int
	window time.Duration
}

func (l limit) String() string {
	if h := l.window / time.Hour; h%24 != 0 || h == 24 {
		return fmt.Sprintf("%d in %d hours", l.most, h)
	}
	return fmt.Sprintf("%d in %d days", l.most, l.window/day)
}

// placed is why no cap holds any more once a call is answered: to end it would not
// make it uncounted.
const placed = "the call has been placed"

// within holds attempts against limits; all that are reached are named, and the
// retry is when the last of them is free again.
func within(v verdict, list []attempt, now time.Time, limits ...limit) Result {
	var over []string
	var relied []*Fact
	var retry time.Time
	for _, l := range limits {
		if full, at, first := capped(list, l.most, l.window, now); full {
			over = append(over, l.String())
			relied = append(relied, first)
			if at.After(retry) {
				retry = at
			}
		}
	}
	if over == nil {
		return v.say(Pass, fmt.Sprintf("%d attempts so far", len(list)), nil)
	}
	r := v.say(Fail, fmt.Sprintf("no more than %s; again from %s", strings.Join(over, ", "), retry.UTC().Format(time.RFC3339)), relied)
	retry = retry.UTC()
	r.RetryAt = &retry
	return r
}

// unansweredWindow is how long calls that nobody took are remembered: without
// it three of them in three years would end all reminders for good.
const unansweredWindow = 30 * day

// frequencyPolicy is the product's own cap, for everyone.
func frequencyPolicy(e *evaluation) []Result {
	v := federal("frequency.policy", EffectDefer, "policy")
	if e.req.AtAnswer {
		return v.notApplicable(placed)
	}
	list, caps := e.attempts(), e.policy.Caps
	r := within(v, list, e.now, limit{cmp.Or(caps.PerDay, 1), day}, limit{cmp.Or(caps.PerWeek, 3), 7 * day})
	row, most := e.unanswered(), cmp.Or(caps.Unanswered, 3)
	if full, retry, first := capped(row, most, unansweredWindow, e.now); full {
		s := v.say(Fail, fmt.Sprintf("%d calls in a row that nobody took; again from %s, or when the person gets in touch", len(row), retry.UTC().Format(time.RFC3339)), []*Fact{first})
		if retry = retry.UTC(); r.RetryAt == nil || retry.After(*r.RetryAt) {
			s.RetryAt = &retry
		} else {
			s.RetryAt = r.RetryAt
		}
		if r.Status == Fail {
			s.Reason = r.Reason + "; " + s.Reason
		}
		return []Result{s}
	}
	return []Result{r}
}

// unanswered is the newest attempts in a row that nobody took, since the person
// last did something of their own accord.
func (e *evaluation) unanswered() []attempt {
	sign := e.newest(func(f *Fact) bool {
		return f.Seller == e.req.Seller.Name && (f.Type == Preference || f.Type == Grant && affirmative(f))
	})
	var row []attempt
	for _, a := range e.attempts() {
		if a.talked() || sign != nil && !a.at.After(happened(sign)) {
			break
		}
		if a.unanswered(e.now) && a.at.Add(unansweredWindow).After(e.now) {
			row = append(row, a)
		}
	}
	return row
}

// frequencyState is the states' caps. The laws speak of calls on one subject;
// what that is, whoever asks for the call could choose, so all of them count.
func frequencyState(e *evaluation) []Result {
	v := federal("frequency.state", EffectDefer, "state laws on the number of calls")
	if e.req.AtAnswer {
		return v.notApplicable(placed)
	}
	if name, ok := e.exempt(); ok && name == "emergency" {
		return v.notApplicable("an emergency call")
	}
	return e.eachState("frequency.state", EffectDefer, func(v verdict, state string, row StateRow) Result {
		name := stateName(state)
		if row.Cap <= 0 {
			return v.say(NotApplicable, name+" sets no cap", nil)
		}
		return within(v, e.attempts(), e.now, limit{row.Cap, time.Duration(cmp.Or(row.CapHours, 24)) * time.Hour})
	})
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
		rest.Reason = "there was a conversation about this debt less than 7 days ago; again from " + rest.RetryAt.Format(time.RFC3339)
		return []Result{rest}
	}
	return []Result{calls}
}
