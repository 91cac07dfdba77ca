package call

import (
	"fmt"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// written are lines of one kind that another instance wrote, a second apart.
func written(n int, kind calllog.Kind, from time.Duration) (all []calllog.Entry) {
	for i := range n {
		at := from + time.Duration(i)*time.Second
		all = append(all, calllog.Entry{Kind: kind, Text: "Hello.", Name: "nothing", AtMS: at.Milliseconds()})
	}
	return all
}

// A call that goes on at another instance has used there what its log says: of a minute what
// was in it, of the whole call all.
func TestBudgetsAcrossInstances(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		lines       []calllog.Entry
		budgets     agent.Budgets
		more, tools int // lines and tool calls that are left
	}{
		{"nothing", nil, agent.Budgets{}, 40, 60},
		{"lines of this minute", append(written(20, calllog.KindAgent, 60*time.Second), written(18, calllog.KindCaller, 80*time.Second)...), agent.Budgets{}, 2, 60},
		{"lines of an earlier minute", append(written(30, calllog.KindCaller, 0), written(10, calllog.KindCaller, 80*time.Second)...), agent.Budgets{}, 30, 60},
		{"what isn't the voice's", append(written(40, calllog.KindNote, 80*time.Second), written(5, calllog.KindDTMF, 80*time.Second)...), agent.Budgets{}, 40, 60},
		{"tools of this minute", written(18, calllog.KindTool, 80*time.Second), agent.Budgets{ToolsMinute: 20}, 40, 2},
		{"tools of the whole call", append(written(15, calllog.KindTool, 0), written(3, calllog.KindTool, 80*time.Second)...), agent.Budgets{Tools: 20}, 40, 2},
		{"lines of the whole call", written(30, calllog.KindCaller, 0), agent.Budgets{Entries: 35}, 5, 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tools := newHand(t, Limits{}, nil)
			lines := newHand(t, Limits{}, nil)
			for _, h := range []*hand{tools, lines} {
				h.c.profile.Budgets = test.budgets
				h.pass(100 * time.Second)
				h.c.restore(readHandoff(&calllog.Call{StartedAt: h.c.journal.head.StartedAt, Entries: test.lines}))
			}
			for range test.more + 1 {
				lines.does(agent.CallerSaid{Text: "Hello."})
			}
			if n := linesOf(lines.written(t), calllog.KindCaller); n != test.more {
				t.Errorf("%d further lines, want %d", n, test.more)
			}
			if test.budgets.Entries > 0 {
				return // a tool's line counts, too
			}
			for i := range test.tools + 1 {
				tools.does(agent.ToolCall{ID: fmt.Sprint("t", i), Name: "nothing", Arguments: "{}"})
			}
			if n := linesOf(tools.written(t), calllog.KindTool); n != test.tools {
				t.Errorf("%d further tool calls, want %d", n, test.tools)
			}
		})
	}
}

// On another stream a call has the counts of the one before, and those of an instance that
// had it meanwhile.
func TestBudgetsAcrossStreams(t *testing.T) {
	t.Parallel()
	for name, elsewhere := range map[string]int{"nobody had it": 0, "another instance had it": 25} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			h.pass(90 * time.Second)
			for range 41 { // one of them too many
				h.does(agent.CallerSaid{Text: "Hello."})
			}
			for i := range 5 {
				h.does(agent.ToolCall{ID: fmt.Sprint("t", i), Name: "nothing", Arguments: "{}"})
			}
			h.pass(10 * time.Second)
			left := 0
			if elsewhere > 0 { // an hour later, at which the minute of before is over
				h.now = h.now.Add(20 * time.Minute)
				lines := append(written(5, calllog.KindTool, 80*time.Second), written(elsewhere, calllog.KindCaller, 20*time.Minute+75*time.Second)...)
				lines[len(lines)-1].Seq = h.c.journal.seq + elsewhere
				h.c.restore(readHandoff(&calllog.Call{StartedAt: h.c.journal.head.StartedAt, Entries: lines}))
				left = 40 - elsewhere
			}
			h.nextStream()
			if h.c.spent.toolsInAll != 5 {
				t.Errorf("%d tool calls in all, want 5", h.c.spent.toolsInAll)
			}
			before := linesOf(h.written(t), calllog.KindCaller)
			for range left + 1 {
				h.does(agent.CallerSaid{Text: "Hello."})
			}
			log := h.written(t)
			if n := linesOf(log, calllog.KindCaller) - before; n != left {
				t.Errorf("%d further lines, want %d", n, left)
			}
			if notes := overNotes(log); len(notes) != 1 {
				t.Errorf("the notes are %q, want one, of the stream before", notes)
			}
		})
	}
}
