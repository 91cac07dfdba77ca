package call

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
)

// maxMuted is how many segments are remembered that are not to be heard.
const maxMuted = 64

var errMuted = errors.New("an answering machine is on the line")

// muteAgent drops all that is to be heard, the opening, too.
func (c *Call) muteAgent(now time.Time) {
	c.opening.abandon(c)
	c.holding = nil
	for id, s := range c.segments {
		c.stale[id] = s
	}
	heard := c.play.Unheard(now)
	live, err := c.play.Clear(now)
	if err != nil { // the reader hears why
		c.log.Warn().Err(err).Msg("clear failed")
	}
	c.journal.silenced(live, now)
	c.loseAgent(c.link.tellCut(heard), now)
}

// dropWhileMuted drops what the agent does while it may not be heard.
func (c *Call) dropWhileMuted(ev agent.Event, now time.Time) bool {
	var segment string
	switch ev := ev.(type) {
	case agent.Audio:
		segment = ev.Segment
	case agent.SegmentEnd:
		segment = ev.Segment
	case agent.AgentSaid:
		segment = ev.Segment
	case agent.AgentFelt:
		segment = ev.Segment
	case agent.ToolCall:
		if !c.amd.Waits() || ev.Name == builtin.StopCalling {
			return false
		}
		if c.errands.taken.First(ev.ID) {
			t := c.errands.begin(ev, c.acting().tool(ev.Name), &c.journal, now)
			controls{c}.Refuse(t, "An answering machine is on the line. Do nothing and say nothing.", errMuted, now)
		}
		return true
	default:
		return false
	}
	if !c.amd.Waits() {
		return c.muted[segment]
	}
	if c.muted == nil || len(c.muted) >= maxMuted {
		c.muted = map[string]bool{}
	}
	c.muted[segment] = true
	return true
}
