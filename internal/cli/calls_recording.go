package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
)

func recordingPath(id string) string { return "/v1/calls/" + url.PathEscape(id) + "/recording" }

// recordingSize is how large the recording of a call is, in bytes; 0 if there is none to be had.
func (a *client) recordingSize(ctx context.Context, c calllog.Call) int64 {
	if c.Outcome == "" {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	res, err := a.send(ctx, "HEAD", recordingPath(c.ID), nil, nil)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return max(0, res.ContentLength)
}

// recordedTime is how long a recording of so many bytes lasts.
func recordedTime(size int64) time.Duration {
	samples := (size - media.WAVHeaderSize) / 4
	return (time.Duration(samples) * time.Second / media.Rate).Round(100 * time.Millisecond)
}

// fetchRecording writes the recording of a call into a file that is not there yet, for its
// owner's ears only.
func (a *client) fetchRecording(ctx context.Context, id, name string) error {
	res, err := a.send(ctx, "GET", recordingPath(id), nil, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	n, err := io.Copy(f, res.Body)
	if err == nil && n != res.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the recording: %w", errors.Join(err, os.Remove(name)))
	}
	return nil
}
