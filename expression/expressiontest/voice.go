package expressiontest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Voice is a made voice as a telephone carries it: harmonics between 300 and 3400 Hz
// that rise and fall once a syllable.
type Voice struct {
	Pitch     float64 // Hz of the fundamental; 0 whispers
	Swing     float64 // semitones by which the pitch goes up and down around it, once a second
	Syllables float64 // a second; 0 holds one for ever
	Level     float64 // dBFS of the loudest; 0 for -20
}

const sampleRate = 8000

// Say makes so much µ-law of a voice, 8 kHz.
func (v Voice) Say(long time.Duration) []byte {
	pcm := make([]int16, int(long.Milliseconds())*sampleRate/1000)
	wave, power := make([]float64, len(pcm)), 0.0
	rng := rand.New(rand.NewPCG(1, 2))
	phase := 0.0
	for i := range wave {
		t := float64(i) / sampleRate
		hz := v.Pitch * math.Pow(2, v.Swing/12*math.Sin(2*math.Pi*t))
		phase += 2 * math.Pi * hz / sampleRate
		if v.Pitch == 0 {
			wave[i] = rng.NormFloat64()
		}
		for k := 1.0; v.Pitch > 0 && k*hz < 3400; k++ {
			if k*hz > 300 {
				wave[i] += math.Sin(k*phase) / k
			}
		}
		power += wave[i] * wave[i]
	}
	level := v.Level
	if level == 0 {
		level = -20
	}
	gain := 32768 * math.Pow(10, level/20) / math.Sqrt(power/float64(len(wave)))
	for i := range pcm {
		t := float64(i) / sampleRate
		loud := 1.0
		if v.Syllables > 0 { // down by 20 dB between two
			loud = math.Pow(10, -(1+math.Cos(2*math.Pi*v.Syllables*t))/2)
		}
		pcm[i] = int16(max(-32767, min(32767, wave[i]*gain*loud)))
	}
	return media.AppendEncodeULaw(nil, pcm)
}

// Silence is so much µ-law of nothing.
func Silence(long time.Duration) []byte {
	b := make([]byte, int(long.Milliseconds())*sampleRate/1000)
	for i := range b {
		b[i] = media.Silence
	}
	return b
}
