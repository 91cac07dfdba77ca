package chaos

import (
	"bytes"
	"sync"
	"time"
)

// Frames of 20 ms are numbered: all bytes of the first half are the number's high digit, all of the second its low
// digit. The agents of a call and its caller have digits of their own, among which silence is not.
const (
	downFirst = 1   // the first digit of what the caller hears
	upFirst   = 129 // the first digit of what the caller says
	highs     = 60  // then come the low digits
	lows      = 64
	stamps    = highs * lows // then it begins anew
)

// stamped makes numbered sound, for whoever asks next.
type stamped struct {
	first byte

	mu sync.Mutex
	n  int
}

// next is the next frames.
func (s *stamped) next(frames int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sound []byte
	for range frames {
		high, low := byte(s.n/lows%highs), byte(s.n%lows)
		sound = append(sound, bytes.Repeat([]byte{s.first + high}, frameBytes/2)...)
		sound = append(sound, bytes.Repeat([]byte{s.first + highs + low}, frameBytes/2)...)
		s.n++
	}
	return sound
}

// numbers is the numbers of the frames in sound, in order, without those of which less than half is left. Speech holds
// no such frames: bytes that repeat for 5 ms.
func numbers(sound []byte, first byte) (list []int) {
	high := -1
	for i := 0; i < len(sound); {
		n := 1
		for i+n < len(sound) && sound[i+n] == sound[i] {
			n++
		}
		digit := int(sound[i]) - int(first)
		switch {
		case n < frameBytes/4, digit < 0, digit >= highs+lows:
			high = -1
		case digit < highs:
			high = digit
		case high >= 0:
			list = append(list, high*lows+digit-highs)
			high = -1
		}
		i += n
	}
	return list
}

// disorder is where numbers go back or repeat, as indexes; skipped counts those that are missing in between. A
// jump by less than half of the range is forward.
func disorder(list []int) (at []int, skipped int) {
	for i := 1; i < len(list); i++ {
		step := (list[i] - list[i-1] + stamps) % stamps
		if step == 0 || step > stamps/2 {
			at = append(at, i)
			continue
		}
		skipped += step - 1
	}
	return at, skipped
}

// span is a stretch of time.
type span struct{ from, to time.Time }

// quietest is the longest stretch of a span that none of the covers covers.
func (s span) quietest(covers []span) (longest span) {
	at := s.from
	for at.Before(s.to) {
		next, covered := s.to, time.Time{}
		for _, c := range covers {
			switch {
			case !c.from.After(at) && c.to.After(at):
				if c.to.After(covered) {
					covered = c.to
				}
			case c.from.After(at) && c.from.Before(next):
				next = c.from
			}
		}
		if !covered.IsZero() {
			at = covered
			continue
		}
		if next.Sub(at) > longest.to.Sub(longest.from) {
			longest = span{at, next}
		}
		at = next
	}
	return longest
}
