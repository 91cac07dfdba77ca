package amd

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/patchcord/patchcord/media"
)

// part is a stretch of a synthetic line: sines of the same strength, and silence if there are none.
type part struct {
	ms int
	hz []float64
}

// signal puts parts together, each sine db below full scale, in white noise snr below it (0 for none), beginning
// anywhere in a frame.
func signal(parts []part, level, snr float64, seed uint64) []byte {
	rng := rand.New(rand.NewPCG(seed, 7))
	amplitude := 32124 * math.Pow(10, level/20)
	sigma := 0.0
	if snr > 0 {
		sigma = amplitude / math.Sqrt2 * math.Pow(10, -snr/20)
	}
	pcm := make([]int16, rng.IntN(beepFrame))
	at := rng.IntN(media.Rate)
	for _, p := range parts {
		for range p.ms * media.Rate / 1000 {
			v := 0.0
			for _, hz := range p.hz {
				v += amplitude * math.Sin(2*math.Pi*hz*float64(at)/media.Rate)
			}
			at++
			pcm = append(pcm, int16(math.Round(max(-32124, min(32124, v+sigma*rng.NormFloat64())))))
		}
	}
	return media.AppendEncodeULaw(nil, pcm)
}

// beeps is how many it hears, and the last.
func beeps(ulaw []byte) (n int, last Tone) {
	var b Beep
	for len(ulaw) > 0 {
		k := min(160, len(ulaw))
		if t, over := b.Add(ulaw[:k]); over {
			n, last = n+1, t
		}
		ulaw = ulaw[k:]
	}
	return n, last
}

func alone(ms int, hz ...float64) []part { return []part{{300, nil}, {ms, hz}, {600, nil}} }

// Beeps of all kinds are found, once, with their pitch and length.
func TestBeepIsHeard(t *testing.T) {
	tried, found := 0, 0
	for _, snr := range []float64{0, 30, 20, 12, 10} {
		n, ok := 0, 0
		for _, hz := range []float64{440, 455, 480, 620, 800, 850, 941, 1000, 1100, 1209, 1400, 1633, 1800, 2000 - 15} {
			for _, ms := range []int{150, 200, 400, 700, 1500, 1950} {
				for _, level := range []float64{-3, -20, -36} {
					for seed := range uint64(1) {
						n++
						heard, tone := beeps(signal(alone(ms, hz), level, snr, seed+1))
						if heard != 1 {
							continue
						}
						ok++
						if math.Abs(tone.Hz-hz) > 12 || math.Abs(float64(tone.Length)/8-float64(ms)) > 45 {
							t.Errorf("%v Hz for %d ms, %v dB: heard as %+v", hz, ms, level, tone)
						}
					}
				}
			}
		}
		t.Logf("SNR %v dB: %d of %d (%.1f %%)", snr, ok, n, 100*float64(ok)/float64(n))
		tried, found = tried+n, found+ok
		if float64(ok) < .97*float64(n) {
			t.Errorf("at an SNR of %v dB only %d of %d beeps are heard", snr, ok, n)
		}
	}
	t.Logf("%d of %d", found, tried)
}

// What else is heard on telephone lines is no beep.
func TestBeepIsNotFooled(t *testing.T) {
	every := func(n int, p ...part) (all []part) {
		for range n {
			all = append(all, p...)
		}
		return all
	}
	on := func(ms int, hz ...float64) part { return part{ms, hz} }
	off := func(ms int) part { return part{ms: ms} }
	signals := map[string][]part{
		"ringing, US":              every(2, on(2000, 440, 480), off(4000)),
		"busy, US":                 every(8, on(500, 480, 620), off(500)),
		"reorder, US":              every(12, on(250, 480, 620), off(250)),
		"dial tone, US":            {off(200), on(3000, 350, 440), off(500)},
		"call waiting heard twice": every(2, on(300, 440, 480), off(500)),
		"ringing, UK":              every(3, on(400, 400, 450), off(200), on(400, 400, 450), off(2000)),
		"Europe's busy":            every(6, on(500, 425), off(500)),
		"Europe's ringing":         every(2, on(1000, 425), off(4000)),
		"special information":      {off(300), on(380, 913.8), on(274, 1370.6), on(380, 1776.7), off(1000)},
		"the other one":            {off(300), on(274, 985.2), on(380, 1428.5), on(380, 1776.7), off(1000)},
		"fax that calls":           every(3, on(500, 1100), off(3000)),
		"fax that is called":       {off(300), on(3000, 2100), off(500)},
		"modem":                    {off(300), on(1000, 2225), off(500)},
		"short fax answer":         {off(300), on(1500, 2100), off(500)},
		"click":                    every(5, on(60, 1000), off(400)),
		"test tone":                {off(200), on(5000, 1004), off(500)},
		"melody": {off(200), on(250, 523), on(250, 659), on(250, 784), on(500, 1047), on(250, 784),
			off(500)},
		"chord":   {off(200), on(500, 523, 659, 784), off(500)},
		"silence": {off(3000)},
	}
	for _, row := range []float64{697, 770, 852, 941} {
		for _, column := range []float64{1209, 1336, 1477, 1633} {
			signals["DTMF"] = append(signals["DTMF"], on(300, row, column), off(200))
		}
	}
	for name, parts := range signals {
		for _, snr := range []float64{0, 25, 12} {
			for _, level := range []float64{-9, -20, -32} {
				for seed := range uint64(2) {
					if n, tone := beeps(signal(parts, level, snr, seed+1)); n > 0 {
						t.Errorf("%s, %v dB, SNR %v dB: heard as %d beeps, %+v", name, level, snr, n, tone)
					}
				}
			}
		}
	}
	// One tone of a key may be 8 dB stronger than the other (Q.24).
	for seed := range uint64(20) {
		pcm := media.AppendDecodeULaw(nil, signal(alone(400, 1336), -10, 0, seed))
		for i, v := range media.AppendDecodeULaw(nil, signal(alone(400, 770), -18, 0, seed)) {
			pcm[i] += v
		}
		if n, _ := beeps(media.AppendEncodeULaw(nil, pcm)); n > 0 {
			t.Error("a twisted key is a beep")
		}
	}
	if n, _ := beeps(media.AppendEncodeULaw(nil, noise(60*media.Rate))); n > 0 {
		t.Errorf("%d beeps in a minute of noise", n)
	}
}

// Speech is no beep, whatever comes before and behind it.
func TestBeepIsNotAVoice(t *testing.T) {
	files, _ := filepath.Glob("../../demo/audio/*/*.wav")
	more, _ := filepath.Glob("../*.wav")
	if len(files) < 16 || len(more) < 2 {
		t.Fatal("the clips are not there")
	}
	seconds, n := 0.0, 0
	for _, file := range append(files, more...) {
		wav, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ulaw, err := media.ReadClip(wav)
		if err != nil {
			t.Fatal(err)
		}
		for shift := 0; shift < beepFrame; shift += 40 {
			seconds += float64(len(ulaw)) / media.Rate
			if heard, tone := beeps(ulaw[shift:]); heard > 0 {
				n += heard
				t.Errorf("%s has a beep: %+v", file, tone)
			}
		}
	}
	t.Logf("%d beeps in %.0f s of speech (4 cuts of %d clips)", n, seconds, len(files)+len(more))
}

// However the sound is cut, the same is heard; and silence is counted.
func TestBeepCuts(t *testing.T) {
	line := signal([]part{{500, nil}, {400, []float64{850}}, {3000, nil}}, -15, 0, 1)
	_, want := beeps(line)
	for _, cut := range []int{1, 7, 160, 161, 4000, len(line)} {
		var b Beep
		n, got := 0, Tone{}
		for rest := line; len(rest) > 0; rest = rest[min(cut, len(rest)):] {
			if heard, over := b.Add(rest[:min(cut, len(rest))]); over {
				n, got = n+1, heard
			}
		}
		if n != 1 || got != want {
			t.Errorf("in pieces of %d: %d, %+v; want %+v", cut, n, got, want)
		}
		if q := b.Quiet(); q < 2900*8 || q > 3000*8 {
			t.Errorf("in pieces of %d: quiet for %d samples", cut, q)
		}
	}
}

func TestBeepAllocatesNothing(t *testing.T) {
	frame := signal(alone(400, 850), -15, 0, 1)[3200:3360]
	var b Beep
	if n := testing.AllocsPerRun(100, func() { b.Add(frame) }); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// What a frame of 20 ms costs.
func BenchmarkBeep(b *testing.B) {
	wav, err := os.ReadFile("../../demo/audio/agent/monologue.wav")
	if err != nil {
		b.Fatal(err)
	}
	speech, err := media.ReadClip(wav)
	if err != nil {
		b.Fatal(err)
	}
	for name, line := range map[string][]byte{"silence": signal([]part{{2000, nil}}, 0, 0, 1), "speech": speech,
		"tone": signal([]part{{2000, []float64{850}}}, -10, 0, 1)} {
		b.Run(name, func(b *testing.B) {
			var beep Beep
			b.ReportAllocs()
			at := 0
			for b.Loop() {
				if at+160 > len(line) {
					at = 0
				}
				beep.Add(line[at : at+160])
				at += 160
			}
		})
	}
}

// noise is n samples of white noise over most of the range.
func noise(n int) []int16 {
	rng := rand.New(rand.NewPCG(3, 1))
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(rng.IntN(60001) - 30000)
	}
	return pcm
}
