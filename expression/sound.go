package expression

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/media"
)

const (
	// maxSound is the most sound that is kept of a turn, in samples: its last 15 s.
	maxSound = 15000 * perMS
	// maxGap is how late a frame may come, in samples, before silence is put in its place.
	// Below it, frames that come in bursts are one stretch of sound.
	maxGap = 100 * perMS
	// noticed is how long after the caller's last sound, in steps of 10 ms, a begin may be
	// reported that belongs to it: voices report it late, some with the first words.
	noticed = 100
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

// take removes what was heard until the end of a turn, and returns what is the turn's, as
// samples, and when it begins. What was before is lost.
func (s *sound) take(t turn) ([]int16, time.Time) {
	n := len(s.ulaw) - min(len(s.ulaw), max(0, samples(s.end.Sub(t.end))))
	zero := s.end.Add(-length(len(s.ulaw)))
	pcm := media.AppendDecodeULaw(nil, s.ulaw[:n])
	s.ulaw = append([]byte(nil), s.ulaw[n:]...) // a new slice: most of the old one is never needed again
	from := 0
	if !t.begin.IsZero() {
		from = beginning(detect(pcm), samples(t.begin.Sub(zero))/hop) * hop
	}
	return pcm[from:], zero.Add(length(from))
}

// beginning is the step at which a turn begins whose begin was reported at a step: that of
// the first speech which no longer pause parts from it. A begin that was reported after all
// speech says nothing.
func beginning(a activity, reported int) int {
	from := max(0, min(reported, len(a.speech)))
	for i := from - 1; i >= 0 && from-i <= noticed; i-- {
		if a.speech[i] {
			from = i
		}
	}
	if !slices.Contains(a.speech[from:], true) {
		return 0
	}
	return max(0, from-margin)
}

func (s *sound) reset() { *s = sound{} }

// length is how long so many samples sound.
func length(samples int) time.Duration { return time.Duration(samples) * time.Millisecond / perMS }

// samples is how many samples sound so long.
func samples(d time.Duration) int { return int(d / (time.Millisecond / perMS)) }
