package call

import (
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

const (
	notePaused  = "the recording is paused"
	noteResumed = "the recording goes on"
)

// PauseRecording implements builtin.Controls: it makes the recording silent and the log wordless at
// once. That a recording failed changes nothing: the log is still written.
func (a controls) PauseRecording(now time.Time) error {
	c := a.c
	switch {
	case c.tape == nil:
		return builtin.ErrNotRecorded
	case !c.tape.Pause(now):
		return builtin.ErrUnchanged
	}
	c.journal.event(calllog.EventRecordingPaused, notePaused, now)
	c.journal.privacy.begin(now)
	c.observed.observer.Pause()
	return nil
}

// ResumeRecording implements builtin.Controls: it ends that, but for what the agent has begun to
// say and the ear has yet to hear. The log says how long it was.
func (a controls) ResumeRecording(now time.Time) error {
	c := a.c
	switch {
	case c.tape == nil:
		return builtin.ErrNotRecorded
	case c.unrecorded:
		return builtin.ErrUnrecorded
	case !c.tape.Resume(now):
		return builtin.ErrUnchanged
	}
	for _, s := range c.play.Live {
		s.Private = true
	}
	lasted := c.journal.privacy.end(now)
	c.observed.observer.Resume()
	c.journal.add(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventRecordingResumed, Text: noteResumed,
		MS: lasted.Milliseconds()}, now)
	return nil
}
