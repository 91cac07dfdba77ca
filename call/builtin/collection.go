package builtin

import "time"

// collection is digits that are being keyed in.
type collection struct {
	tool   Invocation
	want   collectIn
	digits string
	since  time.Time // when it was asked for, or went on with another stream
	last   time.Time // when the last key came; zero before the first
}

func (d *collection) wait() time.Duration { return time.Duration(d.want.TimeoutMS) * time.Millisecond }

// due is when the caller has waited too long with a key. The time for the first one begins when
// they have heard what is asked of them: dry is when the line has nothing left to play.
func (d *collection) due(dry time.Time) time.Time {
	if !d.last.IsZero() {
		return d.last.Add(d.wait())
	}
	since := d.since
	if dry.After(since) {
		since = dry
	}
	due, latest := since.Add(2*d.wait()), d.since.Add(maxFirstKey)
	if due.After(latest) {
		return latest
	}
	return due
}

// press takes a key and says what it ends the collection by; nothing if it goes on. A key that is
// neither a digit nor the terminator is passed over.
func (d *collection) press(key string, now time.Time) (by string) {
	d.last = now
	switch {
	case key == *d.want.Terminator:
		return byTerminator
	case len(key) == 1 && digit(key[0]):
		d.digits += key
	}
	if len(d.digits) >= d.want.Max {
		return byMax
	}
	return ""
}
