package call_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	keypad "github.com/patchcord/patchcord/agent/desk"
	"github.com/patchcord/patchcord/call"
)

// always is a Router that has one answer.
type always call.Route

func (r always) Route(context.Context, call.Question) (call.Route, error) { return call.Route(r), nil }

// checkedBy answers as a puppet, and takes what another voice takes.
type checkedBy struct {
	*call.Puppets
	real agent.Dialer
}

func (c checkedBy) Check(s agent.Session) error { return c.real.Check(s) }

// Whom the endpoint of a number names answers only if its voice can be given what the endpoint says; else the default
// agent does, without any of it.
func TestTheVoiceIsAskedAboutARoute(t *testing.T) {
	many := map[string]string{}
	for i := range 41 {
		many[fmt.Sprint("v", i)] = strings.Repeat("x", 1900)
	}
	prompt := strings.Repeat("{{name}} ", 40)
	long := map[string]string{"name": strings.Repeat("secret", 330)}
	for voice, x := range map[string]struct {
		real  agent.Dialer
		wrong map[string]map[string]string // what the note says of these variables
		fine  []map[string]string
	}{
		"evi":      {&agent.EVI{Prompt: prompt}, map[string]map[string]string{"its variables have 7": many}, []map[string]string{long}},
		"realtime": {&agent.Realtime{Prompt: prompt}, map[string]map[string]string{"its variables have 7": many, "its prompt_file has 7": long}, nil},
		"desk":     {keypad.Dialer{}, nil, []map[string]string{many, long}},
	} {
		answers := func(name string, variables map[string]string, by, note string) {
			t.Run(voice+", "+name, func(t *testing.T) {
				atDesk(t, func(d *desk, c *call.Config, p *call.Profile) {
					sales := *p
					sales.Name, sales.Voices = "sales", []*call.Voice{call.NewVoice(voice, checkedBy{d.agents, x.real})}
					c.Profiles["sales"] = &sales
					c.Routers = map[string]call.Router{number: always{Agent: "sales", Variables: variables}}
				}, func(d *desk) {
					c, _ := d.connected()
					d.pass(time.Second)
					c.HangUp()
					<-c.Done()
					got := d.record(c)
					noted := strings.Join(notes(got), "; ")
					if got.Agent != by || !strings.Contains(noted, note) || strings.Contains(noted, "secret") || by == "support" && got.Variables != nil {
						d.Errorf("%s answers; the log notes %q, want %s and %q", got.Agent, noted, by, note)
					}
				})
			})
		}
		for note, variables := range x.wrong {
			answers(note, variables, "support", note)
		}
		for i, variables := range x.fine {
			answers(fmt.Sprint("fine ", i), variables, "sales", "ms): sales")
		}
		answers("a name", map[string]string{"a[b]": "secret"}, "support", "its variables have one that no voice can be given")
	}
}
