package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestUplinkAt8kHzIsTheTable(t *testing.T) {
	ulaw := make([]byte, 256)
	for i := range ulaw {
		ulaw[i] = byte(i)
	}
	var want []byte
	for _, code := range ulaw {
		want = binary.LittleEndian.AppendUint16(want, uint16(ruleDecode(code)))
	}
	var zero Uplink
	made, err := NewUplink(8000)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []*Uplink{&zero, made} {
		if got := u.Append([]byte("x"), ulaw); string(got) != "x"+string(want) {
			t.Error("the samples are not those of the table, in little-endian order")
		}
		u.Reset()
	}
}

func TestUplinkAnyCut(t *testing.T) {
	for _, rate := range []int{8000, 16000, 24000, 44100, 48000} {
		ulaw := AppendEncodeULaw(nil, noise(800, 1))
		r := mustResampler(t, Rate, rate)
		want := r.Append(nil, AppendDecodeULaw(nil, ulaw))
		rapid.Check(t, func(t *rapid.T) {
			u, err := NewUplink(rate)
			if err != nil {
				t.Fatal(err)
			}
			u.Append(nil, ulaw[:rapid.IntRange(0, 500).Draw(t, "before")])
			u.Reset()
			var got []byte
			for rest := ulaw; len(rest) > 0; {
				n := min(rapid.IntRange(0, 400).Draw(t, "cut"), len(rest))
				got, rest = u.Append(got, rest[:n]), rest[n:]
			}
			if len(got)%2 != 0 || !slices.Equal(samplesOf(got), want) {
				t.Fatalf("%d Hz: the samples depend on the cuts", rate)
			}
		})
	}
}

func TestUplinkErrors(t *testing.T) {
	for _, rate := range []int{0, -1, 999, 384001} {
		if u, err := NewUplink(rate); err == nil || u != nil {
			t.Errorf("%d Hz: %v, %v", rate, u, err)
		}
	}
}

func TestUplinkDoesNotAllocate(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		u, err := NewUplink(rate)
		if err != nil {
			t.Fatal(err)
		}
		ulaw := bytes.Repeat([]byte{Silence}, 160)
		dst := u.Append(nil, ulaw)
		dst = slices.Grow(dst, 2*rate/50)
		u.Append(dst[:0], ulaw)
		if n := testing.AllocsPerRun(100, func() { dst = u.Append(dst[:0], ulaw) }); n != 0 {
			t.Errorf("%d Hz: %v allocations", rate, n)
		}
	}
}

func ExampleUplink() {
	var u Uplink // at 8 kHz, the rate to declare to an agent that lets one choose
	frame := bytes.Repeat([]byte{Silence}, 160)
	fmt.Println(len(u.Append(nil, frame)))
	// Output: 320
}
