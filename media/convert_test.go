package media

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// These hold for libsoxr and for the stand-in alike: run them with CGO_ENABLED=1 and 0.

func TestConvertKeepsLengthLevelAndTime(t *testing.T) {
	for _, p := range [][2]int{
		{44100, 8000}, {22050, 8000}, {24000, 8000}, {48000, 8000}, {16000, 8000}, {11025, 8000}, {47999, 8000},
		{8000, 16000}, {8000, 44100}, {8000, 48000}, {1000, 384000}, {384000, 1000},
	} {
		in, out := p[0], p[1]
		t.Run(fmt.Sprintf("%dto%d", in, out), func(t *testing.T) {
			const amplitude = 12000
			hz := 0.1 * float64(min(in, out))
			pcm := tone(in, hz, amplitude, in+in/7+1) // no whole number of periods
			got, err := Convert(pcm, in, out)
			if err != nil {
				t.Fatal(err)
			}
			if want := (len(pcm)*out + in - 1) / in; len(got) != want {
				t.Fatalf("%d samples, want %d", len(got), want)
			}
			gain, _, _ := fit(got, out, hz)
			_, phase, rest := fit(got[len(got)/10:], out, hz)
			if off := db(gain / amplitude); math.Abs(off) > 0.05 {
				t.Errorf("level is off by %.3f dB", off)
			}
			if noise := db(rest / amplitude); noise > -30 {
				t.Errorf("other sound at %.1f dB", noise)
			}
			first := len(got) / 10
			late := math.Remainder(2*math.Pi*hz*float64(first)/float64(out)-phase, 2*math.Pi) / (2 * math.Pi * hz)
			if math.Abs(late) > 0.75/float64(max(in, out)) {
				t.Errorf("late by %.1f µs", late*1e6)
			}
			if end := rms(got[len(got)-out/50:]); end < amplitude/2 {
				t.Errorf("the last 20 ms have a level of %.0f", end)
			}
		})
	}
}

func TestConvertStops(t *testing.T) {
	for _, in := range []int{44100, 48000, 24000, 16000} {
		for hz := 4600.0; hz < float64(in)/2; hz += 433 {
			pcm := tone(in, hz, 30000, in/2)
			got, err := Convert(pcm, in, 8000)
			if err != nil {
				t.Fatal(err)
			}
			if alias := db(rms(middle(got)) / rms(pcm)); alias > -70 {
				t.Errorf("%d Hz: a tone of %.0f Hz comes through at %.1f dB", in, hz, alias)
			}
		}
	}
}

// Any two rates do, and the end of the clip is never lost.
func TestConvertAnyRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out := rapid.IntRange(minRate, maxRate).Draw(t, "in"), rapid.IntRange(minRate, maxRate).Draw(t, "out")
		pcm := slices.Repeat([]int16{10000}, in/10)
		got, err := Convert(pcm, in, out)
		if err != nil {
			t.Fatal(err)
		}
		if want := (len(pcm)*out + in - 1) / in; len(got) != want {
			t.Fatalf("%d samples, want %d", len(got), want)
		}
		if end := got[len(got)-1-len(got)/20]; end < 9000 || end > 11000 {
			t.Fatalf("just before the end a constant 10000 is %d", end)
		}
	})
}

func TestConvertShortClips(t *testing.T) {
	for n := range 20 {
		for _, p := range [][2]int{{48000, 8000}, {44100, 8000}, {8000, 48000}} {
			got, err := Convert(make([]int16, n), p[0], p[1])
			if want := (n*p[1] + p[0] - 1) / p[0]; err != nil || len(got) != want {
				t.Errorf("%d samples, %d to %d: %d samples, want %d; error %v", n, p[0], p[1], len(got), want, err)
			}
		}
	}
}

func TestConvertSameRateCopies(t *testing.T) {
	pcm := noise(100, 1)
	got, err := Convert(pcm, 8000, 8000)
	if err != nil || !slices.Equal(got, pcm) {
		t.Fatalf("not the same samples; error %v", err)
	}
	if got[0]++; got[0] == pcm[0] {
		t.Error("the result shares memory with the input")
	}
}

func TestConvertErrors(t *testing.T) {
	for _, p := range [][2]int{{0, 8000}, {-1, 8000}, {384001, 8000}, {8000, 0}, {8000, 384001}} {
		_, err := Convert(noise(10, 1), p[0], p[1])
		if err == nil || !strings.HasPrefix(err.Error(), "media: convert: ") ||
			!strings.Contains(err.Error(), "outside 1000 to 384000 Hz") {
			t.Errorf("%d to %d: error %v", p[0], p[1], err)
		}
	}
}
