//go:build !cgo

package media

// convert is the stand-in for libsoxr in a program built without cgo.
func convert(pcm []int16, in, out int) ([]int16, error) {
	r, err := NewResampler(in, out)
	if err != nil {
		return nil, err
	}
	return r.Flush(r.Append(nil, pcm)), nil
}
