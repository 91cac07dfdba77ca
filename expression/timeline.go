package expression

import "time"

// maxAnchors is how many breaks of a time line are remembered, the newest.
const maxAnchors = 64

// timeline maps what a service has heard, in ms of sound, to the time at which it was
// said. It is needed where sound is left out.
type timeline struct {
	ms      int64 // of sound so far
	anchors []anchor
}

// anchor says that the sound from ms on was read from a time on.
type anchor struct {
	ms int64
	at time.Time
}

// heard adds sound whose last sample was read at a time.
func (l *timeline) heard(read time.Time, samples int) {
	from := read.Add(-length(samples))
	if d := from.Sub(l.at(l.ms)); len(l.anchors) == 0 || d > length(maxGap) || d < -time.Second {
		l.anchor(anchor{l.ms, from})
	}
	l.ms += int64(samples / perMS)
}

// lost takes back the newest ms.
func (l *timeline) lost(ms int64) {
	ms = min(ms, l.ms)
	at := l.at(l.ms)
	l.ms -= ms
	l.anchor(anchor{l.ms, at})
}

func (l *timeline) anchor(a anchor) {
	if len(l.anchors) == maxAnchors {
		l.anchors = append(l.anchors[:0], l.anchors[1:]...)
	}
	l.anchors = append(l.anchors, a)
}

// at is the time of a place; zero if nothing is known of it.
func (l *timeline) at(ms int64) time.Time {
	for i := len(l.anchors) - 1; i >= 0; i-- {
		if a := l.anchors[i]; a.ms <= ms {
			return a.at.Add(time.Duration(ms-a.ms) * time.Millisecond)
		}
	}
	return time.Time{}
}
