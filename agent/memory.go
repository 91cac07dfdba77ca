package agent

import (
	"fmt"
	"strings"
	"time"
)

// Memory is what was said in a call so far, for a voice that was not there.
// The call bounds it.
type Memory struct {
	Turns   []Turn // oldest first
	Dropped int    // turns before the first of them that no longer fit
}

// Turn is one thing that somebody said, or one tool call.
type Turn struct {
	By   Speaker
	Text string // of the agent: only as far as the caller heard it
	Cut  bool   // the caller heard no more of it than Text
	Tool *ToolTurn
	At   time.Time
}

// ToolTurn is a tool call and its result.
type ToolTurn struct {
	ID, Name  string
	Arguments string // JSON
	Result    string // of one that succeeded
	Error     string // of one that failed
	Open      bool   // still running: the answer follows by AnswerTool
}

// Speaker is who said something.
type Speaker int

// The speakers.
const (
	ByCaller Speaker = iota
	ByAgent
	ByBridge // something the agent was to know
)

// String is the memory as a text for a model, one turn a line.
func (m Memory) String() string {
	var b strings.Builder
	b.WriteString("This call goes on after a short break. Don't greet again.")
	if len(m.Turns) > 0 || m.Dropped > 0 {
		b.WriteString(" What was said so far:\n")
	}
	if m.Dropped > 0 {
		fmt.Fprintf(&b, "(%d earlier turns are left out)\n", m.Dropped)
	}
	for _, t := range m.Turns {
		b.WriteString(t.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// String is the turn as a line of text.
func (t Turn) String() string {
	switch {
	case t.Tool != nil && t.Tool.Open:
		return fmt.Sprintf("Tool %s, called with %s: still running", t.Tool.Name, t.Tool.Arguments)
	case t.Tool != nil && t.Tool.Error != "":
		return fmt.Sprintf("Tool %s, called with %s, failed: %s", t.Tool.Name, t.Tool.Arguments, t.Tool.Error)
	case t.Tool != nil:
		return fmt.Sprintf("Tool %s, called with %s, returned: %s", t.Tool.Name, t.Tool.Arguments, t.Tool.Result)
	}
	line := [...]string{ByCaller: "Caller: ", ByAgent: "You: ", ByBridge: "Note: "}[t.By] + strings.Join(strings.Fields(t.Text), " ") // on one line: nobody's words pass for another's
	if t.Cut {
		line += " [the caller heard no more of this]"
	}
	return line
}

// callerWaits tells whether the agent has yet to answer to the last that happened.
func callerWaits(turns []Turn) bool {
	for i := len(turns) - 1; i >= 0; i-- {
		switch t := turns[i]; {
		case t.Tool != nil && t.Tool.Open: // its answer asks for one
			return false
		case t.Tool == nil && strings.TrimSpace(t.Text) == "":
		default:
			return t.By != ByAgent || t.Tool != nil || t.Cut
		}
	}
	return false
}
