package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
)

// recordingSize is how large the recording of a call is, in bytes; 0 if there is none to be had.
func (a *client) recordingSize(ctx context.Context, c calllog.Call) int64 {
	if c.Outcome == "" {
		return 0
	}
	size, err := a.RecordingSize(ctx, c.ID)
	if err != nil {
		return 0
	}
	return max(0, size)
}

// recordedTime is how long a recording of so many bytes lasts.
func recordedTime(size int64) time.Duration {
	samples := (size - media.WAVHeaderSize) / 4
	return (time.Duration(samples) * time.Second / media.Rate).Round(100 * time.Millisecond)
}

// fetchRecording writes the recording of a call into a file that is not there yet, for its
// owner's ears only.
func (a *client) fetchRecording(ctx context.Context, id, name string) error {
	wav, size, err := a.Recording(ctx, id, 0)
	if err != nil {
		return err
	}
	defer wav.Close()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	n, err := io.Copy(f, wav)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the recording: %w", errors.Join(err, os.Remove(name)))
	}
	return nil
}
