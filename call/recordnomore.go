package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
)

const (
	noteStoppedRecording = "the caller does not want to be recorded: nothing is kept from here on"

	tellNoMore = "[From the line, not from a person: they don't want to be recorded, and nothing of the call is kept from now on. " +
		"Tell them so in one sentence. If they want no part of the call to be kept at all, say that a person here can see to that, and end the call politely.]"
)

// recordNoMore ends the recording of a call at the caller's wish, for good: the sound, and their
// words in the log. What was kept before is marked: the file by a comment, the log by an event.
func (c *Call) recordNoMore(now time.Time) {
	if c.unrecorded {
		return
	}
	c.unrecorded = true
	c.journal.event(calllog.EventRecordingStopped, noteStoppedRecording, now)
	c.tape.Stop(now)
	c.observed.observer.Pause()
	if !c.journal.privacy.on {
		c.journal.privacy.begin(now)
	}
	c.tell(tellNoMore, now)
}
