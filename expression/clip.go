package expression

import "github.com/patchcord/patchcord/media"

const (
	margin   = 20        // steps of 10 ms that are kept on both sides of the speech
	shortest = rate      // samples: the service takes no clip below 1 s
	wanted   = 5 * rate  // samples: most questions are answered better from 5 s on
	longest  = 15 * rate // samples
)

// clip is the WAV of a turn, 8 kHz, one channel: its speech with a little on both sides,
// stretched to 5 s by what was before in the same turn, filled up with silence to 1 s.
// It is nil if there is no speech in it.
func clip(pcm []int16) []byte {
	a := detect(pcm)
	if a.silent() || spokenSteps(a) < shortestSpeech {
		return nil
	}
	from, until := max(0, a.first-margin)*hop, min(len(a.levels), a.last+margin)*hop
	from = max(0, min(from, until-wanted), until-longest)
	pcm = pcm[from:until]
	if missing := shortest - len(pcm); missing > 0 {
		pcm = append(pcm[:len(pcm):len(pcm)], make([]int16, missing)...)
	}
	return media.AppendWAV(nil, rate, 1, pcm)
}

func spokenSteps(a activity) (n int) {
	for _, s := range a.speech {
		if s {
			n++
		}
	}
	return n
}
