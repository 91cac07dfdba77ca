//go:build cgo

package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/zaf/resample"
)

// convertTail is the silence after a clip, in samples of the lower rate, that brings its end out of libsoxr,
// which at high quality holds back about 1300.
const convertTail = 2048

// convert wraps zaf/resample, which loses sound unless it is handled with care: each Write may drop its last
// samples (those beyond a whole number of periods, in/gcd), and Close drops what it finds beyond 65,536. A
// clip is therefore written at once, with so much silence behind it that only silence is lost, and cut to
// length.
func convert(pcm []int16, in, out int) ([]int16, error) {
	var soxr bytes.Buffer
	r, err := resample.New(&soxr, float64(in), float64(out), 1, resample.I16, resample.HighQ)
	if err != nil {
		return nil, fmt.Errorf("libsoxr: %w", err)
	}
	raw := make([]byte, 2*(len(pcm)+convertTail*in/min(in, out)))
	putSamples(raw, pcm)
	_, err = r.Write(raw)
	if err = errors.Join(err, r.Close()); err != nil { // Close also frees memory that Go does not see
		return nil, fmt.Errorf("libsoxr: %w", err)
	}
	converted := make([]int16, (len(pcm)*out+in-1)/in)
	if soxr.Len() < 2*len(converted) {
		return nil, fmt.Errorf("libsoxr: %d samples came back, want %d", soxr.Len()/2, len(converted))
	}
	for i := range converted {
		converted[i] = int16(binary.LittleEndian.Uint16(soxr.Next(2)))
	}
	return converted, nil
}
