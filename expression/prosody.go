package expression

import (
	"math"
	"slices"
	"time"
)

// The measures of [Prosody]. A measure that a turn doesn't allow, such as the pitch of a
// whisper, is left out.
const (
	MeasureLevel       = "level_dbfs"      // root mean square of the speech, dB below full scale
	MeasurePace        = "pace_per_second" // energy peaks as syllables have them, per second of speech
	MeasurePitch       = "pitch_hz"        // median of the voice's fundamental, 60 to 400 Hz
	MeasurePitchSpread = "pitch_spread_st" // from its 10th to its 90th percentile, semitones
	MeasurePauses      = "pauses"          // of at least 300 ms, inside the turn
	MeasureSpeech      = "speech_seconds"  // without pauses
	MeasureTalkingOver = "over_seconds"    // of speech while the agent's voice was played
)

const (
	shortestPause  = 30 // steps of 10 ms
	shortestSpeech = 10 // steps; below it there is nothing to measure
)

// prosody measures on this machine.
type prosody struct {
	host  host
	sound sound
}

func (p *prosody) hear(f frame)             { p.sound.push(f) }
func (p *prosody) tick(time.Time) time.Time { return time.Time{} }
func (p *prosody) reset()                   { p.sound.reset() }
func (p *prosody) close()                   {}

func (p *prosody) ended(t turn) {
	pcm, begin := p.sound.take(t)
	scores := measure(pcm, begin, t.over)
	if scores == nil {
		p.host.skip(nil)
		return
	}
	p.host.emit(Result{Turn: t.number, Scores: scores, Source: SourceProsody})
}

// measure measures a turn at 8 kHz; nil if there is too little speech.
func measure(pcm []int16, begin time.Time, over spans) map[string]float64 {
	a := detect(pcm)
	spoken, pauses, run := 0, 0, 0
	var talked time.Duration
	var power float64
	for i := a.first; i < a.last; i++ {
		if !a.speech[i] {
			if run++; run == shortestPause {
				pauses++
			}
			continue
		}
		run = 0
		spoken++
		power += math.Pow(10, a.levels[i]/10)
		at := begin.Add(length(i * hop))
		for _, s := range over {
			talked += s.overlap(span{at, at.Add(length(hop))})
		}
	}
	if spoken < shortestSpeech {
		return nil
	}
	seconds := length(spoken * hop).Seconds()
	scores := map[string]float64{
		MeasureLevel:       round(10*math.Log10(power/float64(spoken)), 1),
		MeasurePace:        round(float64(peaks(a))/seconds, 1),
		MeasurePauses:      float64(pauses),
		MeasureSpeech:      round(seconds, 2),
		MeasureTalkingOver: round(talked.Seconds(), 2),
	}
	if voice := pitches(pcm, a); len(voice) >= shortestSpeech {
		slices.Sort(voice)
		at := func(share float64) float64 { return voice[int(share*float64(len(voice)-1))] }
		scores[MeasurePitch] = round(at(0.5), 0)
		scores[MeasurePitchSpread] = round(12*math.Log2(at(0.9)/at(0.1)), 1)
	}
	return scores
}

func round(v float64, digits int) float64 {
	f := math.Pow(10, float64(digits))
	return math.Round(v*f) / f
}
