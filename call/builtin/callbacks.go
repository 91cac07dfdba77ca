package builtin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Arrange schedules a callback that the person asked for in words, or asks the number for a confirmation. The note is
// for whoever reads the consent. It may take as long as its context lets it.
type Arrange func(ctx context.Context, words, note string) (Arrangement, error)

// Arrangement is a callback that is scheduled.
type Arrangement struct {
	ID    string // of the reminder
	Row   int64  // of the consent, in the ledger; 0 if none was written down
	Held  bool   // a fact is missing without which the call will not be placed
	Asked bool   // it waits for the person's answer to a text
}

// callbacks is what was arranged in a call.
type callbacks struct {
	list      []callback
	earlier   int  // that another instance scheduled in this call
	arranging bool // one is being scheduled
}

type callback struct {
	topic string
	at    time.Time
	out   callbackOut
}

// find is the callback about a topic at a time that was arranged already; nil if there is none.
func (l *callbacks) find(topic string, at time.Time) *callbackOut {
	for i := range l.list {
		if c := &l.list[i]; c.topic == topic && c.at.Equal(at) {
			return &c.out
		}
	}
	return nil
}

// ScheduledCallback counts a callback that was scheduled.
func (h *History) ScheduledCallback() { h.callbacks++ }

// callbackOut is what the agent is told.
type callbackOut struct {
	At       string `json:"at"`                 // on the caller's clock, if it is known
	Callback string `json:"callback,omitempty"` // by what name it can be found
	Note     string `json:"note"`
}

func (o callbackOut) json() string {
	b, err := json.Marshal(o)
	if err != nil {
		panic("internal error: builtin: " + err.Error())
	}
	return string(b)
}

// arranged answers the tool, and leaves a note where the proof is.
func (l *callbacks) arranged(c Controls, t Invocation, b callback, a Arrangement, err error, now time.Time) {
	l.arranging = false
	note := func(text string) {
		c.Log(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventCallback, Text: text}, now)
	}
	if a.Row > 0 {
		note(fmt.Sprintf("the caller asked to be called back: their consent is row %d of the ledger", a.Row))
	}
	if err != nil {
		c.Refuse(t, sayOfCallback(err), err, now)
		return
	}
	out := callbackOut{At: ClockTime(b.at), Callback: a.ID, Note: "It is scheduled. Tell them the day and the time."}
	switch {
	case a.Asked:
		note("the caller asked to be called back: the number they call from was asked by a text whether it may be")
		out.Callback, out.Note = "", "It is not scheduled yet: a text was sent to the number that they call from. "+
			"We call only when they answer it with YES. Tell them the day, the time, and that."
	case a.Held:
		out.Note = "It is noted. Before we may call, something about the number has still to be checked: " +
			"tell them the day and the time, and that it is not sure yet."
	}
	b.out = out
	l.list = append(l.list, b)
	c.Answer(t, out.json(), now)
}
