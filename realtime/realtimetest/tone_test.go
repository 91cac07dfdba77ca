package realtimetest

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// Every code of G.711 is the code of what it stands for. There are two codes for silence.
func TestULaw(t *testing.T) {
	for i := range 256 {
		b := byte(i)
		if got := encodeULaw(decodeULaw(b)); got != b && (b != 0x7f || got != 0xff) {
			t.Errorf("%#x becomes %#x", b, got)
		}
	}
	for b, want := range map[byte]int16{0xff: 0, 0x80: 32124, 0x00: -32124, 0xf0: 120, 0x70: -120} {
		if got := decodeULaw(b); got != want {
			t.Errorf("%#x is %d, want %d", b, got, want)
		}
	}
}

// A tone has its length and is loud in every format.
func TestTone(t *testing.T) {
	for _, f := range []realtime.AudioFormat{realtime.PCMU(), realtime.PCM(24000), realtime.PCM(16000)} {
		sound := Tone(f, 440, 250*time.Millisecond)
		if d := f.Duration(len(sound)); d != 250*time.Millisecond {
			t.Errorf("%s: got %v", f, d)
		}
		if n := level(f, sound); n < 4500 || n > 5500 { // 8000 times 2/pi
			t.Errorf("%s: level %d", f, n)
		}
	}
}
