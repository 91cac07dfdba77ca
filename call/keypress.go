package call

import (
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// KeyActions are the built-in tools that a key may stand for: see [Profile.Keys].
var KeyActions = []string{builtin.TransferCall, builtin.EndCall}

const sayGoodbye = "Goodbye."

// pressed does at once what a key stands for, if it stands for anything: what the agent
// is saying is cut, as by an interruption, and a short sentence said. During the opening
// the key counts, too, but the opening is heard to its end. The first key that ends the
// call is the last that counts, and on a call that we placed the key that opts out never
// means anything else.
func (c *Call) pressed(digit string, now time.Time) (Outcome, bool) {
	tool, ok := c.profile.Keys[digit]
	if !ok || c.ending != nil || digit == stopKey && c.outbound() {
		return Outcome{}, false
	}
	out, say := Outcome{Reason: AgentEnded}, sayGoodbye
	if tool == builtin.TransferCall {
		if len(c.profile.Transfers) == 0 {
			return Outcome{}, false
		}
		out, say = putThrough(c.profile.Transfers[0], ""), sayPutThrough
	}
	if c.link.agent != nil {
		if err := c.interrupt(byWords, now); err != nil {
			return lineLost(err), true
		}
	}
	c.keypad.last = now.Add(-keyGap) // the agent is told now: no key that follows matters
	c.loseAgent(c.keypad.tell(c.link, now), now)
	c.endSaying(out, say, now)
	return Outcome{}, false
}
