package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// hum is a sound of a length, silence a sound without sound.
func hum(d time.Duration) []int16 {
	pcm := make([]int16, samples(d))
	for i := range pcm {
		pcm[i] = int16(4000 * (i%16 - 8) / 8) // a saw tooth of 500 Hz
	}
	return pcm
}

func silence(d time.Duration) []int16 { return make([]int16, samples(d)) }

func join(parts ...[]int16) (all []int16) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestEar(t *testing.T) {
	const ms = time.Millisecond
	for _, tt := range []struct {
		name string
		pcm  []int16
		want [][2]time.Duration // utterances: from, to (the end of the silence that shows it)
		talk bool               // one is under way
	}{
		{"silence", silence(2 * time.Second), nil, false},
		{"a click is no speech", join(silence(200*ms), hum(40*ms), silence(time.Second)), nil, false},
		{"a word", join(silence(200*ms), hum(300*ms), silence(time.Second)), [][2]time.Duration{{200 * ms, time.Second}}, false},
		{"a pause inside a sentence", join(hum(300*ms), silence(440*ms), hum(300*ms), silence(time.Second)), [][2]time.Duration{{0, 1540 * ms}}, false},
		{"two sentences", join(hum(300*ms), silence(520*ms), hum(300*ms), silence(time.Second)), [][2]time.Duration{{0, 800 * ms}, {820 * ms, 1620 * ms}}, false},
		{"not yet over", join(hum(300*ms), silence(480*ms)), nil, true},
		{"too quiet to be speech", quiet(hum(time.Second)), nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e ear
			e.hear(tt.pcm)
			var got [][2]time.Duration
			for _, u := range e.utterances {
				got = append(got, [2]time.Duration{span(u.begins), span(u.ends)})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("utterances (-want +got):\n%s", diff)
			}
			if talk := e.talk > 0; talk != tt.talk {
				t.Errorf("an utterance is under way: %v, want %v", talk, tt.talk)
			}
		})
	}
}

// quiet is a sound 40 dB down.
func quiet(pcm []int16) []int16 {
	for i := range pcm {
		pcm[i] /= 100
	}
	return pcm
}

// However the sound is cut, the ear hears the same.
func TestEarCuts(t *testing.T) {
	whole := join(silence(130*time.Millisecond), hum(300*time.Millisecond), silence(600*time.Millisecond), hum(77*time.Millisecond), silence(900*time.Millisecond))
	var want ear
	want.hear(whole)
	rapid.Check(t, func(t *rapid.T) {
		var got ear
		for rest := whole; len(rest) > 0; {
			n := rapid.IntRange(1, min(len(rest), 2000)).Draw(t, "cut")
			got.hear(rest[:n])
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(ear{}, utterance{})); diff != "" {
			t.Errorf("heard in one piece (-) and cut (+):\n%s", diff)
		}
	})
}
