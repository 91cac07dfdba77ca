package demo

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/patchcord/patchcord/media"
)

// recording is where the WAV will be. Until it is there, an empty file beside it shows
// that it can be written: better before the call than after it.
type recording struct{ path, temp string }

func newRecording(path string) (*recording, error) {
	if path == "" {
		path = "patchcord-demo.wav"
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".patchcord-demo-*")
	if err != nil {
		return nil, fmt.Errorf("can't write the WAV: %w", err)
	}
	return &recording{path, f.Name()}, f.Close()
}

// write puts the file in its place, whole. It may be called again.
func (r *recording) write(wav []byte) error {
	if err := os.WriteFile(r.temp, wav, 0o600); err != nil {
		return err
	}
	if err := os.Chmod(r.temp, 0o644); err != nil {
		return err
	}
	return os.Rename(r.temp, r.path)
}

// discard removes what was not put in its place.
func (r *recording) discard() { _ = os.Remove(r.temp) }

// stereo is a WAV of what was said on a call: the caller left, and right what they heard.
// Both are µ-law; the shorter one ends in silence.
func stereo(caller, agent []byte) []byte {
	left, right := media.AppendDecodeULaw(nil, caller), media.AppendDecodeULaw(nil, agent)
	both := make([]int16, 2*max(len(left), len(right)))
	for i, v := range left {
		both[2*i] = v
	}
	for i, v := range right {
		both[2*i+1] = v
	}
	return media.AppendWAV(nil, media.Rate, 2, both)
}
