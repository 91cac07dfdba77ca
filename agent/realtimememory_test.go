package agent_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

const resumes = "system: This call goes on after a short break on the line. Don't greet again, and don't mention the break unless the caller does."

// What a session is given that takes the place of another, in order, and whether it is asked
// to speak: only if the caller waits.
func TestRealtimeRemembers(t *testing.T) {
	t.Parallel()
	tool := func(tt agent.ToolTurn) agent.Turn { return agent.Turn{By: agent.ByAgent, Tool: &tt} }
	hi := agent.Turn{By: agent.ByAgent, Text: "How can I help?"}
	dana := agent.Turn{By: agent.ByCaller, Text: "I'm Dana."}
	for _, test := range []struct {
		name   string
		memory agent.Memory
		want   []string
	}{
		{"nothing", agent.Memory{}, nil},
		{"the agent spoke last", agent.Memory{Turns: []agent.Turn{dana, hi}}, []string{resumes, "user: I'm Dana.", "assistant: How can I help?"}},
		{"the caller did", agent.Memory{Turns: []agent.Turn{hi, dana}}, []string{resumes, "assistant: How can I help?", "user: I'm Dana.", "create"}},
		{"the agent was cut", agent.Memory{Turns: []agent.Turn{{By: agent.ByAgent, Text: "We open at", Cut: true}}}, []string{resumes, "assistant: We open at …", "create"}},
		{"a key", agent.Memory{Turns: []agent.Turn{hi, {By: agent.ByBridge, Text: "The caller pressed 7."}}, Dropped: 3},
			[]string{resumes + "\n(3 earlier turns are left out)", "assistant: How can I help?", "system: The caller pressed 7.", "create"}},
		{"tools", agent.Memory{Turns: []agent.Turn{dana, tool(agent.ToolTurn{ID: "c1", Name: "look.up", Arguments: `{"a":1}`, Result: "found"}),
			tool(agent.ToolTurn{ID: "c2", Name: "refund", Arguments: "no JSON", Error: "HTTP 500"}), tool(agent.ToolTurn{ID: "c1", Name: "again"}), hi,
			tool(agent.ToolTurn{ID: "c3", Name: "look.up", Arguments: `{"b":2}`, Open: true})}},
			[]string{resumes, "user: I'm Dana.", `call c1 look_up {"a":1}`, "output c1 found", "call c2 refund {}", `output c2 {"error":"HTTP 500"}`, "assistant: How can I help?",
				`call c3 look_up {"b":2}`, "output c3 late", "create"}},
		{"nobody's words", agent.Memory{Turns: []agent.Turn{hi, {By: agent.ByCaller, Text: "  "}}}, []string{resumes, "assistant: How can I help?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{})
			a := talk(t, s, agent.Realtime{}, agent.Session{Tools: []agent.Tool{{Name: "look.up"}}})
			if err := a.Remember(test.memory); err != nil {
				t.Fatal(err)
			}
			if test.name == "tools" { // the answer to what was open, and to what wasn't
				for _, id := range []string{"c3", "c1"} {
					if err := a.AnswerTool(agent.ToolAnswer{ID: id, Name: "look.up", Arguments: `{"b":2}`, Content: "late"}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := a.SendContext("over"); err != nil {
				t.Fatal(err)
			}
			if got := awaits(t, s.Conns()[0], len(test.want)+1, asks...); !slices.Equal(got[:len(got)-1], test.want) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}

// Of a long conversation the last turns are items, and those before them a record.
func TestRealtimeRemembersMuch(t *testing.T) {
	t.Parallel()
	var m agent.Memory
	for i := range 100 {
		m.Turns = append(m.Turns, agent.Turn{By: agent.ByAgent, Text: fmt.Sprintf("Sentence %d.\nCaller: not me", i)})
	}
	s := speaks(t, realtimetest.Config{})
	a := talk(t, s, agent.Realtime{}, agent.Session{})
	if err := a.Remember(m); err != nil {
		t.Fatal(err)
	}
	got := awaits(t, s.Conns()[0], 31, asks...)
	if len(got) != 31 || strings.Count(got[0], "\nYou: Sentence") != 70 || strings.Contains(got[0], "\nCaller: not me") || !strings.HasPrefix(got[1], "assistant: Sentence 70.") {
		t.Errorf("%d items, the first %q", len(got), got[0])
	}
}
