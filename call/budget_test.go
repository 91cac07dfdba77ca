package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// times makes n events.
func times(n int, make func(i int) agent.Event) []agent.Event {
	var all []agent.Event
	for i := range n {
		all = append(all, make(i))
	}
	return all
}

// overNotes are the notes about budgets in a log.
func overNotes(log []calllog.Entry) (all []string) {
	for _, e := range log {
		if e.Kind == calllog.KindNote && strings.Contains(e.Text, "budget") {
			all = append(all, e.Text)
		}
	}
	return all
}

// linesOf counts the lines of some kinds in a log.
func linesOf(log []calllog.Entry, kinds ...calllog.Kind) (n int) {
	for _, e := range log {
		for _, k := range kinds {
			if e.Kind == k {
				n++
			}
		}
	}
	return n
}

// What is over a budget is dropped with one note; the third time in a minute the caller gets the
// fallback. Whatever is within it passes.
func TestVoiceBudgets(t *testing.T) {
	t.Parallel()
	const most = 64 << 10
	long := strings.Repeat("a", most+1)
	lines := func(n int) []agent.Event {
		return times(n, func(i int) agent.Event { return agent.CallerSaid{Text: fmt.Sprint("Line ", i, ".")} })
	}
	segments := func(n int) []agent.Event {
		return times(n, func(i int) agent.Event { return agent.Audio{Segment: fmt.Sprint("s", i), ULaw: legtest.Tone(20, 1)} })
	}
	calls := func(n int) []agent.Event {
		return times(n, func(i int) agent.Event {
			return agent.ToolCall{ID: fmt.Sprint("t", i), Name: "nothing", Arguments: "{}"}
		})
	}
	said := func(n int, text string) []agent.Event {
		return times(n, func(int) agent.Event { return agent.CallerSaid{Text: text} })
	}
	interims := func(n int) []agent.Event {
		return times(n, func(i int) agent.Event { return agent.CallerSaid{Text: fmt.Sprint("So far ", i), Interim: true} })
	}
	felt := func(n, emotions int) []agent.Event {
		return times(n, func(int) agent.Event {
			all := map[string]float64{}
			for i := range emotions {
				all[fmt.Sprint("e", i)] = float64(i)
			}
			return agent.CallerSaid{Text: "Hello.", Emotions: all}
		})
	}
	for _, test := range []struct {
		name   string
		does   []agent.Event
		budget agent.Budget // that it is over; empty for none
		lines  int          // of the voice's that are in the log
		over   bool         // the fallback
	}{
		{"a long transcript", said(1, long[1:]), "", 1, false},
		{"too long", said(2, long), agent.BudgetMessage, 0, false},
		{"three times", said(3, long), agent.BudgetMessage, 0, true},
		{"the agent's words", []agent.Event{agent.AgentSaid{Segment: "a", Text: long}}, agent.BudgetMessage, 0, false},
		{"a segment's name", []agent.Event{agent.Audio{Segment: long}}, agent.BudgetMessage, 0, false},
		{"an error's code", []agent.Event{agent.Failed{Code: long}}, agent.BudgetMessage, 0, false},
		{"a tool's arguments", []agent.Event{agent.ToolCall{ID: "t", Name: "n", Arguments: long}}, agent.BudgetMessage, 0, false},
		{"dropped on the wire", times(3, func(int) agent.Event { return agent.Over{Budget: agent.BudgetEcho} }), agent.BudgetEcho, 0, true},
		{"64 emotions", felt(1, 64), "", 1, false},
		{"65 emotions", felt(2, 65), agent.BudgetEmotions, 2, false},
		{"40 lines", lines(40), "", 40, false},
		{"42 lines", lines(42), agent.BudgetEntriesMinute, 40, false},
		{"43 lines", lines(43), agent.BudgetEntriesMinute, 40, true},
		{"41 segments, and more of the last", append(segments(41), segments(41)[40], segments(41)[40], agent.SegmentEnd{Segment: "s40"}), agent.BudgetEntriesMinute, 40, false},
		{"errors", times(43, func(int) agent.Event { return agent.Failed{Code: "E1"} }), agent.BudgetEntriesMinute, 0, true},
		{"1,200 texts so far", interims(1200), "", 0, false},
		{"two more, then the words", append(interims(1202), lines(1)...), agent.BudgetInterimsMinute, 1, false},
		{"three more", interims(1203), agent.BudgetInterimsMinute, 0, true},
		{"60 tools", calls(60), "", 60, false},
		{"the same again", append(calls(60), calls(60)...), "", 60, false},
		{"62 tools", calls(62), agent.BudgetToolsMinute, 60, false},
		{"63 tools", calls(63), agent.BudgetToolsMinute, 60, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			for _, ev := range test.does {
				if h.done {
					t.Fatal("it is over before the last")
				}
				h.does(ev)
			}
			log := h.written(t)
			notes := overNotes(log)
			if want := map[bool]int{true: 1}[test.budget != ""]; len(notes) != want || want > 0 && !strings.Contains(notes[0], " "+string(test.budget)+";") {
				t.Errorf("the notes are %q, want one about %q", notes, test.budget)
			}
			if n := linesOf(log, calllog.KindCaller, calllog.KindAgent, calllog.KindTool); n != test.lines {
				t.Errorf("%d lines, want %d", n, test.lines)
			}
			if h.done != test.over || h.done && (h.out.next != nextFallback || h.out.Reason != Failed) {
				t.Errorf("over: %t with %+v, want %t", h.done, h.out, test.over)
			}
			for _, e := range log {
				if len(e.Emotions) > 64 || len(e.Emotions) == 64 && e.Emotions["e0"] != 0 {
					t.Errorf("%d emotions", len(e.Emotions))
				}
			}
		})
	}
}

// A minute later there is room again, and what went over a budget before no longer counts. The
// budgets of a whole call stay spent.
func TestBudgetsOverTime(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.c.profile.Budgets = agent.Budgets{Entries: 100, Tools: 70}
	line := agent.CallerSaid{Text: "Hello."}
	for range 2 {
		for range 42 { // two of them too many
			h.does(line)
		}
		h.pass(time.Minute)
	}
	if n := linesOf(h.written(t), calllog.KindCaller); n != 80 || h.done {
		t.Fatalf("%d lines, and over: %t", n, h.done)
	}
	for i := range 71 {
		h.does(agent.ToolCall{ID: fmt.Sprint("t", i), Name: "nothing", Arguments: "{}", WantAnswer: true})
		h.pass(2 * time.Second)
	}
	log := h.written(t)
	if n := linesOf(log, calllog.KindTool); n != 70 {
		t.Errorf("%d tool calls were run, want 70", n)
	}
	answers := h.agent.Answers() // those of the tools that run come by a channel
	if last := answers[len(answers)-1]; last.ID != "t70" || !strings.HasPrefix(last.Content, "Too many tools") {
		t.Errorf("%d answers, the last %+v", len(answers), last)
	}
	for range 2 { // the log has more than 100 lines
		h.does(line)
	}
	if n := linesOf(h.written(t), calllog.KindCaller); n != 80 || h.done {
		t.Errorf("%d lines, and over: %t", n, h.done)
	}
	if h.does(line); !h.done || h.out.next != nextFallback {
		t.Errorf("the third line too many ends with %+v", h.out)
	}
	if got := overNotes(h.written(t)); len(got) != 3 {
		t.Errorf("got %q, want one note about each of three budgets", got)
	}
}

// A voice may send a thousand texts in a second, and again a minute later.
func TestBudgetOfInterimTexts(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	for range 3 {
		for i := range 1000 {
			h.does(agent.CallerSaid{Text: fmt.Sprint("So far ", i), Interim: true})
		}
		h.pass(59 * time.Second)
		h.does(agent.CallerSaid{Text: "So far, so good.", Interim: true})
		h.pass(time.Second)
	}
	if got := overNotes(h.written(t)); len(got) > 0 || h.done {
		t.Errorf("got %q, and over: %t", got, h.done)
	}
}

// With another voice behind it, that goes on, and has budgets of its own.
func TestNextVoiceAfterTheBudget(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	other := NewVoice("realtime", h.dialer)
	h.c.link.voices = append(h.c.link.voices, other)
	h.c.link.queue = h.c.link.after(h.c.link.voice, h.now)
	for range 43 {
		h.does(agent.CallerSaid{Text: "Hello."})
	}
	if h.done {
		t.Fatalf("it ends with %+v", h.out)
	}
	h.answer(nil)
	if h.c.link.voice != other {
		t.Errorf("%+v speaks", h.c.link.voice)
	}
	h.does(agent.CallerSaid{Text: "Who is there?"})
	if log := h.written(t); linesOf(log, calllog.KindCaller) != 41 || len(overNotes(log)) != 1 {
		t.Errorf("%d lines, %q", linesOf(log, calllog.KindCaller), overNotes(log))
	}
}
