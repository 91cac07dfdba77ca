package media

import "testing"

func TestRound(t *testing.T) {
	for v, want := range map[float32]int16{
		0: 0, 0.4: 0, 0.6: 1, -0.4: 0, -0.6: -1, 1000.4: 1000, -1000.6: -1001,
		32766.6: 32767, 32767.4: 32767, 33000: 32767, 90000: 32767,
		-32767.6: -32768, -32768.4: -32768, -33000: -32768, -90000: -32768,
	} {
		if got := round(v); got != want {
			t.Errorf("%v: got %d, want %d", v, got, want)
		}
	}
	for v := -32768; v <= 32767; v++ {
		if got := round(float32(v)); got != int16(v) {
			t.Fatalf("%d became %d", v, got)
		}
	}
}
