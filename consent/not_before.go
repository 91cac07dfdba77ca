package consent

import "time"

// notBefore is the first instant within 14 days at which all rules about time pass
// together: hours, holidays, the person's own wish, and how often they may be
// called. It is nil if there is none. It runs inside the ledger's transaction.
func (e *evaluation) notBefore() *time.Time { return e.firstTime(frequencyRules) }

func (e *evaluation) firstTime(often []rule) *time.Time {
	if len(e.places) == 0 && !e.emergency() {
		return nil
	}
	t, end := e.now, e.now.Add(search)
	var buf [24]zoneClock
	clocks, from := e.clocks(buf[:0])
	if from.After(t) {
		t = from
	}
	// How often: each of these rules says from when it would pass, whatever the hour.
	// At that time another may not, so they are asked again.
	for range 8 {
		next := together(clocks, t, end, e.dialMargin())
		if next == nil || next.After(end) {
			return nil
		}
		later, ok := e.oftenEnough(often, *next)
		if !ok {
			return nil
		}
		if !later.After(*next) {
			utc := next.UTC()
			return &utc
		}
		t = later
	}
	return nil
}

// clocks adds the clocks of all rules about time that are not switched off, and
// says from when the person wants calls.
func (e *evaluation) clocks(clocks []zoneClock) (_ []zoneClock, from time.Time) {
	if e.emergency() {
		return clocks, from
	}
	if !e.policy.Off("hours.federal") {
		clocks = federalClocks(clocks, e.places)
	}
	for i, p := range e.places {
		if p.State == "" || inState(e.places[:i], p.State) {
			continue
		}
		plan, ok := e.policy.state(p.State)
		if !ok {
			continue // held, not put off
		}
		if !e.policy.Off("hours.state." + p.State) {
			clocks = e.hourClocks(clocks, p.State, plan)
		}
		if !e.policy.Off("holiday.state." + p.State) {
			clocks = e.stateClocks(clocks, p.State, plan.days)
		}
	}
	if w := e.wish(); len(w.facts) > 0 && !w.unclear && !e.policy.Off("preference") {
		from = w.from
		clocks = wishClocks(clocks, w, e.places)
	}
	return clocks, from
}

// oftenEnough asks the rules about how often somebody is called about an instant.
// Later is from when all of them would pass, as far as they can tell; it is not ok
// if one of them never will.
func (e *evaluation) oftenEnough(often []rule, t time.Time) (later time.Time, ok bool) {
	then := newEvaluation(e.policy.whole().at(t), e.req, e.s, t)
	then.req.AtAnswer = false // it is about a new call
	for _, r := range often {
		for _, result := range then.run(r) {
			if result.Status != Fail || result.Effect != EffectDefer {
				continue
			}
			if result.RetryAt == nil || !result.RetryAt.After(t) {
				return time.Time{}, false
			}
			if result.RetryAt.After(later) {
				later = *result.RetryAt
			}
		}
	}
	return later, true
}
