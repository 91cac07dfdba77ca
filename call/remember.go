package call

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
)

// lostResult is what is known of a tool whose bridge is gone.
const lostResult = "the connection broke before its result was known"

// remember gives an agent that was not there what was said before, ahead of all else that it
// gets.
func (l *link) remember(m agent.Memory) error {
	if len(m.Turns) == 0 {
		return nil
	}
	return l.agent.Remember(m)
}

// said is the conversation so far. What was sent to the line, or waits for it, counts as
// heard: it will be. What the agent is yet to get by itself is left out: keys, and the
// results of tools.
func (c *Call) said() agent.Memory {
	m := agent.Memory{Dropped: c.journal.memory.dropped}
	coming := map[int]*leg.Segment{}
	for _, s := range c.play.Live {
		coming[s.Entry.Seq] = s
	}
	keys := -1 // where the newest turn is, if it is of keys
	for _, r := range c.journal.memory.lines {
		t := r.turn
		switch s := coming[r.seq]; {
		case r.key && c.keypad.waits(r.seq):
			continue
		case s != nil && (r.unsaid || t.Cut):
			t.Text, t.Cut = c.journal.willHear(s)
		case r.unsaid:
			continue
		case r.key && keys >= 0:
			m.Turns[keys].Text = strings.TrimSuffix(m.Turns[keys].Text, ".") + " " + t.Text + "."
			continue
		case r.key:
			t.Text = "The caller pressed " + t.Text + "."
		case t.Tool != nil:
			t.Tool = c.errands.remembered(*t.Tool, r.seq)
		}
		if keys = -1; r.key {
			keys = len(m.Turns)
		}
		if t.Text != "" || t.Tool != nil {
			m.Turns = append(m.Turns, t)
		}
	}
	return m
}

// willHear is the text of a segment on the line as far as its sound has come, and whether
// that is not all of it.
func (j *journal) willHear(s *leg.Segment) (text string, cut bool) {
	text = shorten(j.privacy.mask(s.Entry).Text, turnBytes)
	n := leg.HeardTo(text, s.Sent+s.Queued, s.All())
	if text == notRecorded || n >= utf8.RuneCountInString(text) {
		return text, false
	}
	return firstRunes(text, n), true
}

// waits tells whether the agent is yet to be told of a key.
func (k *keypad) waits(seq int) bool {
	return slices.ContainsFunc(k.waiting, func(p pressed) bool { return p.entry.Seq == seq })
}

// remembered is a tool call as it stands now. It is open as long as its answer follows.
func (e *errands) remembered(t agent.ToolTurn, seq int) *agent.ToolTurn {
	_, runs := e.open[t.ID]
	switch owed := slices.ContainsFunc(e.owed, func(a agent.ToolAnswer) bool { return a.ID == t.ID }); {
	case runs || owed:
		t.Result, t.Error, t.Open = "", "", true
	case t.Open:
		t.Error, t.Open = lostResult, false
	}
	if t.ID == "" { // of another instance's agent
		t.ID = fmt.Sprintf("call_%d", seq)
	}
	return &t
}
