package call

import (
	"errors"
	"time"

	"github.com/rs/zerolog"

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
}

// beginTape begins the recording of a call that is to be recorded, or goes on with it on
// another stream, as of the stream's start. Its zero is where the log says that it begins.
func (r *recorded) beginTape(wanted bool, j *journal, now time.Time) {
	if now.IsZero() {
		now = time.Now()
	}
	if r.tape == nil && wanted && r.recordings != nil && !r.unrecorded {
		r.tape = r.recordings.Record(j.head.ID, now)
		j.note(noteRecorded, now)
	}
	if j.privacy.on { // since another instance had the call
		r.tape.Pause(now)
	}
	r.tape.Stream(now)
}

// badTape tells of the first thing that went wrong with the recording. The call goes on.
func (j *journal) badTape(err error, log *zerolog.Logger, now time.Time) {
	log.Error().Err(err).Msg("recording failed")
	switch {
	case errors.Is(err, recording.ErrSlow):
		j.note(noteHoles+": the disk is too slow", now)
	case errors.Is(err, recording.ErrLate):
		j.note(noteHoles+": some of the caller's sound came too late", now)
	case errors.Is(err, recording.ErrNoFile):
		j.note(noteNotRecorded, now)
	default:
		j.note(noteHoles+": its file can't be written", now)
	}
}

// endTape completes the recording.
func (r *recorded) endTape(j *journal, m *Metrics, log *zerolog.Logger, now time.Time) {
	err := r.tape.End(now, tapePatience)
	select {
	case trouble := <-r.tape.Trouble():
		j.badTape(trouble, log, now)
	default:
	}
	if lost := r.tape.Lost(); lost > 0 {
		j.note("the recording lacks "+lost.Round(10*time.Millisecond).String()+" of sound", now)
		m.unrecorded.Add(lost.Seconds())
	}
	if err != nil {
		log.Error().Err(err).Msg("recording incomplete")
		j.note("the recording is not complete yet", now)
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
