package media

import (
	"errors"
	"fmt"
)

// maxClipSeconds bounds a clip: an announcement longer than this is a mistake.
const maxClipSeconds = 5 * 60

// ReadClip turns a whole recorded prompt, a WAV of any rate and up to 8 channels, into µ-law at 8 kHz. It is
// done once, at start, and its result is kept.
//
// A file is refused that ParseWAV refuses, that has no header (it may be anything), that holds no sound, or
// that is longer than 5 minutes.
func ReadClip(wav []byte) ([]byte, error) {
	w, err := ParseWAV(wav)
	if err != nil {
		return nil, fmt.Errorf("media: clip: %w", err)
	}
	frames := len(w.Data) / (2 * w.Channels)
	switch {
	case w.Headerless:
		return nil, errors.New("media: clip: not a WAV file: it does not begin with RIFF")
	case frames == 0:
		return nil, errors.New("media: clip: the file holds no sound")
	case frames > maxClipSeconds*w.Rate:
		return nil, fmt.Errorf("media: clip: %d samples at %d Hz are longer than %d seconds", frames, w.Rate, maxClipSeconds)
	}
	mono := make([]float32, frames)
	mixdown(mono, w.Data, w.Channels)
	pcm, err := Convert(appendRounded(nil, mono), w.Rate, Rate)
	if err != nil {
		return nil, fmt.Errorf("media: clip: %w", err)
	}
	return AppendEncodeULaw(nil, pcm), nil
}
