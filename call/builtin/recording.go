package builtin

import (
	"errors"
	"time"
)

// PauseRecording and ResumeRecording keep out of the recording, and out of the log, what nobody may keep, such as the
// number of a card.
const (
	PauseRecording  = "pause_recording"
	ResumeRecording = "resume_recording"
)

var (
	pauseForm = form[struct{}](PauseRecording,
		"Pauses the recording of this call, before the caller says what must not be kept, such as the number of a card. "+
			"It stays paused until you use resume_recording.")
	resumeForm = form[struct{}](ResumeRecording,
		"Resumes the recording of this call, when the caller has said what must not be kept.")
)

// The errors of Controls.PauseRecording and Controls.ResumeRecording.
var (
	ErrNotRecorded = errors.New(
		"the call is not recorded: the agent has no record: true, or the service keeps no recordings")
	ErrUnrecorded = errors.New("the caller does not want to be recorded")
	ErrUnchanged  = errors.New("the recording is paused, or runs, already")
)

func pauseRecording(_ *State, c Controls, t Invocation, _ struct{}, now time.Time) {
	recording(c, t, c.PauseRecording(now), "The recording is paused already.",
		"The recording is paused. Ask for what you need now, and use resume_recording afterwards.", now)
}

func resumeRecording(_ *State, c Controls, t Invocation, _ struct{}, now time.Time) {
	recording(c, t, c.ResumeRecording(now), "The recording is not paused.", "The call is recorded again.", now)
}

// recording answers either tool.
func recording(c Controls, t Invocation, err error, unchanged, changed string, now time.Time) {
	switch {
	case err == nil:
		c.Answer(t, changed, now)
	case errors.Is(err, ErrUnchanged):
		c.Answer(t, unchanged, now)
	case errors.Is(err, ErrUnrecorded):
		c.Refuse(t, "They don't want to be recorded. It stays so.", err, now)
	default:
		c.Refuse(t, "This call is not recorded, so there is nothing to pause. Go on.", err, now)
	}
}
