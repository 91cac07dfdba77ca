package call

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// recollect is a line of the log as a turn; false for a line that says nothing to an agent.
func recollect(e calllog.Entry, at time.Time) (remembered, bool) {
	r := remembered{seq: e.Seq, turn: agent.Turn{At: at, Text: e.Text}}
	switch e.Kind {
	case calllog.KindCaller:
		r.turn.By = agent.ByCaller
	case calllog.KindAgent:
		r.turn.By = agent.ByAgent
		r.unsaid = e.Heard == calllog.HeardNo
		if r.turn.Cut = e.Heard == calllog.HeardPartly; r.turn.Cut {
			r.turn.Text = firstRunes(e.Text, e.HeardTo)
		}
	case calllog.KindTool:
		r.turn.By, r.turn.Text, r.turn.Tool = agent.ByAgent, "", toolTurn(e)
	case calllog.KindDTMF:
		r.turn.By, r.turn.Text, r.key = agent.ByBridge, e.Digit, true
	case calllog.KindNote:
		if e.Event != calllog.EventTransferFailed {
			return r, false
		}
		r.turn.By, r.turn.Text = agent.ByBridge, noteNobody+e.Result
	default:
		return r, false
	}
	r.turn.Text = shorten(r.turn.Text, turnBytes)
	return r, true
}

// toolTurn is a line of a tool. One without a result is open, or the instance that waited for
// it is gone; which of the two only a call knows that is live.
func toolTurn(e calllog.Entry) *agent.ToolTurn {
	t := &agent.ToolTurn{Name: e.Name, Arguments: string(e.Arguments), Result: shorten(e.Result, turnBytes), Error: shorten(e.Error, turnBytes)}
	if n := len(t.Arguments); n > turnBytes { // half of a document is none
		t.Arguments = fmt.Sprintf(`{"left_out":"%d bytes"}`, n)
	}
	t.Open = e.Result == "" && e.Error == "" && e.MS == 0
	return t
}

// shorten is a text of at most so many bytes, in whole characters.
func shorten(s string, most int) string {
	const more = "…"
	if len(s) <= most {
		return s
	}
	n := most - len(more)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}

// firstRunes is the first n characters of a text.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
