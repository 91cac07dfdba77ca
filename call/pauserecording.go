package call

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// ToolPauseRecording and ToolResumeRecording keep out of the recording, and out of the log,
// what nobody may keep, such as a card's number.
const (
	ToolPauseRecording  = "pause_recording"
	ToolResumeRecording = "resume_recording"
)

var (
	pauseForm = form[struct{}](ToolPauseRecording,
		"Pauses the recording of this call, before the caller says what must not be kept, such as the number of a card. It stays paused until you use resume_recording.")
	resumeForm = form[struct{}](ToolResumeRecording,
		"Goes on with the recording of this call, when the caller has said what must not be kept.")
)

// What an agent is told of the recording.
const (
	sayPaused       = "The recording is paused. Ask for what you need now, and use resume_recording afterwards."
	sayPausedBefore = "The recording is paused already."
	sayResumed      = "The call is recorded again."
	sayNeverPaused  = "The recording is not paused."
	sayNotRecorded  = "This call is not recorded, so there is nothing to pause. Go on."
)

const (
	notePaused  = "the recording is paused"
	noteResumed = "the recording goes on"
)

var errUnrecorded = errors.New("the caller does not want to be recorded")

var errNotRecorded = errors.New("the call is not recorded: the agent has no record: true, or the service keeps no recordings")

// pauseRecording makes the recording silent and the log wordless at once. That a recording
// failed changes nothing: the log is still written.
func (c *Call) pauseRecording(t builtin.Invocation, _ struct{}, now time.Time) {
	if c.tape == nil {
		c.refused(t, sayNotRecorded, errNotRecorded, now)
		return
	}
	if !c.tape.Pause(now) {
		c.answered(t, sayPausedBefore, now)
		return
	}
	c.journal.event(calllog.EventRecordingPaused, notePaused, now)
	c.journal.privacy.begin(now)
	c.observed.observer.Pause()
	c.answered(t, sayPaused, now)
}

// resumeRecording ends that, but for what the agent has begun to say and the ear has yet to
// hear. The log says how long it was.
func (c *Call) resumeRecording(t builtin.Invocation, _ struct{}, now time.Time) {
	switch {
	case c.tape == nil:
		c.refused(t, sayNotRecorded, errNotRecorded, now)
	case c.unrecorded:
		c.refused(t, sayNoMore, errUnrecorded, now)
	case !c.tape.Resume(now):
		c.answered(t, sayNeverPaused, now)
	default:
		for _, s := range c.play.Live {
			s.Private = true
		}
		lasted := c.journal.privacy.end(now)
		c.observed.observer.Resume()
		c.journal.add(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventRecordingResumed, Text: noteResumed, MS: lasted.Milliseconds()}, now)
		c.answered(t, sayResumed, now)
	}
}
