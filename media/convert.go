package media

import (
	"fmt"
	"slices"
)

// Convert returns a whole clip at another rate, of len(pcm)*out/in samples, rounded up. Rates are in Hz,
// from 1000 to 384000.
//
// It is for sound at rest (prompts, recordings), where any rate may come in and time does not press: with
// cgo it is libsoxr at high quality, by zaf/resample; without, the live path's Resampler.
func Convert(pcm []int16, in, out int) ([]int16, error) {
	if err := checkRate("input rate", in); err != nil {
		return nil, fmt.Errorf("media: convert: %w", err)
	}
	if err := checkRate("output rate", out); err != nil {
		return nil, fmt.Errorf("media: convert: %w", err)
	}
	if in == out || len(pcm) == 0 {
		return slices.Clone(pcm), nil
	}
	converted, err := convert(pcm, in, out)
	if err != nil {
		return nil, fmt.Errorf("media: convert %d to %d Hz: %w", in, out, err)
	}
	return converted, nil
}
