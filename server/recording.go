package server

import (
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/recording"
)

// Recordings is where the calls' recordings are; a *recording.Folder is one. The errors are
// recording.ErrNone, recording.ErrLive, and others, which mean that it can't be read.
type Recordings interface {
	Open(callID string) (*os.File, error)
	OpenMessage(callID string, n int) (*os.File, error)
}

// recordingWrites is how long a reader may take for a piece of a recording, 32 KiB: a second
// of sound. The whole may take as long as it has to.
const recordingWrites = 30 * time.Second

// callRecording sends the recording of a call that is over, or a range of it; with ?message=N the
// Nth spoken message that the caller left.
func (s *Server) callRecording(w http.ResponseWriter, r *http.Request) {
	message := 0
	if text := r.URL.Query().Get("message"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			problem(w, http.StatusBadRequest, "bad request", "message: want the number of a voice message, from 1")
			return
		}
		message = n
	}
	s.flush(r)
	ctx, cancel := bounded(r)
	c, err := s.cfg.Calls.Get(ctx, r.PathValue("id"))
	cancel()
	if err != nil {
		s.storeProblem(w, err)
		return
	}
	if c.Outcome == "" {
		problem(w, http.StatusConflict, "conflict", "the call is live: its recording is available after the call")
		return
	}
	err = recording.ErrNone
	var f *os.File
	switch {
	case s.cfg.Recordings == nil:
	case message > 0:
		f, err = s.cfg.Recordings.OpenMessage(c.ID, message)
	default:
		f, err = s.cfg.Recordings.Open(c.ID)
	}
	switch {
	case errors.Is(err, recording.ErrLive):
		problem(w, http.StatusConflict, "conflict", "the recording is not complete yet: try again in a minute")
		return
	case errors.Is(err, recording.ErrNone) && c.Instance != "" && c.Instance != s.cfg.Instance:
		problem(w, http.StatusNotFound, "not found", "no recording on this instance: the call was on "+c.Instance+", whose BRIDGE_DATA_DIR would have it")
		return
	case errors.Is(err, recording.ErrNone) && message > 0:
		problem(w, http.StatusNotFound, "not found", "unknown voice message")
		return
	case errors.Is(err, recording.ErrNone):
		problem(w, http.StatusNotFound, "not found", "this call has no recording: its agent does not have record: true, or the call had no audio")
		return
	case err != nil:
		s.log.Error().Err(err).Str("call", c.ID).Msg("recording not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the recording cannot be read at the moment")
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.log.Error().Err(err).Str("call", c.ID).Msg("recording not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the recording cannot be read at the moment")
		return
	}
	if !s.record(w, r, c.ID, personOf(c)) {
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Content-Disposition", `attachment; filename="`+c.ID+`.wav"`)
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(patiently(w, r, recordingWrites), r, "", info.ModTime(), f)
}
