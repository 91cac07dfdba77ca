package media

import (
	"testing"

	"github.com/zaf/g711"
)

// ruleDecode is the rule behind table 2b of ITU-T G.711: a code is sent inverted, and is then a sign, a
// segment of 3 bits and a step of 4 bits. Steps are 2 units wide in the first segment and twice as wide in
// each that follows. A unit is 1/8159 of the largest input, which is 4 in the scale of 16-bit samples.
func ruleDecode(code byte) int16 {
	sent := ^code
	segment, step := sent>>4&7, int(sent&15)
	magnitude := (2*step+33)<<segment - 33
	if sent&0x80 != 0 {
		magnitude = -magnitude
	}
	return int16(4 * magnitude)
}

func TestDecodeULawIsTheRule(t *testing.T) {
	for i := range 256 {
		code := byte(i)
		if got := AppendDecodeULaw(nil, []byte{code})[0]; got != ruleDecode(code) {
			t.Errorf("code %#02x: got %d, want %d", code, got, ruleDecode(code))
		}
	}
}

// The values that table 2a of ITU-T G.711 prints, so that the rule above is not its own witness.
func TestDecodeULawPublishedValues(t *testing.T) {
	published := map[byte]int16{
		0x80: 8031, 0x8F: 4191, 0x9F: 2079, 0xAF: 1023, 0xBF: 495, 0xCF: 231, 0xDF: 99, 0xEF: 33, 0xFE: 2, 0xFF: 0,
		0x00: -8031, 0x0F: -4191, 0x1F: -2079, 0x2F: -1023, 0x3F: -495, 0x4F: -231, 0x5F: -99, 0x6F: -33, 0x7E: -2, 0x7F: 0,
	}
	for code, unit := range published {
		if got := AppendDecodeULaw(nil, []byte{code})[0]; got != 4*unit {
			t.Errorf("code %#02x: got %d, want %d", code, got, 4*unit)
		}
	}
}

func TestEncodeULawIsTheNearestCode(t *testing.T) {
	for i := -32768; i <= 32767; i++ {
		v := int16(i)
		code := AppendEncodeULaw(nil, []int16{v})[0]
		if want := g711.EncodeUlawFrame(v); code != want {
			t.Fatalf("%d: got %#02x, zaf/g711 says %#02x", v, code, want)
		}
		segment := ^code >> 4 & 7
		half := 4 << segment // half of a step of 2 units << segment, 4 to the unit
		off := i - int(ruleDecode(code))
		if clipped := i > 32635 || i < -32635; !clipped && (off > half+3 || off < -half-3) { // 3: the bits µ-law never sees
			t.Fatalf("%d became %#02x, which is %d: off by %d, more than half a step of %d", v, code, ruleDecode(code), off,
				2*half)
		}
	}
}

func TestULawRoundTrip(t *testing.T) {
	for i := range 256 {
		code := byte(i)
		want := code
		if code == 0x7F { // negative zero
			want = Silence
		}
		if got := AppendEncodeULaw(nil, AppendDecodeULaw(nil, []byte{code}))[0]; got != want {
			t.Errorf("code %#02x came back as %#02x, want %#02x", code, got, want)
		}
	}
}

func TestULawAppends(t *testing.T) {
	if got := AppendDecodeULaw([]int16{7}, []byte{Silence, 0x80}); len(got) != 3 || got[0] != 7 || got[1] != 0 ||
		got[2] != 32124 {
		t.Errorf("decode: %v", got)
	}
	if got := AppendEncodeULaw([]byte("a"), []int16{0, 32767}); string(got) != "a\xFF\x80" {
		t.Errorf("encode: %x", got)
	}
}

func TestULawDoesNotAllocate(t *testing.T) {
	ulaw, pcm := make([]byte, 160), make([]int16, 160)
	n := testing.AllocsPerRun(100, func() {
		pcm = AppendDecodeULaw(pcm[:0], ulaw)
		ulaw = AppendEncodeULaw(ulaw[:0], pcm)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
