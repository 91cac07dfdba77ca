package consent

import "time"

// clockSkew is how far in the future a fact may be dated.
const clockSkew = 30 * time.Second

// assumedLine is the line type of the newest fact that says one, if it is fresh. A
// line of which nobody knows what it is is a mobile's.
func (e *evaluation) assumedLine() string {
	const wireless = "wireless"
	f := e.latest(func(f *Fact) bool { return f.LineType != "" })
	if f == nil || f.LineType == "unknown" || happened(f).AddDate(0, 0, e.policy.Caps.LineTypeDays).Before(e.now) {
		return wireless
	}
	return f.LineType
}

// latest is the newest fact about the number of those that are wanted; nil for
// none. One that is dated in the future is no evidence.
func (e *evaluation) latest(wanted func(*Fact) bool) *Fact {
	var best *Fact
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type == NumberFact && wanted(f) && !e.future(f) && (best == nil || !happened(f).Before(happened(best))) {
			best = f
		}
	}
	return best
}

// travels tells whether a line may be anywhere.
func travels(line string) bool {
	return line != "residential_landline" && line != "business_landline"
}
