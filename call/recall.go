package call

import (
	"encoding/json"

	"github.com/patchcord/patchcord/calllog"
)

// recall takes from the lines of a call what one must know that goes on with it. What a note
// says it never reads: see [calllog.Event].
func (c *Call) recall(lines []calllog.Entry) {
	var last calllog.Entry
	for _, e := range lines {
		c.journal.memory.recall(e, c.journal.when(e))
		c.spent.recall(e, c.journal.when(e))
		switch {
		case e.Kind == calllog.KindNote:
			if !c.recallEvent(e) {
				continue
			}
		case e.Kind == calllog.KindTool && e.Name == ToolSendDigits && e.Error == "":
			var in digitsIn
			if json.Unmarshal(e.Arguments, &in) == nil {
				c.pressing.note(in.Digits)
			}
		}
		last = e
	}
	if last.Event == calllog.EventTransferFailed { // and no agent has been told
		c.news = append(c.news, tellNobody(last.Result))
	}
}

// recallEvent takes what a note means. It is true if an agent that was there would have
// answered to it.
func (c *Call) recallEvent(e calllog.Entry) bool {
	switch e.Event {
	case calllog.EventTransferFailed:
		c.refusals++
		return true
	case calllog.EventTransferUnwatched:
		c.counted = true
		return true
	case calllog.EventContinues:
		c.goesOn = true
	case calllog.EventRecordingPaused:
		c.journal.privacy.begin(c.journal.when(e))
	case calllog.EventCallback:
		c.wishes.earlier++
	case calllog.EventRecordingStopped:
		c.unrecorded = true
		c.journal.privacy.begin(c.journal.when(e))
	case calllog.EventRecordingResumed:
		c.journal.privacy.end(c.journal.when(e))
	}
	return false
}
