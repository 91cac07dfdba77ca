package media

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rates holds a pair for each way that NewResampler goes.
var rates = [][2]int{
	{48000, 8000}, {24000, 8000}, {16000, 8000}, {8000, 8000}, {32000, 8000}, {96000, 8000}, // down
	// down, unevenly
	{44100, 8000}, {22050, 8000}, {11025, 8000}, {12000, 8000}, {15999, 8000}, {47999, 8000}, {383999, 8000},
	{8000, 16000}, {8000, 24000}, {8000, 48000}, {8000, 11025}, {8000, 44100}, {1000, 8000}, // up
	{44100, 48000}, {48000, 16000}, {16000, 24000}, // elsewhere
}

func eachRates(t *testing.T, f func(t *testing.T, in, out int)) {
	for _, p := range rates {
		t.Run(fmt.Sprintf("%dto%d", p[0], p[1]), func(t *testing.T) { f(t, p[0], p[1]) })
	}
}

func mustResampler(t interface{ Fatal(...any) }, in, out int) *Resampler {
	r, err := NewResampler(in, out)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResamplerGrid(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		r := mustResampler(t, in, out)
		for _, size := range []int{0, 1, 2, 5, 6, 7, 31, 32, 33, 63, 159, 160, 479, 480, 481, 961, 2000} {
			pcm := noise(size, 1)
			want := resampled(t, pcm, in, out)
			if n := (size*out + in - 1) / in; len(want) != n {
				t.Errorf("%d samples gave %d, want %d", size, len(want), n)
			}
			for _, step := range []int{1, 2, 3, 7, 80, 160, 479, 480, 481, 960} {
				var got []int16
				for chunk := range slices.Chunk(pcm, step) {
					got = r.Append(got, chunk)
				}
				if got = r.Flush(got); !slices.Equal(got, want) {
					t.Fatalf("%d samples in steps of %d differ from those in one piece", size, step)
				}
			}
		}
	})
}

func TestResamplerAnyCut(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		pcm := noise(1000, 2)
		want := resampled(t, pcm, in, out)
		rapid.Check(t, func(t *rapid.T) {
			r := mustResampler(t, in, out)
			var got []int16
			for rest := pcm; len(rest) > 0; {
				n := min(rapid.IntRange(0, 700).Draw(t, "cut"), len(rest))
				got, rest = r.Append(got, rest[:n]), rest[n:]
			}
			if got = r.Flush(got); !slices.Equal(got, want) {
				t.Fatal("the samples depend on the cuts")
			}
		})
	})
}

// Up to 3400 Hz of 8 kHz, gain is one and time is not shifted.
func TestResamplerPasses(t *testing.T) {
	const amplitude = 16000
	eachRates(t, func(t *testing.T, in, out int) {
		low := float64(min(in, out))
		for f := 0.0375; f <= 0.4251; f += 0.0125 { // 300 to 3400 Hz by 100 if low is 8000
			hz := f * low
			got := middle(resampled(t, tone(in, hz, amplitude, in/8), in, out))
			first := (in/8*out + in - 1) / in / 4 // samples that middle cut off
			gain, phase, rest := fit(got, out, hz)
			if off := db(gain / amplitude); math.Abs(off) > 0.01 {
				t.Errorf("%.0f Hz: gain %.4f dB", hz, off)
			}
			if noise := db(rest / rms(got)); noise > -70 {
				t.Errorf("%.0f Hz: other sound at %.1f dB", hz, noise)
			}
			// The phase at the first sample of the whole, as a time in samples of the higher rate.
			late := math.Remainder(2*math.Pi*hz*float64(first)/float64(out)-phase,
				2*math.Pi) / (2 * math.Pi * hz) * float64(max(in, out))
			if math.Abs(late) > 0.51 {
				t.Errorf("%.0f Hz: late by %.2f samples", hz, late)
			}
		}
	})
}

// What lies above 4600 Hz of 8 kHz does not come back as something lower.
func TestResamplerStops(t *testing.T) {
	const amplitude = 30000
	eachRates(t, func(t *testing.T, in, out int) {
		if in <= out {
			return
		}
		edge, top := 0.575*float64(out), 0.49*float64(in)
		for i := range 80 {
			hz := edge + (top-edge)*float64(i)/79
			pcm := tone(in, hz, amplitude, in/8)
			got := middle(resampled(t, pcm, in, out))
			if alias := db(rms(got) / rms(pcm)); alias > -70 {
				t.Errorf("%.0f Hz: comes through at %.1f dB", hz, alias)
			}
		}
	})
}

func TestResamplerKeepsLevelOfSilenceAndDC(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		for _, level := range []int16{0, 1, -1000, 32767, -32768} {
			for i, v := range middle(resampled(t, slices.Repeat([]int16{level}, in/2), in, out)) {
				if d := int(v) - int(level); d < -1 || d > 1 {
					t.Fatalf("sample %d of a constant %d is %d", i, level, v)
				}
			}
		}
	})
}

// A square wave at full scale overshoots in any low-pass filter; it must be clipped and never wrap around.
func TestResamplerClips(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		pcm := make([]int16, in/10)
		period := in / 50
		for i := range pcm {
			pcm[i] = 32767
			if i%period >= period/2 {
				pcm[i] = -32768
			}
		}
		got := resampled(t, pcm, in, out)
		for i, v := range got {
			// Away from the edges the wave keeps its sign.
			at := math.Mod(float64(i)/float64(out)*50, 1)
			if at > 0.2 && at < 0.3 && v < 25000 || at > 0.7 && at < 0.8 && v > -25000 {
				t.Fatalf("sample %d, %.2f of a period, is %d", i, at, v)
			}
		}
	})
}

func TestResamplerLooksAhead(t *testing.T) {
	for _, c := range []struct {
		in int
		ms float64
	}{{48000, 2.3}, {24000, 2.3}, {16000, 2.0}, {44100, 2.35}, {8000, 0}} {
		r := mustResampler(t, c.in, 8000)
		ready := len(r.Append(nil, make([]int16, c.in/10)))
		if owed := float64(800-ready) / 8; owed < 0 || owed > c.ms+0.125 {
			t.Errorf("%d Hz: %.2f ms are held back, want at most %.2f and a sample", c.in, owed, c.ms)
		}
	}
}

func TestResamplerReset(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		r := mustResampler(t, in, out)
		pcm := noise(777, 3)
		want := resampled(t, pcm, in, out)
		r.Append(nil, noise(1001, 4))
		r.Reset()
		if got := r.Flush(r.Append(nil, pcm)); !slices.Equal(got, want) {
			t.Error("sound from before Reset is heard after it")
		}
		if got := r.Flush(nil); len(got) != 0 {
			t.Errorf("a second Flush gave %d samples", len(got))
		}
	})
}

func TestResamplerDoesNotAllocate(t *testing.T) {
	eachRates(t, func(t *testing.T, in, out int) {
		r := mustResampler(t, in, out)
		src := noise(in/50+1, 1)
		dst := make([]int16, 0, out/50+100)
		round := func() {
			for range 3 {
				dst = r.Append(dst[:0], src)
			}
			dst = r.Flush(dst[:0])
		}
		round()
		if n := testing.AllocsPerRun(20, round); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func TestResamplerErrors(t *testing.T) {
	for _, c := range []struct {
		in, out int
		want    string
	}{
		{0, 8000, "input rate 0 Hz is outside 1000 to 384000 Hz"},
		{8000, 0, "output rate 0 Hz is outside"},
		{-8000, 8000, "input rate -8000 Hz"},
		{8000, 384001, "output rate 384001 Hz"},
	} {
		_, err := NewResampler(c.in, c.out)
		if err == nil || !strings.HasPrefix(err.Error(), "media: resampler: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d to %d: error %v, want %q", c.in, c.out, err, c.want)
		}
	}
}

func ExampleResampler() {
	r, err := NewResampler(48000, Rate)
	if err != nil {
		fmt.Println(err)
		return
	}
	var phone []int16
	for range 5 { // 20 ms each
		phone = r.Append(phone, make([]int16, 960))
	}
	fmt.Println(len(phone), "samples are ready")
	phone = r.Flush(phone)
	fmt.Println(len(phone), "with what the end still owed")
	// Output:
	// 782 samples are ready
	// 800 with what the end still owed
}
