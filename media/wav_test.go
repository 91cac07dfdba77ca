package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// riff is a RIFF file of form WAVE made of chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(le32([]byte("RIFF"), len(body)), body...)
}

// chunk is one chunk with its padding; a size below zero means the true one.
func chunk(id string, size int, body string) []byte {
	if size < 0 {
		size = len(body)
	}
	c := append(le32([]byte(id), size), body...)
	if len(body)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

func le32(b []byte, n int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(n)) }

// format is a fmt chunk.
func format(tag, channels, rate, bits int, extra string) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(tag))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = le32(le32(b, rate), rate*channels*bits/8)
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(bits))
	return chunk("fmt ", -1, string(b)+extra)
}

// guid returns the extension of a fmt chunk whose subformat is tag.
func guid(tag byte) string {
	return "\x16\x00\x10\x00\x04\x00\x00\x00" + string(tag) + "\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71"
}

// oddWAVs are files as careless writers leave them. The sound is always "soundABC" unless it says otherwise.
var oddWAVs = []struct {
	name string
	wav  []byte
	want WAV
}{
	{"plain", riff(format(1, 1, 48000, 16, ""), chunk("data", -1, "soundABC")), WAV{Rate: 48000, Channels: 1}},
	{"stereo", riff(format(1, 2, 44100, 16, ""), chunk("data", -1, "soundABC")), WAV{Rate: 44100, Channels: 2}},
	{"eight channels", riff(format(1, 8, 384000, 16, ""), chunk("data", -1, "soundABC")), WAV{Rate: 384000, Channels: 8}},
	{"LIST before the sound", riff(format(1, 1, 24000, 16, ""), chunk("LIST", -1, "INFO"),
		chunk("data", -1, "soundABC")), WAV{Rate: 24000, Channels: 1}},
	{"odd LIST with padding", riff(format(1, 1, 24000, 16, ""), chunk("LIST", -1, "INFOx"),
		chunk("data", -1, "soundABC")), WAV{Rate: 24000, Channels: 1}},
	{"LIST before fmt", riff(chunk("LIST", -1, "INFO"), format(1, 1, 24000, 16, ""), chunk("data", -1, "soundABC")),
		WAV{Rate: 24000, Channels: 1}},
	{"trailer", riff(format(1, 1, 48000, 16, ""), chunk("data", -1, "soundABC"), chunk("LIST", -1, "INFOnoise")),
		WAV{Rate: 48000, Channels: 1}},
	{"fmt of 18 bytes", riff(format(1, 1, 48000, 16, "\x00\x00"), chunk("data", -1, "soundABC")),
		WAV{Rate: 48000, Channels: 1}},
	{"size 0", riff(format(1, 1, 48000, 16, ""), chunk("data", 0, "soundABC")), WAV{Rate: 48000, Channels: 1}},
	{"size 0xFFFFFFFF", riff(format(1, 1, 48000, 16, ""), chunk("data", 0xFFFFFFFF, "soundABC")),
		WAV{Rate: 48000, Channels: 1}},
	{"size beyond the end", riff(format(1, 1, 48000, 16, ""), chunk("data", 9, "soundABC")),
		WAV{Rate: 48000, Channels: 1}},
	{"extensible", riff(format(0xFFFE, 1, 16000, 16, guid(1)), chunk("data", -1, "soundABC")),
		WAV{Rate: 16000, Channels: 1}},
	{"no header", []byte("soundABC"), WAV{Rate: 48000, Channels: 1, Headerless: true}},
}

func TestParseWAVOddities(t *testing.T) {
	for _, c := range oddWAVs {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseWAV(c.wav)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Data) != "soundABC" {
				t.Errorf("sound %q", got.Data)
			}
			if got.Rate != c.want.Rate || got.Channels != c.want.Channels || got.Headerless != c.want.Headerless {
				t.Errorf("got %d Hz, %d channels, headerless %v; want %+v", got.Rate, got.Channels, got.Headerless, c.want)
			}
		})
	}
}

var badWAVs = []struct {
	name string
	wav  []byte
	want string // part of the error
}{
	{"header alone", []byte("RIFF"), "media: wav: a RIFF file, but not of type WAVE"},
	{"an AVI", []byte("RIFF\x04\x00\x00\x00AVI "), "media: wav: a RIFF file, but not of type WAVE"},
	{"no chunks", riff(), "no data chunk"},
	{"no data", riff(format(1, 1, 48000, 16, "")), "no data chunk"},
	{"a chunk that swallows the data", riff(format(1, 1, 48000, 16, ""), chunk("LIST", 0xFFFFFFFF, "x"),
		chunk("data", -1, "ab")), "no data chunk"},
	{"data before fmt", riff(chunk("data", -1, "ab"), format(1, 1, 48000, 16, "")), "before the fmt"},
	{"short fmt", riff(chunk("fmt ", -1, "\x01\x00\x01\x00")), "4 bytes is shorter than 16"},
	{"fmt cut off", riff(chunk("fmt ", 16, "\x01\x00\x01\x00")), "4 bytes is shorter than 16"},
	{"rate 0", riff(format(1, 1, 0, 16, "")), "sample rate 0 Hz is outside 1000 to 384000 Hz"},
	{"rate too low", riff(format(1, 1, 999, 16, "")), "sample rate 999 Hz is outside"},
	{"rate too high", riff(format(1, 1, 384001, 16, "")), "sample rate 384001 Hz is outside"},
	{"rate of 32 bits", riff(format(1, 1, 0xFFFFFFFF, 16, "")), "is outside 1000 to 384000 Hz"},
	{"8 bits", riff(format(1, 1, 8000, 8, "")), "8 bits per sample, want 16"},
	{"24 bits", riff(format(1, 1, 8000, 24, "")), "24 bits per sample, want 16"},
	{"no channels", riff(format(1, 0, 8000, 16, "")), "0 channels, want 1 to 8"},
	{"nine channels", riff(format(1, 9, 8000, 16, "")), "9 channels, want 1 to 8"},
	{"float", riff(format(3, 1, 8000, 16, "")), "tag 0x0003 is not PCM"},
	{"µ-law", riff(format(7, 1, 8000, 16, "")), "tag 0x0007 is not PCM"},
	{"extensible float", riff(format(0xFFFE, 1, 8000, 16, guid(3))), "tag 0x0003 is not PCM"},
	{"extensible without a subformat", riff(format(0xFFFE, 1, 8000, 16, "\x00\x00")), "tag 0xFFFE is not PCM"},
}

func TestParseWAVErrors(t *testing.T) {
	for _, c := range badWAVs {
		t.Run(c.name, func(t *testing.T) {
			w, err := ParseWAV(c.wav)
			if err == nil {
				t.Fatalf("accepted as %d Hz, %d channels", w.Rate, w.Channels)
			}
			if !strings.HasPrefix(err.Error(), "media: wav: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q does not say %q", err, c.want)
			}
		})
	}
}

func TestParseWAVAliases(t *testing.T) {
	wav := AppendWAV(nil, 48000, 1, noise(960, 1))
	w, err := ParseWAV(wav)
	if err != nil {
		t.Fatal(err)
	}
	if unsafe.SliceData(w.Data) != &wav[wavHeaderSize] {
		t.Error("Data is a copy")
	}
	if cap(w.Data) != len(w.Data) {
		t.Error("an append to Data would write over what follows it")
	}
	if n := testing.AllocsPerRun(100, func() { w, err = ParseWAV(wav) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The header, byte for byte, as the RIFF specification has it.
func TestAppendWAVHeader(t *testing.T) {
	got := AppendWAV([]byte("x"), 8000, 2, []int16{1, -2})
	want := "x" + "RIFF\x28\x00\x00\x00WAVE" +
		"fmt \x10\x00\x00\x00" + "\x01\x00\x02\x00" + "\x40\x1F\x00\x00" + "\x00\x7D\x00\x00" + "\x04\x00\x10\x00" +
		"data\x04\x00\x00\x00" + "\x01\x00\xFE\xFF"
	if string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWAVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.IntRange(minRate, maxRate).Draw(t, "rate")
		channels := rapid.IntRange(1, maxChannels).Draw(t, "channels")
		pcm := rapid.SliceOf(rapid.Int16()).Draw(t, "pcm")
		w, err := ParseWAV(AppendWAV(nil, rate, channels, pcm))
		if err != nil {
			t.Fatal(err)
		}
		if w.Rate != rate || w.Channels != channels || w.Headerless || !slices.Equal(samplesOf(w.Data), pcm) {
			t.Fatalf("came back as %d Hz, %d channels, %v", w.Rate, w.Channels, samplesOf(w.Data))
		}
	})
}

// samplesOf reads 16-bit little-endian samples; an odd byte at the end is left out.
func samplesOf(b []byte) []int16 {
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm
}

func FuzzParseWAV(f *testing.F) {
	for _, c := range oddWAVs {
		f.Add(c.wav)
	}
	for _, c := range badWAVs {
		f.Add(c.wav)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := ParseWAV(b)
		if err != nil {
			return
		}
		if err := checkRate("rate", w.Rate); err != nil || w.Channels < 1 || w.Channels > maxChannels {
			t.Fatalf("accepted %d Hz, %d channels", w.Rate, w.Channels)
		}
		if !bytes.Contains(b, w.Data) {
			t.Fatal("the sound is not in the file")
		}
		pcm := samplesOf(w.Data)
		again, err := ParseWAV(AppendWAV(nil, w.Rate, w.Channels, pcm))
		if err != nil {
			t.Fatal(err)
		}
		if again.Rate != w.Rate || again.Channels != w.Channels || again.Headerless ||
			!slices.Equal(samplesOf(again.Data), pcm) {
			t.Fatal("what was read, written and read again is not the same")
		}
	})
}

func ExampleParseWAV() {
	w, err := ParseWAV(AppendWAV(nil, 48000, 1, make([]int16, 960)))
	fmt.Println(w.Rate, w.Channels, len(w.Data), err)
	// Output: 48000 1 1920 <nil>
}
