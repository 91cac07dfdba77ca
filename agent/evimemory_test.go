package agent_test

import (
	"context"
	"slices"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
)

const goesOn = "This call goes on after a short break. Don't greet again."

// What EVI is given that takes over a conversation, in order: a context, and, where the caller
// waits, their last words as a turn, which it answers. The wire has no other way to make it.
func TestEVIRemembers(t *testing.T) {
	t.Parallel()
	tool := func(open bool) agent.Turn {
		return agent.Turn{By: agent.ByAgent, Tool: &agent.ToolTurn{ID: "c", Name: "look", Arguments: "{}", Result: "found", Open: open}}
	}
	hi := agent.Turn{By: agent.ByAgent, Text: "How can I help?"}
	dana := agent.Turn{By: agent.ByCaller, Text: " I'm Dana. "}
	key := agent.Turn{By: agent.ByBridge, Text: "The caller pressed 7."}
	said := "context " + goesOn + " What was said so far:\n"
	const (
		hiLine   = "You: How can I help?"
		danaLine = "Caller: I'm Dana.\n"
	)
	for _, test := range []struct {
		name   string
		memory agent.Memory
		want   []string
	}{
		{"nothing", agent.Memory{}, nil},
		{"the agent spoke last", agent.Memory{Turns: []agent.Turn{dana, hi}}, []string{said + danaLine + hiLine}},
		{"the caller did", agent.Memory{Turns: []agent.Turn{hi, dana}}, []string{said + hiLine, "turn I'm Dana."}},
		{"and nobody before", agent.Memory{Turns: []agent.Turn{dana}}, []string{"context " + goesOn, "turn I'm Dana."}},
		{"the agent was cut", agent.Memory{Turns: []agent.Turn{dana, {By: agent.ByAgent, Text: "We open at", Cut: true}}, Dropped: 3},
			[]string{said + "(3 earlier turns are left out)\n" + danaLine + "You: We open at [the caller heard no more of this]", "turn I'm Dana."}},
		{"cut, and nobody spoke", agent.Memory{Turns: []agent.Turn{{By: agent.ByAgent, Text: "We", Cut: true}}},
			[]string{said + "You: We [the caller heard no more of this]"}},
		{"a tool had answered", agent.Memory{Turns: []agent.Turn{dana, tool(false)}},
			[]string{said + danaLine + "Tool look, called with {}, returned: found", "turn I'm Dana."}},
		{"a tool has yet to", agent.Memory{Turns: []agent.Turn{dana, tool(true)}}, []string{said + danaLine + "Tool look, called with {}: still running"}},
		{"a key behind words", agent.Memory{Turns: []agent.Turn{dana, key}}, []string{said + danaLine + "Note: The caller pressed 7.", "turn I'm Dana."}},
		{"a key alone", agent.Memory{Turns: []agent.Turn{hi, key}}, []string{said + hiLine, "turn The caller pressed 7."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 8)
			s := serve(t, func(c *evitest.Conn) {
				defer close(got)
				c.Greet("")
				for {
					m, err := c.Receive(context.Background())
					if err != nil {
						return
					}
					text, _ := m.Fields["text"].(string)
					given, _ := m.Fields["context"].(map[string]any)
					about, _ := given["text"].(string)
					switch m.Type {
					case "user_input":
						got <- "turn " + text
					case "session_settings":
						if given["type"] != "persistent" {
							t.Errorf("the context is %v", given["type"])
						}
						got <- "context " + about
					default:
						got <- m.Type
					}
				}
			})
			a := dial(t, s, agent.EVI{}, agent.Session{})
			if err := a.Remember(test.memory); err != nil {
				t.Fatal(err)
			}
			a.Close()
			if all := slices.Collect(each(got)); !slices.Equal(all, test.want) {
				t.Errorf("got %q\nwant %q", all, test.want)
			}
		})
	}
}

// each yields what comes until the channel is closed.
func each[T any](ch <-chan T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for v := range ch {
			if !yield(v) {
				return
			}
		}
	}
}
