package media

import "testing"

// Each product is rounded before it is added, on every processor: those that add and multiply
// at once would give other samples.
func TestDotRoundsProducts(t *testing.T) {
	t.Parallel()
	c, x := make([]float32, 64), make([]float32, 64)
	for i := range c {
		c[i], x[i] = 1/float32(3*i+1), float32(i*i*31-7000)/3
	}
	var s [2]float32
	for i := 0; i < len(c); i += 4 {
		var p [4]float32
		for j := range p {
			p[j] = float32(c[i+j] * x[i+j])
		}
		s[i/4%2] += p[0] + p[1] + p[2] + p[3]
	}
	if got, want := dot(c, x), s[0]+s[1]; got != want {
		t.Errorf("got %b, want %b", got, want)
	}
}
