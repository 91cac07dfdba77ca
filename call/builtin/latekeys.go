package builtin

import "time"

// lateKeys is the keys that may still come of a collection that is over: the terminator out of
// habit after the last digit, or the rest of a number that nobody may see, keyed in too slowly.
type lateKeys struct {
	until time.Time
	deaf  time.Time // until when the agent hears silence, if the keys are secret
	want  collectIn
	whole bool // as many came as were asked for: a further one is not likely
}

// wait lets keys come for so long.
func (a *lateKeys) wait(bound time.Duration, now time.Time) {
	a.until, a.deaf = now.Add(bound), now.Add(bound)
	if a.whole {
		a.deaf = now.Add(min(bound, surplusWait))
	}
}

// takes tells whether a key belongs to what is over.
func (a *lateKeys) takes(key string, now time.Time) bool {
	if now.After(a.until) {
		return false
	}
	if a.want.Secret {
		a.wait(time.Duration(a.want.TimeoutMS)*time.Millisecond, now)
		return true
	}
	a.until = time.Time{} // one key alone
	return key == *a.want.Terminator
}
