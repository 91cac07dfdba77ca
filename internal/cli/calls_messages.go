package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/plain"
)

type callsMessagesCmd struct {
	apiFlags
	Limit int    `help:"How many of the newest calls to search, 1 to 200." default:"50"`
	Agent string `help:"Only this agent's calls."`
}

// callMessage is a message that a caller left.
type callMessage struct {
	CallID         string    `json:"call_id"`
	LeftAt         time.Time `json:"left_at"`
	Caller         string    `json:"caller"` // the number of the call
	From           string    `json:"from,omitempty"`
	CallbackNumber string    `json:"callback_number,omitempty"`
	For            string    `json:"for,omitempty"`
	Urgent         bool      `json:"urgent,omitempty"`
	Text           string    `json:"text"`
	Recording      int       `json:"recording,omitempty"` // of a spoken one: GET /v1/calls/{id}/recording?message=N
}

// Run reads the calls one by one: the list has no entries, and messages are few.
func (c *callsMessagesCmd) Run(ctx context.Context) error {
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	list, err := a.Calls(ctx, api.CallFilter{Limit: c.Limit, Agent: c.Agent})
	if err != nil {
		return err
	}
	found := 0
	for _, head := range list.Calls {
		one, err := a.Call(ctx, head.ID)
		if err != nil {
			return err
		}
		for _, m := range messagesOf(one) {
			found++
			if c.JSON {
				if err := printJSON(m); err != nil {
					return err
				}
				continue
			}
			plain.Printf("%s\n    %s\n", m, m.Text)
		}
	}
	if !c.JSON {
		plain.Printf("%d message(s) in the newest %d call(s)\n", found, len(list.Calls))
	}
	return nil
}

// messagesOf is the messages in a call's log, the newest first.
func messagesOf(c calllog.Call) (list []callMessage) {
	for _, e := range c.Entries {
		if e.Kind != calllog.KindNote || e.Name != builtin.TakeMessage {
			continue
		}
		var m callMessage
		_ = json.Unmarshal(e.Arguments, &m) // the text is the message; the rest is beside it
		m.CallID, m.LeftAt, m.Caller, m.Text = c.ID, c.StartedAt.Add(time.Duration(e.AtMS)*time.Millisecond), c.From, e.Text
		if c.Direction == calllog.Outbound {
			m.Caller = c.To
		}
		list = append(list, m)
	}
	slices.Reverse(list)
	return list
}

// String is what there is beside the message itself, as a person reads it.
func (m callMessage) String() string {
	s := m.LeftAt.Local().Format(time.DateTime)
	if m.Urgent {
		s += "  URGENT"
	}
	for _, x := range []struct{ what, value string }{{"for", m.For}, {"from", m.From}, {"caller", m.Caller}, {"call back", m.CallbackNumber}, {"call", m.CallID}} {
		if x.value != "" {
			s += "  " + x.what + " " + x.value
		}
	}
	if m.Recording > 0 {
		s += fmt.Sprintf("  spoken: GET /v1/calls/%s/recording?message=%d", m.CallID, m.Recording)
	}
	return s
}
