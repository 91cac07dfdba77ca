//go:build amd64 && !purego

package media

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// withoutVectors runs f as on a processor without AVX2.
func withoutVectors(t *testing.T, f func()) {
	t.Helper()
	if !hasAVX2 {
		t.Skip("this processor has no AVX2: there is nothing to compare")
	}
	hasAVX2 = false
	defer func() { hasAVX2 = true }()
	f()
}

func TestVectorsConvolveTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	floats := func(n int, scale float32) []float32 {
		f := make([]float32, n)
		for i := range f {
			f[i] = (2*random.Float32() - 1) * scale
		}
		return f
	}
	for step := 1; step <= 7; step++ {
		for n := range 70 {
			c := (*[foldHalf]float32)(floats(foldHalf, 0.1))
			x := floats(max(n-1, 0)*step+foldTaps, 32768)
			want, got := floats(n+1, 1), make([]float32, n+1)
			copy(got, want) // the last one is nobody's to write
			withoutVectors(t, func() { convolveFolded(want[:n], x, step, c) })
			convolveFolded(got[:n], x, step, c)
			if !slices.Equal(got, want) {
				t.Fatalf("step %d, %d outputs:\n got %v\nwant %v", step, n, got, want)
			}
		}
	}
}

func TestVectorsWidenTheSame(t *testing.T) {
	for n := range 70 {
		data := make([]byte, 2*n)
		putSamples(data, noise(n, uint64(n)))
		want, got := make([]float32, n+1), make([]float32, n+1)
		withoutVectors(t, func() { widen(want[:n], data) })
		widen(got[:n], data)
		if !slices.Equal(got, want) {
			t.Fatalf("%d samples:\n got %v\nwant %v", n, got, want)
		}
	}
}

// TestVectorsSoundTheSame takes whole conversions through both, cut into pieces of all lengths.
func TestVectorsSoundTheSame(t *testing.T) {
	for _, rates := range [][2]int{{48000, 8000}, {16000, 8000}, {24000, 8000}, {44100, 8000}, {8000, 16000},
		{8000, 48000}} {
		t.Run(fmt.Sprintf("%dto%d", rates[0], rates[1]), func(t *testing.T) {
			convert := func() (out []int16) {
				r, err := NewResampler(rates[0], rates[1])
				if err != nil {
					t.Fatal(err)
				}
				for src, n := noise(rates[0], 3), 1; len(src) > 0; n = n%997 + 1 {
					n := min(n, len(src))
					out, src = r.Append(out, src[:n]), src[n:]
				}
				return r.Flush(out)
			}
			got := convert()
			withoutVectors(t, func() {
				if !slices.Equal(got, convert()) {
					t.Error("the samples differ")
				}
			})
		})
	}
}
