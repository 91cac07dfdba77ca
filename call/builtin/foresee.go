package builtin

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// foreseenError is a callback that the gate would not let through: never, or not at that time.
type foreseenError struct {
	say   string
	rules []string
}

func (e *foreseenError) Error() string {
	return "the gate would not let it through: " + strings.Join(e.rules, ", ")
}

// Foresee says whether a decision about a time to come wants facts that may still be brought. The error is that of a
// call which the gate would not let through; the agent hears why.
func Foresee(d consent.Decision, at time.Time) (held bool, err error) {
	var blocked, late []string
	var from time.Time
	for _, r := range d.Failing() {
		switch {
		case r.Status == consent.Unknown || r.Effect == consent.EffectHold:
			held = true
		case r.Effect == consent.EffectDefer:
			late = append(late, r.Rule)
			if r.RetryAt != nil && r.RetryAt.After(from) {
				from = *r.RetryAt
			}
		default:
			blocked = append(blocked, r.Rule)
		}
	}
	switch {
	case len(blocked) > 0:
		say := sayNotAllowed
		for _, rule := range blocked {
			if rule == "revoked" || rule == "dnc.internal" {
				say = sayOnTheList
			}
		}
		return false, &foreseenError{say, blocked}
	case len(late) > 0:
		if d.NotBefore != nil {
			from = *d.NotBefore
		}
		if from.IsZero() {
			return false, &foreseenError{sayNoTimeNear, late}
		}
		return false, &foreseenError{"We may not call them at that time. Nothing is scheduled. The earliest after it is " +
			ClockTime(from.In(at.Location())) + ". Ask whether that suits; if they say so, use the tool again with it.", late}
	}
	return held, nil
}
