package call

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// A text is remembered as far as its sound was heard, and ends with a whole word.
func TestHeardTo(t *testing.T) {
	const hours = "We open at nine, and close at five."
	for _, tt := range []struct {
		name, text  string
		played, all int
		want        string
	}{
		{"all of it", hours, 800, 800, hours},
		{"more than there was", hours, 900, 800, hours},
		{"nothing", hours, 0, 800, ""},
		{"less than nothing", hours, -8, 800, ""},
		{"half", hours, 400, 800, "We open at nine,"},
		{"inside the first word", hours, 20, 800, ""},
		{"up to a space", "ab cd", 400, 1000, "ab"},
		{"inside the last word", hours, 790, 800, "We open at nine, and close at"},
		{"letters of two bytes", "Nós abrimos às nove", 500, 1000, "Nós"},
		{"words that aren't written apart", "我们九点开门", 500, 1000, "我们九"},
		{"no text", "", 500, 1000, ""},
		{"no sound", hours, 0, 0, hours},
	} {
		if got := firstRunes(tt.text, leg.HeardTo(tt.text, tt.played, tt.all)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// restored makes a call of what the log has of it.
func restored(head calllog.Call) *Call {
	c := &Call{stream: &stream{}, errands: &errands{}}
	c.restore(readHandoff(&head))
	return c
}

// remember makes a call with a log of these lines.
func remember(lines ...calllog.Entry) *Call {
	return restored(calllog.Call{Entries: lines})
}

// Each kind of line is a turn, or none. What is gone with the instance that had it is said.
func TestMemoryOfALog(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	c := restored(calllog.Call{StartedAt: at, Entries: []calllog.Entry{
		{Seq: 1, Kind: calllog.KindNote, Text: "the recording begins"},
		{Seq: 2, AtMS: 500, Kind: calllog.KindAgent, Text: "How can I help?", Heard: calllog.HeardFull},
		{Seq: 3, AtMS: 2000, Kind: calllog.KindCaller, Text: "My name is Dana.", Emotions: map[string]float64{"Joy": 1}},
		{Seq: 4, Kind: calllog.KindTool, Name: "order", Arguments: json.RawMessage(`{"id":"A-17"}`), Result: `{"status":"sent"}`, MS: 30},
		{Seq: 5, Kind: calllog.KindTool, Name: "refund", Error: "HTTP 500", MS: 20},
		{Seq: 6, Kind: calllog.KindTool, Name: "refund", Arguments: json.RawMessage(`{}`)},
		{Seq: 7, Kind: calllog.KindTool, Name: "big", Arguments: json.RawMessage(`"` + strings.Repeat("x", turnBytes) + `"`), Result: "ok"},
		{Seq: 8, Kind: calllog.KindAgent, Text: "It was sent on Monday.", Heard: calllog.HeardPartly, HeardTo: 11},
		{Seq: 9, Kind: calllog.KindInterruption},
		{Seq: 10, Kind: calllog.KindAgent, Text: "Nobody heard this.", Heard: calllog.HeardNo},
		{Seq: 11, Kind: calllog.KindAgent, Text: "Nor this.", Heard: calllog.HeardPartly},
		{Seq: 12, Kind: calllog.KindDTMF, Digit: "1"},
		{Seq: 13, Kind: calllog.KindDTMF, Digit: "•"},
		{Seq: 14, Kind: calllog.KindNote, Event: calllog.EventTransferFailed, Text: noteNobody + "busy", Result: "busy"},
		{Seq: 15, Kind: calllog.KindDTMF, Digit: "3"},
		{Seq: 16, Kind: calllog.KindReconnect},
	}})
	want := agent.Memory{Turns: []agent.Turn{
		{By: agent.ByAgent, Text: "How can I help?", At: at.Add(500 * time.Millisecond)},
		{By: agent.ByCaller, Text: "My name is Dana.", At: at.Add(2 * time.Second)},
		{By: agent.ByAgent, At: at, Tool: &agent.ToolTurn{ID: "call_4", Name: "order", Arguments: `{"id":"A-17"}`, Result: `{"status":"sent"}`}},
		{By: agent.ByAgent, At: at, Tool: &agent.ToolTurn{ID: "call_5", Name: "refund", Error: "HTTP 500"}},
		{By: agent.ByAgent, At: at, Tool: &agent.ToolTurn{ID: "call_6", Name: "refund", Arguments: `{}`, Error: lostResult}},
		{By: agent.ByAgent, At: at, Tool: &agent.ToolTurn{ID: "call_7", Name: "big", Arguments: `{"left_out":"2050 bytes"}`, Result: "ok"}},
		{By: agent.ByAgent, Text: "It was sent", Cut: true, At: at},
		{By: agent.ByBridge, Text: "The caller pressed 1 •.", At: at},
		{By: agent.ByBridge, Text: noteNobody + "busy", At: at},
		{By: agent.ByBridge, Text: "The caller pressed 3.", At: at},
	}}
	if diff := cmp.Diff(want, c.said()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// However much is said, what is remembered of it is bounded: the newest turns, what is left
// out counted, and long ones shortened in whole characters.
func TestMemoryIsBounded(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines int
		text  string
		turns int
	}{
		{"few", 3, "Hello.", 3},
		{"many", memoryTurns + 80, "Hello.", memoryTurns},
		{"long", 50, strings.Repeat("é", 500), 16},
		{"too long", 50, strings.Repeat("a€", 4000), 8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lines []calllog.Entry
			for i := range tt.lines {
				lines = append(lines, calllog.Entry{Seq: i + 1, Kind: calllog.KindCaller, Text: fmt.Sprint(i, " ", tt.text)})
			}
			c := remember(lines...)
			m, size := c.said(), 0
			for _, turn := range m.Turns {
				size += len(turn.Text)
				if len(turn.Text) > turnBytes || !utf8.ValidString(turn.Text) {
					t.Errorf("a turn of %d bytes: %q", len(turn.Text), turn.Text)
				}
			}
			if len(m.Turns) != tt.turns || m.Dropped != tt.lines-tt.turns || size > memoryBytes {
				t.Errorf("%d turns, %d dropped, %d bytes; want %d turns", len(m.Turns), m.Dropped, size, tt.turns)
			}
			if last := m.Turns[len(m.Turns)-1].Text; !strings.HasPrefix(last, fmt.Sprint(tt.lines-1, " ")) {
				t.Errorf("the last turn is %.20q", last)
			}
			c.journal.memory.take(calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: "written again"}, time.Time{})
			if len(c.said().Turns) != tt.turns {
				t.Error("a turn that was dropped is back")
			}
		})
	}
}
