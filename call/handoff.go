package call

import (
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// handoff is what an instance has to know of a call that another one had. It is made of the call's log alone, since the
// other one may be gone: of kinds, events and fields. What a note says it never reads: see [calllog.Event].
type handoff struct {
	lines      int             // of the log that are written
	memory     memory          // what was said
	spent      spending        // of the voice's budgets
	privacy    privacy         // whether the recording is paused, and since when
	tools      builtin.History // what the built-in tools did
	refusals   int             // transfers that nobody took
	untold     string          // what the agent has to be told of the last of them; empty if one was there that was told
	counted    bool            // an outcome was counted, and the ledger told
	continues  bool            // the log says that the call goes on with an earlier one
	unrecorded bool            // the caller does not want to be recorded
}

// readHandoff makes it of what the log has of a call, with the lines.
func readHandoff(head *calllog.Call) handoff {
	h := handoff{lines: lines(*head)}
	var last calllog.Entry // of those that an agent answers
	for _, e := range head.Entries {
		at := head.StartedAt.Add(time.Duration(e.AtMS) * time.Millisecond)
		h.memory.recall(e, at)
		h.spent.count(e, at)
		switch {
		case e.Kind == calllog.KindNote:
			h.tools.Noted(e)
			if !h.event(e, at) {
				continue
			}
		case e.Kind == calllog.KindTool && e.Name == builtin.SendDigits && e.Error == "":
			h.tools.SentDigits(e.Arguments)
		}
		last = e
	}
	if last.Event == calllog.EventTransferFailed {
		h.untold = tellNobody(last.Result)
	}
	return h
}

// event takes what a note means. It is true if an agent that was there would have
// answered to it.
func (h *handoff) event(e calllog.Entry, at time.Time) bool {
	switch e.Event {
	case calllog.EventTransferFailed:
		h.refusals++
		return true
	case calllog.EventTransferUnwatched:
		h.counted = true
		return true
	case calllog.EventContinues:
		h.continues = true
	case calllog.EventRecordingPaused:
		h.privacy.begin(at)
	case calllog.EventCallback:
		h.tools.ScheduledCallback()
	case calllog.EventRecordingStopped:
		h.unrecorded = true
		h.privacy.begin(at)
	case calllog.EventRecordingResumed:
		h.privacy.end(at)
	}
	return false
}

// restore takes on what another instance has written of the call. What is known here besides stays, for the log does
// not have all of it.
func (c *Call) restore(h handoff) {
	if h.lines <= c.journal.seq { // nobody else has written
		return
	}
	c.journal.seq = h.lines
	if h.memory.last > c.journal.memory.last {
		c.journal.memory = h.memory
	}
	h.privacy.hidden = c.journal.privacy.hidden
	c.journal.privacy = h.privacy
	c.spent = c.spent.with(h.spent)
	c.errands.builtins.Restore(h.tools)
	c.refusals = max(c.refusals, h.refusals)
	c.counted = c.counted || h.counted
	c.journal.goesOn = c.journal.goesOn || h.continues
	c.unrecorded = c.unrecorded || h.unrecorded
	if h.untold != "" {
		c.pendingMessages = append(c.pendingMessages, h.untold)
	}
}
