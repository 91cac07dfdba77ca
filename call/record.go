package call

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/recording"
)

// tapePatience is how long a call's outcome waits for its recording to be complete, so that
// who reads the one finds the other.
const tapePatience = 2 * time.Second

// What the log says of a recording.
const (
	noteRecorded    = "the recording begins"
	noteNotRecorded = "the call is not recorded: its file can't be made"
	noteHoles       = "the recording has holes"
)

// recorded is what is kept of the sound of a call.
type recorded struct {
	recordings *recording.Folder   // nil: nothing is recorded
	tape       *recording.Recorder // nil of a call that is not recorded; readCaller gives it sound, too
	unrecorded bool                // the caller does not want to be recorded
	messages   int                 // that were spoken
}

// record begins the recording of a call that is to be recorded, or goes on with it on
// another stream, as of the stream's start. Its zero is where the log says that it begins.
func (c *Call) record() {
	now := c.started
	if now.IsZero() {
		now = time.Now()
	}
	if c.tape == nil && c.profile.Record && c.recordings != nil && !c.unrecorded {
		c.tape = c.recordings.Record(c.journal.head.ID, now)
		c.journal.note(noteRecorded, now)
	}
	if c.journal.privacy.on { // since another instance had the call
		c.tape.Pause(now)
	}
	c.tape.Stream(now)
}

// badTape tells of the first thing that went wrong with the recording. The call goes on.
func (c *Call) badTape(err error, now time.Time) {
	c.log.Error().Err(err).Msg("recording failed")
	switch {
	case errors.Is(err, recording.ErrSlow):
		c.journal.note(noteHoles+": the disk is too slow", now)
	case errors.Is(err, recording.ErrLate):
		c.journal.note(noteHoles+": some of the caller's sound came too late", now)
	case errors.Is(err, recording.ErrNoFile):
		c.journal.note(noteNotRecorded, now)
	default:
		c.journal.note(noteHoles+": its file can't be written", now)
	}
}

// endTape completes the recording.
func (c *Call) endTape(now time.Time) {
	err := c.tape.End(now, tapePatience)
	select {
	case trouble := <-c.tape.Trouble():
		c.badTape(trouble, now)
	default:
	}
	if lost := c.tape.Lost(); lost > 0 {
		c.journal.note("the recording lacks "+lost.Round(10*time.Millisecond).String()+" of sound", now)
		c.metrics.unrecorded.Add(lost.Seconds())
	}
	if err != nil {
		c.log.Error().Err(err).Msg("recording incomplete")
		c.journal.note("the recording is not complete yet", now)
	}
}

// handOn gives up what this instance still holds of a call with which another one goes on. The
// log is the other's.
func (c *Call) handOn() {
	c.errands.stop()
	c.observed.observer.Close(0)
	if err := c.tape.End(time.Now(), tapePatience); err != nil {
		c.log.Error().Err(err).Msg("recording incomplete")
	}
}
