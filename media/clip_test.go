package media

import (
	"strings"
	"testing"
)

func TestReadClip(t *testing.T) {
	for _, rate := range []int{44100, 22050, 48000, 24000, 8000} {
		for _, channels := range []int{1, 2} {
			const amplitude = 10000
			mono := tone(rate, 700, amplitude, 2*rate+1)
			pcm := make([]int16, 0, len(mono)*channels)
			for _, v := range mono {
				for range channels {
					pcm = append(pcm, v)
				}
			}
			ulaw, err := ReadClip(AppendWAV(nil, rate, channels, pcm))
			if err != nil {
				t.Fatal(err)
			}
			if len(ulaw) != 2*Rate+1 {
				t.Errorf("%d Hz, %d channels: %d codes, want %d", rate, channels, len(ulaw), 2*Rate+1)
			}
			gain, _, rest := fit(AppendDecodeULaw(nil, ulaw), Rate, 700)
			if off := db(gain / amplitude); off < -0.1 || off > 0.1 {
				t.Errorf("%d Hz, %d channels: level is off by %.3f dB", rate, channels, off)
			}
			if noise := db(rest / amplitude); noise > -33 { // µ-law's own is near -38
				t.Errorf("%d Hz, %d channels: other sound at %.1f dB", rate, channels, noise)
			}
		}
	}
}

// A sound in the left channel alone is heard, at half its level.
func TestReadClipMixesChannels(t *testing.T) {
	mono := tone(44100, 700, 16000, 44100)
	pcm := make([]int16, 0, 2*len(mono))
	for _, v := range mono {
		pcm = append(pcm, v, 0)
	}
	ulaw, err := ReadClip(AppendWAV(nil, 44100, 2, pcm))
	if err != nil {
		t.Fatal(err)
	}
	if gain, _, _ := fit(AppendDecodeULaw(nil, ulaw), Rate, 700); gain < 7900 || gain > 8100 {
		t.Errorf("amplitude %.0f, want 8000", gain)
	}
}

func TestReadClipErrors(t *testing.T) {
	long := make([]int16, 300*Rate+1)
	for _, c := range []struct {
		name string
		wav  []byte
		want string
	}{
		{"empty", nil, "does not begin with RIFF"},
		{"an MP3", []byte("ID3\x04\x00\x00\x00\x00\x00\x00"), "does not begin with RIFF"},
		{"no sound", AppendWAV(nil, 8000, 1, nil), "holds no sound"},
		{"half a frame", AppendWAV(nil, 8000, 2, []int16{1}), "holds no sound"},
		{"too long", AppendWAV(nil, 8000, 1, long), "2400001 samples at 8000 Hz are longer than 300 seconds"},
		{"24 bits", riff(format(1, 1, 48000, 24, "")), "24 bits per sample"},
	} {
		_, err := ReadClip(c.wav)
		if err == nil || !strings.HasPrefix(err.Error(), "media: clip: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	if ulaw, err := ReadClip(AppendWAV(nil, 8000, 1, long[1:])); err != nil || len(ulaw) != 300*Rate {
		t.Errorf("5 minutes: %d codes, error %v", len(ulaw), err)
	}
}
