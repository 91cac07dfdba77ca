package call

import (
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// handover is a call that is put through: to whom, and what they hear before they are
// joined with the caller. Without a summary they are joined at once.
type handover struct {
	builtin.Transfer
	summary string
}

const sayPutThrough = "I'll put you through."

// putThrough is the outcome of a call that leaves its agent for a person.
func putThrough(to builtin.Transfer, summary string) Outcome {
	return Outcome{Reason: Transferred, next: nextTransfer, hand: &handover{to, summary}}
}

// endSaying is endAfterPlaying with an outcome.
func (c *Call) endSaying(out Outcome, farewell string, now time.Time) {
	if c.ending != nil {
		return
	}
	if c.opening.running() {
		farewell = ""
	}
	c.endAfterPlaying(out.Reason, farewell, now)
	c.ending.out = out
}
