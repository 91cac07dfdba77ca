package media

import (
	"fmt"
	"testing"
)

// All figures are for 20 ms of sound, the length of a Twilio media message.

func BenchmarkDecodeULaw(b *testing.B) {
	ulaw := AppendEncodeULaw(nil, noise(160, 1))
	var pcm []int16
	b.ReportAllocs()
	for b.Loop() {
		pcm = AppendDecodeULaw(pcm[:0], ulaw)
	}
}

func BenchmarkEncodeULaw(b *testing.B) {
	pcm := noise(160, 1)
	var ulaw []byte
	b.ReportAllocs()
	for b.Loop() {
		ulaw = AppendEncodeULaw(ulaw[:0], pcm)
	}
}

func BenchmarkParseWAV(b *testing.B) {
	wav := AppendWAV(nil, 48000, 1, noise(960, 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseWAV(wav); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendWAV(b *testing.B) {
	pcm := noise(960, 1)
	var wav []byte
	b.ReportAllocs()
	for b.Loop() {
		wav = AppendWAV(wav[:0], 48000, 1, pcm)
	}
}

func BenchmarkResampler(b *testing.B) {
	for _, rates := range [][2]int{
		{48000, 8000}, {24000, 8000}, {16000, 8000}, {44100, 8000}, {22050, 8000}, {11025, 8000},
		{8000, 16000}, {8000, 24000}, {8000, 48000},
	} {
		b.Run(fmt.Sprintf("%dto%d", rates[0], rates[1]), func(b *testing.B) {
			r, err := NewResampler(rates[0], rates[1])
			if err != nil {
				b.Fatal(err)
			}
			src := noise(rates[0]/50, 1)
			var dst []int16
			b.ReportAllocs()
			for b.Loop() {
				dst = r.Append(dst[:0], src)
			}
		})
	}
}

// BenchmarkOneStage is the plain way from 48 to 8 kHz, which two stages have to beat: 192 taps at once.
func BenchmarkOneStage(b *testing.B) {
	r := &Resampler{in: 48000, out: 8000, results: make([][]float32, 1), block: make([]float32, blockSamples)}
	r.stages = []stage{newPolyphase(tableKey{48000, 8000, 8000})}
	src := noise(960, 1)
	var dst []int16
	b.ReportAllocs()
	for b.Loop() {
		dst = r.Append(dst[:0], src)
	}
}

func BenchmarkDownlink(b *testing.B) {
	for _, rate := range []int{48000, 24000, 16000, 8000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			var d Downlink
			wav := AppendWAV(nil, rate, 1, noise(rate/50, 1))
			var dst []byte
			var err error
			b.ReportAllocs()
			for b.Loop() {
				if dst, err = d.Append(dst[:0], wav); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUplink(b *testing.B) {
	for _, rate := range []int{8000, 16000, 24000, 48000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			u, err := NewUplink(rate)
			if err != nil {
				b.Fatal(err)
			}
			ulaw := AppendEncodeULaw(nil, noise(160, 1))
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				dst = u.Append(dst[:0], ulaw)
			}
		})
	}
}
