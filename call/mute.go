package call

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// mutedBound is how many segments are remembered that are not to be heard.
const mutedBound = 64

var errMuted = errors.New("an answering machine is on the line")

// hush drops all that is to be heard, the opening, too.
func (c *Call) hush(now time.Time) {
	c.opening.abandon(c)
	c.holding = nil
	for id, s := range c.segments {
		c.stale[id] = s
	}
	heard := c.play.unheard(now)
	live, err := c.play.clear(now)
	if err != nil { // the reader hears why
		c.log.Warn().Err(err).Msg("the line could not be cleared")
	}
	c.silenced(live, now)
	c.tellCut(heard, now)
}

// mutes drops what the agent does while it may not be heard.
func (c *Call) mutes(ev agent.Event, now time.Time) bool {
	v := &c.voicemail
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
		if !v.waits() || ev.Name == ToolStopCalling {
			return false
		}
		if c.errands.taken.First(ev.ID) {
			c.refused(c.beginTool(ev, now), "An answering machine is on the line. Do nothing and say nothing.", errMuted, now)
		}
		return true
	default:
		return false
	}
	if !v.waits() {
		return v.dropped[segment]
	}
	if v.dropped == nil || len(v.dropped) >= mutedBound {
		v.dropped = map[string]bool{}
	}
	v.dropped[segment] = true
	return true
}
