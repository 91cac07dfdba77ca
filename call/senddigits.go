package call

import (
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// SendDigits implements builtin.Controls. A media stream has no way to press keys: it is left for as
// long as the carrier needs to play them, and the call goes on with another, and the agent with the
// same conversation. The tool is answered first, so that the answer is surely in that; what the
// agent said before, and at once, is heard before the stream is left.
func (a controls) SendDigits(digits string, now time.Time) error {
	c := a.c
	if c.ending != nil {
		return builtin.ErrEnding
	}
	c.endAfterPlaying(steppedAway, "", now)
	c.ending.out = Outcome{Reason: steppedAway, next: nextDigits, digits: digits}
	c.ending.settled = now.Add(goodbyeGrace)
	return nil
}
