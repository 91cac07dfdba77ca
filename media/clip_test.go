package media

import (
	"encoding/binary"
	"math"
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

// A prompt is the same sound however a program writes its samples.
func TestReadClipEncodings(t *testing.T) {
	const rate, amplitude = 44100, 10000
	mono := tone(rate, 700, amplitude, rate)
	le := binary.LittleEndian
	for _, c := range []struct {
		tag, bits int
		floor     float64 // dB of other sound: µ-law's own, or that of 8 bits
		write     func(b []byte, v int16) []byte
	}{
		{1, 8, -30, func(b []byte, v int16) []byte { return append(b, byte((int(v)+128)>>8+128)) }},
		{1, 16, -33, func(b []byte, v int16) []byte { return le.AppendUint16(b, uint16(v)) }},
		{1, 24, -33, func(b []byte, v int16) []byte { return append(b, 0x80, byte(v), byte(v>>8)) }},
		{1, 32, -33, func(b []byte, v int16) []byte { return le.AppendUint32(b, uint32(int32(v)<<16)) }},
		{3, 32, -33, func(b []byte, v int16) []byte { return le.AppendUint32(b, math.Float32bits(float32(v)/(1<<15))) }},
		{3, 64, -33, func(b []byte, v int16) []byte { return le.AppendUint64(b, math.Float64bits(float64(v)/(1<<15))) }},
	} {
		for _, channels := range []int{1, 2} {
			var data []byte
			for _, v := range mono {
				for range channels {
					data = c.write(data, v)
				}
			}
			ulaw, err := ReadClip(riff(format(c.tag, channels, rate, c.bits, ""), chunk("data", -1, string(data))))
			if err != nil {
				t.Errorf("tag %d, %d bits: %v", c.tag, c.bits, err)
				continue
			}
			gain, _, rest := fit(AppendDecodeULaw(nil, ulaw), Rate, 700)
			if off := db(gain / amplitude); off < -0.1 || off > 0.1 || db(rest/amplitude) > c.floor || len(ulaw) != Rate {
				t.Errorf("tag %d, %d bits, %d channels: level off by %.3f dB, other sound at %.1f dB, %d codes", c.tag, c.bits,
					channels, off, db(rest/amplitude), len(ulaw))
			}
		}
	}
	loud := le.AppendUint32(le.AppendUint32(nil, math.Float32bits(float32(math.NaN()))),
		math.Float32bits(float32(math.Inf(1))))
	ulaw, err := ReadClip(riff(format(3, 1, Rate, 32, ""), chunk("data", -1, string(loud))))
	if pcm := AppendDecodeULaw(nil, ulaw); err != nil || len(pcm) != 2 || pcm[0] != 0 || pcm[1] < 32000 {
		t.Errorf("no number, and an infinite one: %v, %v", pcm, err)
	}
}

func TestReadClipErrors(t *testing.T) {
	long := make([]int16, 300*Rate+1)
	for _, c := range []struct {
		name string
		wav  []byte
		want string
	}{
		{"empty", nil, "media: clip: not a WAV file: it does not start with RIFF"},
		{"an MP3", []byte("ID3\x04\x00\x00\x00\x00\x00\x00"), "media: clip: not a WAV file: it does not start with RIFF"},
		{"no sound", AppendWAV(nil, 8000, 1, nil), "contains no audio"},
		{"half a frame", AppendWAV(nil, 8000, 2, []int16{1}), "contains no audio"},
		{"too long", AppendWAV(nil, 8000, 1, long), "2400001 samples at 8000 Hz are longer than 300 seconds"},
		{"20 bits", riff(format(1, 1, 48000, 20, "")), "20 bits per sample, want 8, 16, 24 or 32"},
		{"float of 16 bits", riff(format(3, 1, 48000, 16, "")), "16 bits per float sample, want 32 or 64"},
		{"A-law", riff(format(6, 1, 8000, 8, "")), "neither PCM (0x0001) nor float"},
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
