package consent

import "time"

// The offsets from UTC between which every place of the US and its territories, and
// every inhabited place, keeps its day: a calendar day begins first on Kiritimati and
// ends last on Baker Island, a territory of the US.
const (
	firstOffset = 14 * time.Hour
	lastOffset  = -12 * time.Hour
)

// span is the first and the last instant at which what a fact tells of may have
// happened. With a date alone (OccurredOn) that is the whole day, in every zone where
// the person may have been.
func (f *Fact) span() (first, last time.Time) {
	if f.OccurredOn != "" {
		if midnight, err := time.Parse(time.DateOnly, f.OccurredOn); err == nil {
			return midnight.Add(-firstOffset), midnight.Add(day - lastOffset)
		}
	}
	at := f.OccurredAt
	if at.IsZero() {
		at = f.RecordedAt
	}
	return at, at
}

// happened is when what a fact tells of was the case. Of a day, what speaks against a
// call counts until the day's last instant, and all else from its first.
func happened(f *Fact) time.Time {
	first, last := f.span()
	if f.Type.Refuses() || f.Reassigned == Yes || f.Reassigned == Suspected {
		return last
	}
	return first
}

// DayBegun is when a day, given by its [NoonOf], has begun everywhere: a wish for no
// calls before a day holds until then.
func DayBegun(noon time.Time) time.Time { return noon.Add(-day/2 - lastOffset) }

// NoonOf is the instant that stands for a day in the order of events: noon UTC, which
// is within that day in every zone of the US. The day has the form 2006-01-02.
func NoonOf(date string) (time.Time, error) {
	midnight, err := time.Parse(time.DateOnly, date)
	return midnight.Add(day / 2), err
}
