package consent

import (
	"fmt"
)

// hoursState holds a call to the hours of each state in which the person may be.
func hoursState(e *evaluation) []Result {
	return e.inEachState("hours.state", EffectDefer, func(r *Result, state string, plan statePlan) {
		if e.emergency() {
			r.Status, r.Reason = NotApplicable, unbound
			return
		}
		e.judge(r, e.hourClocks(nil, state, plan), func(clocks []zoneClock, fails bool) []byte {
			return e.sayHours(clocks, state, "calls are allowed", fails)
		})
	})
}

// hourClocks adds the clocks of a state's hours.
func (e *evaluation) hourClocks(clocks []zoneClock, state string, plan statePlan) []zoneClock {
	clocks = e.stateClocks(clocks, state, plan.hours)
	if plan.row.CallerZone { // where the law names no zone, the caller's must do as well
		area, _ := e.req.From.Area()
		for _, zone := range area.Zones {
			clocks = append(clocks, zoneClock{zoneTable()[zone], plan.hours})
		}
	}
	return clocks
}

// stateClocks adds a clock for every zone of a state in which the person may be. A
// plan that shuts on no day needs none.
func (e *evaluation) stateClocks(clocks []zoneClock, state string, plan *dayPlan) []zoneClock {
	if plan == nil {
		return clocks
	}
	for _, p := range e.places {
		if p.State == state {
			clocks = append(clocks, zoneClock{p.Zone, plan})
		}
	}
	return clocks
}

// holidayState is the days on which a state wants no calls at all, or fewer. It is a
// rule of its own, for the cure is another: a day, not an hour.
func holidayState(e *evaluation) []Result {
	return e.inEachState("holiday.state", EffectDefer, func(r *Result, state string, plan statePlan) {
		if e.emergency() {
			r.Status, r.Reason = NotApplicable, unbound
			return
		}
		if plan.days == nil {
			r.Status, r.Reason = Pass, "calls are allowed on every day of the year"
			return
		}
		clocks := e.stateClocks(nil, state, plan.days)
		for _, c := range clocks {
			if d, _ := localTime(e.now, c.zone); plan.days.until != 0 && d >= plan.days.until {
				r.Status = Unknown
				r.Reason = fmt.Sprintf("the holidays of %s are not recorded for %d", stateName(state), d.date().Year())
				return
			}
		}
		e.judge(r, clocks, func(clocks []zoneClock, fails bool) []byte { return e.sayDay(clocks[0], state, fails) })
	})
}

// inEachState gives one result for each state in which the person may be, in the
// order of the places.
func (e *evaluation) inEachState(rule string, effect Effect,
	judge func(r *Result, state string, plan statePlan)) []Result {
	results := make([]Result, 0, 4)
	for i, p := range e.places {
		if p.State == "" || inState(e.places[:i], p.State) {
			continue
		}
		r := Result{Rule: rule + "." + p.State, Jurisdiction: p.State, Effect: effect}
		plan, ok := e.policy.state(p.State)
		if r.Citation = plan.row.Citation; !ok {
			r.Status, r.Effect, r.Reason = Unknown, EffectHold, fmt.Sprintf("the policy has no row for %s", stateName(p.State))
		} else {
			judge(&r, p.State, plan)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		r := Result{Rule: rule, Jurisdiction: "US", Status: Unknown, Effect: effect,
			Reason: "the person's state is unknown"}
		if e.emergency() {
			r.Status, r.Reason = NotApplicable, unbound
		}
		return append(results, r)
	}
	return results
}

// emergencyState warns where a state bars sales calls while an emergency is
// declared: nobody tells us whether one is.
func emergencyState(e *evaluation) []Result {
	return e.inEachState("emergency.state", EffectWarn, func(r *Result, state string, plan statePlan) {
		switch {
		case !plan.row.Emergency:
			r.Status, r.Reason = NotApplicable, "no known law bars calls during an emergency"
		case !e.telemarketing():
			r.Status, r.Reason = NotApplicable, "the call contains no marketing"
		default:
			r.Status = Unknown
			r.Reason = fmt.Sprintf("%s bars sales calls into areas under a declared emergency; no feed of declarations "+
				"is connected, so check before calling", stateName(state))
		}
	})
}
