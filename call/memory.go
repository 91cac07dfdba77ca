package call

import (
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// Bounds of a memory. A conversation has some 150 words a minute, of six bytes with the space:
// 16 KiB is about a quarter of an hour.
const (
	memoryTurns = 120      // lines of the log that it keeps
	memoryBytes = 16 << 10 // of all their texts
	turnBytes   = 2 << 10  // of one text; a longer one is shortened
)

// memory is what was said in a telephone call, for an agent that was not there. It is made of
// the lines of the log as they are written: what nobody may read is not in it, and whoever
// goes on with the call on another instance makes the same of the lines that they read.
type memory struct {
	lines   []remembered // oldest first
	last    int          // the highest number among all lines that were taken
	bytes   int
	dropped int // turns that no longer fit

	before string // the id of the call that it goes on with; empty for none
	voice  string // that can resume that call's conversation
}

// remembered is a line of the log as a turn.
type remembered struct {
	seq    int // 0 of what has no line
	turn   agent.Turn
	unsaid bool // the log doesn't know that the caller heard any of it
	key    bool // a key that was pressed
}

// take notes a line that was written, or written again.
func (m *memory) take(e calllog.Entry, at time.Time) {
	r, ok := recollect(e, at)
	if !ok {
		return
	}
	if old := m.find(e.Seq); old != nil {
		if t := old.turn.Tool; t != nil { // it is written again when it is done
			r.turn.Tool.ID, r.turn.Tool.Open = t.ID, false
		}
		m.bytes += r.size() - old.size()
		*old = r
	} else if e.Seq > m.last { // else it no longer fits
		m.last = e.Seq
		m.add(r)
	}
	m.bound()
}

// recall notes a line that another instance wrote. Its number is no name: two instances that had the call one after the
// other may both have written a line of that number.
func (m *memory) recall(e calllog.Entry, at time.Time) {
	if r, ok := recollect(e, at); ok {
		m.last = max(m.last, e.Seq)
		m.add(r)
		m.bound()
	}
}

// told notes what the agent was given to know, of which there is no line.
func (m *memory) told(text string, at time.Time) {
	m.add(remembered{turn: agent.Turn{By: agent.ByBridge, Text: shorten(text, turnBytes), At: at}})
	m.bound()
}

// called notes the agent's own name for a tool call.
func (m *memory) called(seq int, id string) {
	if r := m.find(seq); r != nil && r.turn.Tool != nil {
		r.turn.Tool.ID = id
	}
}

func (m *memory) add(r remembered) {
	m.bytes += r.size()
	m.lines = append(m.lines, r)
}

// find is the line of a number; nil if it isn't remembered.
func (m *memory) find(seq int) *remembered {
	for i := len(m.lines) - 1; i >= 0 && seq > 0; i-- { // a line is written again soon, if at all
		if m.lines[i].seq == seq {
			return &m.lines[i]
		}
	}
	return nil
}

// bound forgets the oldest lines that no longer fit.
func (m *memory) bound() {
	for len(m.lines) > memoryTurns || m.bytes > memoryBytes {
		if !m.lines[0].unsaid {
			m.dropped++
		}
		m.bytes -= m.lines[0].size()
		m.lines = m.lines[1:]
	}
}

// size is the bytes of the texts of a line.
func (r *remembered) size() int {
	n := len(r.turn.Text)
	if t := r.turn.Tool; t != nil {
		n += len(t.Name) + len(t.Arguments) + len(t.Result) + len(t.Error)
	}
	return n
}
