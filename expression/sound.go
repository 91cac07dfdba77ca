package expression

import "time"

const (
	// maxSound is the most sound that is kept of a turn, in samples: its last 15 s.
	maxSound = 15000 * perMS
	// maxGap is how late a frame may come, in samples, before silence is put in its place.
	// Below it, frames that come in bursts are one stretch of sound.
	maxGap = 100 * perMS
	// preRoll is what is kept of before a turn's begin: a voice is noticed late.
	preRoll = 300 * time.Millisecond
)

// sound is the newest of what the caller said, on one time line without holes.
type sound struct {
	ulaw []byte
	end  time.Time // when the last sample was read
}

// silentULaw is µ-law of a zero sample (ITU-T G.711).
const silentULaw = 0xFF

func (s *sound) push(f frame) {
	if len(s.ulaw) > 0 {
		due := s.end.Add(length(len(f.ulaw)))
		if late := samples(f.at.Sub(due)); late > maxGap {
			if late >= maxSound {
				s.ulaw = s.ulaw[:0]
			} else {
				for range late {
					s.ulaw = append(s.ulaw, silentULaw)
				}
			}
		} else {
			f.at = due // its place follows from the sound before it
		}
	}
	s.ulaw, s.end = append(s.ulaw, f.ulaw...), f.at
	if over := len(s.ulaw) - maxSound; over > 0 {
		s.ulaw = s.ulaw[:copy(s.ulaw, s.ulaw[over:])]
	}
}

// take removes what was heard until the end of a turn, and returns what is the turn's,
// and when it begins. What was before is lost.
func (s *sound) take(t turn) ([]byte, time.Time) {
	n := len(s.ulaw) - min(len(s.ulaw), max(0, samples(s.end.Sub(t.end))))
	zero := s.end.Add(-length(len(s.ulaw)))
	from := 0
	if !t.begin.IsZero() {
		from = min(n, max(0, samples(t.begin.Add(-preRoll).Sub(zero))))
	}
	taken := append([]byte(nil), s.ulaw[from:n]...)
	s.ulaw = append([]byte(nil), s.ulaw[n:]...) // a new slice: most of the old one is never needed again
	return taken, zero.Add(length(from))
}

func (s *sound) reset() { *s = sound{} }

// length is how long so many samples sound.
func length(samples int) time.Duration { return time.Duration(samples) * time.Millisecond / perMS }

// samples is how many samples sound so long.
func samples(d time.Duration) int { return int(d / (time.Millisecond / perMS)) }
