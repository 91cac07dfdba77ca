package media

import (
	"errors"
	"fmt"
)

// maxClipSeconds bounds a clip: an announcement longer than this is a mistake.
const maxClipSeconds = 5 * 60

// ReadClip turns a whole recorded prompt, a WAV of any rate and up to 8 channels, into µ-law at 8 kHz. It is
// done once, at start, and its result is kept. Samples are PCM of 8, 16, 24 or 32 bits, or float of 32 or 64.
//
// A file is refused that ParseWAV refuses for another reason, that has no header (it may be anything), that
// holds no sound, or that is longer than 5 minutes.
func ReadClip(wav []byte) ([]byte, error) {
	w, e, err := parseWAV(wav, encoding.check)
	if err != nil {
		return nil, fmt.Errorf("media: clip: %w", err)
	}
	frames := len(w.Data) / (e.bytes() * w.Channels)
	switch {
	case w.Headerless:
		return nil, errors.New("media: clip: not a WAV file: it does not start with RIFF")
	case frames == 0:
		return nil, errors.New("media: clip: the file contains no audio")
	case frames > maxClipSeconds*w.Rate:
		return nil, fmt.Errorf("media: clip: %d samples at %d Hz are longer than %d seconds", frames, w.Rate, maxClipSeconds)
	}
	pcm, err := Convert(appendRounded(nil, e.mono(w.Data, w.Channels)), w.Rate, Rate)
	if err != nil {
		return nil, fmt.Errorf("media: clip: %w", err)
	}
	return AppendEncodeULaw(nil, pcm), nil
}
