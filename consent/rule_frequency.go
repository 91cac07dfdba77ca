package consent

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// The rules about how often a person is called. They count attempts.
var frequencyRules = append([]rule{
	{"frequency.policy", EffectDefer, frequencyPolicy},
	{"frequency.state", EffectDefer, frequencyState},
}, federalFrequencyRules...)

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
	r := v.say(Fail, fmt.Sprintf("at most %s; allowed again from %s", strings.Join(over, ", "),
		retry.UTC().Format(time.RFC3339)), relied)
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
	if e.urgent() {
		return v.notApplicable("an emergency call")
	}
	list, caps := e.attempts(), e.policy.Caps
	r := within(v, list, e.now, limit{cmp.Or(caps.PerDay, 1), day}, limit{cmp.Or(caps.PerWeek, 3), 7 * day})
	row, most := e.unanswered(), cmp.Or(caps.Unanswered, 3)
	if full, retry, first := capped(row, most, unansweredWindow, e.now); full {
		s := v.say(Fail, fmt.Sprintf("%d unanswered calls in a row; allowed again from %s, or when the person contacts the seller", len(row), retry.UTC().Format(time.RFC3339)), []*Fact{first})
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
		return e.req.Seller.Owns(f.Seller) && (f.Type == Preference || f.Type == Grant && affirmative(f))
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
	if e.urgent() {
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
