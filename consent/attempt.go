package consent

import (
	"slices"
	"time"
)

// attempt is one permit to call the number: it counts whether anybody answered or
// not, and from whichever of the seller's numbers the call came.
type attempt struct {
	at       time.Time
	callID   string
	subject  string
	live     bool // no end was written down
	outcome  string
	fact     *Fact
	released bool // no telephone ever rang
}

// attempts is the seller's permits for this number, the newest first, without
// those that were released.
func (e *evaluation) attempts() []attempt {
	if e.tried != nil {
		return e.tried
	}
	list := make([]attempt, 0, 4)
	byID := map[string]int{}
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type != Permitted || !e.req.Seller.Is(f.Seller) {
			continue
		}
		n, known := byID[f.PermitID]
		if !known || f.PermitID == "" {
			n = len(list)
			byID[f.PermitID] = n
			list = append(list, attempt{at: happened(f), callID: f.CallID, subject: f.Subject, live: true, fact: f})
		}
		switch a := &list[n]; f.PermitStatus {
		case PermitReleased:
			a.live, a.released = false, true
		case PermitEnded:
			a.live, a.outcome = false, f.Outcome
		}
	}
	list = slices.DeleteFunc(list, func(a attempt) bool { return a.released })
	slices.SortStableFunc(list, func(a, b attempt) int { return b.at.Compare(a.at) })
	e.tried = list
	return list
}

// unanswered tells whether nobody took the call: a machine is nobody. A call of
// which no end is known, long after it, was not answered as far as anyone can show.
func (a attempt) unanswered(now time.Time) bool {
	switch a.outcome {
	case "no_answer", "busy", "voicemail":
		return true
	}
	return a.live && now.Sub(a.at) >= liveFor
}

// talked tells whether somebody took the call. A call that failed tells nothing.
func (a attempt) talked() bool {
	switch a.outcome {
	case "", "no_answer", "busy", "voicemail", "failed":
		return false
	}
	return true
}

// capped holds attempts against a cap in a rolling window: the window is the time
// up to now, not a calendar day. If one more would be too many, it returns the
// attempt that has to leave the window first, and when it does.
func capped(list []attempt, most int, window time.Duration, now time.Time) (full bool, retry time.Time, first *Fact) {
	n := 0
	for i := range list {
		if list[i].at.Add(window).After(now) {
			if n++; n == most {
				return true, list[i].at.Add(window), list[i].fact
			}
		}
	}
	return false, time.Time{}, nil
}
