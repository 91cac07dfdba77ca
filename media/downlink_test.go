package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// spoken is what a new Downlink makes of messages.
func spoken(t interface{ Fatal(...any) }, messages ...[]byte) []byte {
	var d Downlink
	var out []byte
	var err error
	for _, m := range messages {
		if out, err = d.Append(out, m); err != nil {
			t.Fatal(err)
		}
	}
	return d.Flush(out)
}

// withHalfSample adds a byte to the sound of a WAV that AppendWAV wrote.
func withHalfSample(wav []byte) []byte {
	odd := append(bytes.Clone(wav), 1)
	binary.LittleEndian.PutUint32(odd[40:], uint32(len(odd)-wavHeaderSize))
	return odd
}

// A Downlink is ParseWAV, Resampler and µ-law in one.
func TestDownlinkIsItsParts(t *testing.T) {
	for _, rate := range []int{48000, 44100, 24000, 16000, 8000} {
		pcm := noise(rate/10, 1)
		want := AppendEncodeULaw(nil, resampled(t, pcm, rate, Rate))
		if got := spoken(t, AppendWAV(nil, rate, 1, pcm)); !bytes.Equal(got, want) {
			t.Errorf("%d Hz: differs from the parts one after another", rate)
		}
	}
}

func TestDownlinkAnyCut(t *testing.T) {
	for _, rate := range []int{48000, 44100, 24000, 8000} {
		pcm := noise(rate/10, 2)
		want := spoken(t, AppendWAV(nil, rate, 1, pcm))
		rapid.Check(t, func(t *rapid.T) {
			var messages [][]byte
			for rest := pcm; len(rest) > 0; {
				n := min(rapid.IntRange(0, rate/20).Draw(t, "cut"), len(rest))
				messages, rest = append(messages, AppendWAV(nil, rate, 1, rest[:n])), rest[n:]
			}
			if got := spoken(t, messages...); !bytes.Equal(got, want) {
				t.Fatal("the sound depends on the cuts")
			}
		})
	}
}

// A stream without headers that is cut in the middle of a sample goes on where it was.
func TestDownlinkCarriesSplitFrames(t *testing.T) {
	wav := AppendWAV(nil, headerlessRate, 1, noise(500, 3))
	want, data := spoken(t, wav), wav[wavHeaderSize:]
	for step := 1; step <= 5; step++ {
		var messages [][]byte
		for at := 0; at < len(data); at += step {
			messages = append(messages, data[at:min(at+step, len(data))])
		}
		if got := spoken(t, messages...); !bytes.Equal(got, want) {
			t.Fatalf("%d bytes a message: %d codes differ from the %d in one piece", step, len(got), len(want))
		}
	}
}

// A message with a header of its own begins a frame: half a sample at the end of the one before would shift
// every byte behind it, and the voice would be noise.
func TestDownlinkHeaderBeginsFrame(t *testing.T) {
	for _, channels := range []int{1, 2, 3, 8} {
		first, second := AppendWAV(nil, 8000, channels, noise(100*channels, 3)),
			AppendWAV(nil, 8000, channels, noise(100*channels, 4))
		want := spoken(t, first, second)
		for extra := 1; extra < 2*channels; extra++ {
			odd := append(bytes.Clone(first), make([]byte, extra)...)
			binary.LittleEndian.PutUint32(odd[40:], uint32(len(odd)-wavHeaderSize))
			if got := spoken(t, odd, second); !bytes.Equal(got, want) {
				t.Errorf("%d channels, %d bytes too many: the next message differs", channels, extra)
			}
		}
	}
}

func TestDownlinkHeaderless(t *testing.T) {
	var d Downlink
	wav := AppendWAV(nil, 48000, 1, noise(4801, 4))
	want := spoken(t, wav)
	raw := wav[wavHeaderSize:]
	got, err := d.Append(nil, raw[:5001])
	if err != nil || !d.Headerless() {
		t.Fatalf("headerless %v, error %v", d.Headerless(), err)
	}
	if got, err = d.Append(got, raw[5001:]); err != nil {
		t.Fatal(err)
	}
	if got = d.Flush(got); !bytes.Equal(got, want) {
		t.Error("raw samples are not heard as the same in a WAV")
	}
	if _, err := d.Append(nil, wav); err != nil || d.Headerless() {
		t.Errorf("a WAV: headerless %v, error %v", d.Headerless(), err)
	}
}

func TestDownlinkMixesChannels(t *testing.T) {
	for _, c := range []struct {
		channels int
		frame    []int16
		want     int16
	}{
		{2, []int16{8000, 4000}, 6000},
		{2, []int16{32767, 32767}, 32767},
		{2, []int16{20000, -20000}, 0},
		{3, []int16{9000, 0, 0}, 3000},
		{8, []int16{-32768, -32768, -32768, -32768, -32768, -32768, -32768, -32768}, -32768},
	} {
		want := AppendEncodeULaw(nil, []int16{c.want})
		if got := spoken(t, AppendWAV(nil, 8000, c.channels, c.frame)); !bytes.Equal(got, want) {
			t.Errorf("%v is heard as %x, want %x", c.frame, got, want)
		}
	}
}

// The agent may speak at another rate from one message to the next.
func TestDownlinkRateChange(t *testing.T) {
	a, b, c := noise(4801, 5), noise(2399, 6), noise(801, 7)
	first, second, third := AppendWAV(nil, 48000, 1, a), AppendWAV(nil, 24000, 1, b), AppendWAV(nil, 8000, 1, c)
	want := bytes.Join([][]byte{spoken(t, first), spoken(t, second), spoken(t, third), spoken(t, first)}, nil)
	if got := spoken(t, first, second, third, first); !bytes.Equal(got, want) {
		t.Error("a change of rate loses or alters sound")
	}
}

// Half a frame is of no use to a stream of other channels.
func TestDownlinkChannelChange(t *testing.T) {
	mono, stereo := AppendWAV(nil, 8000, 1, noise(100, 5)), AppendWAV(nil, 8000, 2, noise(200, 6))
	want := append(spoken(t, mono), spoken(t, stereo)...)
	if got := spoken(t, withHalfSample(mono), stereo); !bytes.Equal(got, want) {
		t.Error("half a sample of one channel is heard in two")
	}
}

func TestDownlinkFlushAndReset(t *testing.T) {
	wav, other := AppendWAV(nil, 48000, 1, noise(4801, 8)), AppendWAV(nil, 48000, 1, noise(999, 9))
	want := spoken(t, wav)
	var d Downlink
	if got := d.Flush(nil); got != nil {
		t.Errorf("Flush before any sound gave %d codes", len(got))
	}
	d.Reset()
	for name, end := range map[string]func(){"Flush": func() { d.Flush(nil) }, "Reset": d.Reset} {
		if _, err := d.Append(nil, withHalfSample(other)); err != nil {
			t.Fatal(err)
		}
		end()
		got, err := d.Append(nil, wav)
		if err != nil {
			t.Fatal(err)
		}
		if got = d.Flush(got); !bytes.Equal(got, want) {
			t.Errorf("%s leaves something behind", name)
		}
	}
}

func TestDownlinkErrorKeepsTheStream(t *testing.T) {
	pcm := noise(4800, 10)
	var d Downlink
	out, err := d.Append([]byte("x"), AppendWAV(nil, 48000, 1, pcm[:2000]))
	if err != nil {
		t.Fatal(err)
	}
	before := len(out)
	out, err = d.Append(out, riff(format(1, 1, 48000, 24, "")))
	if err == nil || !strings.Contains(err.Error(), "24 bits per sample") || len(out) != before {
		t.Fatalf("%d codes became %d, error %v", before, len(out), err)
	}
	if out, err = d.Append(out, AppendWAV(nil, 48000, 1, pcm[2000:])); err != nil {
		t.Fatal(err)
	}
	want := append([]byte("x"), spoken(t, AppendWAV(nil, 48000, 1, pcm))...)
	if out = d.Flush(out); !bytes.Equal(out, want) {
		t.Error("a bad message between two good ones is heard")
	}
}

func TestDownlinkDoesNotAllocate(t *testing.T) {
	for _, channels := range []int{1, 2} {
		var d Downlink
		wav := withHalfSample(AppendWAV(nil, 48000, channels, noise(960*channels, 1)))
		dst := make([]byte, 0, 1000)
		n := testing.AllocsPerRun(100, func() {
			dst, _ = d.Append(dst[:0], wav)
			dst, _ = d.Append(dst, wav)
			dst = d.Flush(dst)
		})
		if n != 0 {
			t.Errorf("%d channels: %v allocations", channels, n)
		}
	}
}

func FuzzDownlink(f *testing.F) {
	for i, c := range oddWAVs {
		f.Add(c.wav, oddWAVs[(i+1)%len(oddWAVs)].wav)
	}
	for _, c := range badWAVs {
		f.Add(c.wav, oddWAVs[0].wav)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var d Downlink
		var out []byte
		samples := 1 // of rounding at the end of each stretch of one rate
		for _, m := range [][]byte{first, second, first} {
			before := len(out)
			var err error
			if out, err = d.Append(out, m); err != nil {
				if len(out) != before {
					t.Fatal("a refused message was heard")
				}
				continue
			}
			w, err := ParseWAV(m)
			if err != nil {
				t.Fatalf("heard, but: %v", err)
			}
			samples += (len(w.Data)/(2*w.Channels)+1)*Rate/w.Rate + 1
		}
		if out = d.Flush(out); len(out) > samples {
			t.Fatalf("%d codes out of messages that hold %d", len(out), samples)
		}
		if again := d.Flush(nil); len(again) != 0 {
			t.Fatalf("a second Flush gave %d codes", len(again))
		}
	})
}

func ExampleDownlink() {
	var d Downlink
	message := AppendWAV(nil, 48000, 1, make([]int16, 4800)) // 100 ms, as an EVI audio_output holds them
	phone, err := d.Append(nil, message)
	phone = d.Flush(phone) // the agent has finished
	fmt.Println(len(phone), phone[0] == Silence, err)
	// Output: 800 true <nil>
}
