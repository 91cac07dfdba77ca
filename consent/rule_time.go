package consent

import (
	"time"

	"github.com/patchcord/patchcord/phone"
)

// The rules about where the person is, what time it is there, and when they want to
// be called. The strict profile holds every call to them but an emergency's, sold
// something or not, agreed to or not.
var timeRules = []rule{
	{"hours.federal", EffectDefer, hoursFederal},
	{"hours.state", EffectDefer, hoursState},
	{"holiday.state", EffectDefer, holidayState},
	{"location.unknown", EffectHold, locationUnknown},
	{"location.ambiguous", EffectWarn, locationAmbiguous},
	{"emergency.state", EffectWarn, emergencyState},
	{"preference", EffectDefer, preference},
}

// federalDay is the hours of 47 CFR 64.1200(c)(1). It says "after 9 p.m."; at 21:00
// it is too late here.
var federalDay = daily(timeWindow{8 * 60, 21 * 60})

// ringTime is how long it may take until a call that is placed is answered: longer
// than a telephone rings before Twilio gives up.
// https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource (Timeout)
const ringTime = time.Minute

// margin is how long before the end of the hours a call may still begin. One that
// has been answered has begun.
func (e *evaluation) margin() time.Duration {
	if e.req.AtAnswer {
		return 0
	}
	return e.dialMargin()
}

func (e *evaluation) dialMargin() time.Duration {
	return max(ringTime, time.Duration(e.policy.Caps.GuardMinutes)*time.Minute)
}

// emergency is a call that is bound by no hours: 47 CFR 64.1200(a)(1), (f)(4).
func (e *evaluation) emergency() bool { return e.req.Purpose == Emergency }

const unbound = "calling hours do not apply to emergency calls"

func hoursFederal(e *evaluation) []Result {
	r := Result{Rule: "hours.federal", Jurisdiction: "US", Effect: EffectDefer,
		Citation: "47 CFR 64.1200(c)(1), (e); 16 CFR 310.4(c)"}
	clocks := federalClocks(nil, e.places)
	switch {
	case e.emergency():
		r.Status, r.Reason = NotApplicable, unbound
	case len(clocks) == 0:
		r.Status, r.Reason = Unknown, "the person's location, and so their local time, is unknown"
	default:
		e.judge(&r, clocks, func(clocks []zoneClock, fails bool) []byte {
			return e.sayHours(clocks, "",
				"calls are allowed", fails)
		})
	}
	return []Result{r}
}

// federalClocks adds a clock for every zone in which the person may be.
func federalClocks(clocks []zoneClock, places []Place) []zoneClock {
next:
	for i, p := range places {
		for _, before := range places[:i] {
			if sameTime(before.Zone, p.Zone) {
				continue next
			}
		}
		clocks = append(clocks, zoneClock{p.Zone, federalDay})
	}
	return clocks
}

func sameTime(a, b *time.Location) bool {
	return a == b || phone.ZoneOf(a.String()) == phone.ZoneOf(b.String())
}

// judge fills in how a rule of hours came out, by the clocks of the places that it
// is about. Say gives the reason, of those that are against the call, or of all.
func (e *evaluation) judge(r *Result, clocks []zoneClock, say func(clocks []zoneClock, fails bool) []byte) {
	var buf [8]zoneClock
	against := buf[:0]
	for _, c := range clocks {
		if !c.opens(e.now, e.margin()) {
			against = append(against, c)
		}
	}
	if len(against) == 0 {
		r.Status, r.Reason = Pass, string(say(clocks, false))
		return
	}
	r.Status, r.Reason, r.RetryAt = Fail, string(say(against, true)), e.retryAt(clocks, e.now)
}

// search is how far ahead the next time for a call is looked for.
const search = 14 * 24 * time.Hour

// retryAt is the first instant, from or later, at which a call could be placed by
// these clocks; nil if there is none.
func (e *evaluation) retryAt(clocks []zoneClock, from time.Time) *time.Time {
	t := together(clocks, from, from.Add(search), e.dialMargin())
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}
