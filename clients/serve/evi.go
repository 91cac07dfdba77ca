package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
)

// chat serves evitest.
type chat struct{ *evitest.Server }

func evi(string) (server, error) {
	return chat{evitest.NewServer(key, evitest.Script(
		evitest.Expect("audio_input"),
		evitest.Do("hear and call", func(c *evitest.Conn) error {
			return errors.Join(c.Transcribe("Where is my parcel?", false, map[string]float64{"Confusion": 0.34}),
				c.CallTool("call_1", "order_status", `{"order_id":"A-17"}`, true))
		}),
		evitest.Expect("tool_response", evitest.Fields{"tool_call_id": "call_1", "content": `{"status":"shipped"}`}),
		evitest.Do("speak", func(c *evitest.Conn) error {
			return c.Say(context.Background(), evitest.Speech{ID: "s-1", Text: "It left on Monday.", PCM: make([]int16, 48000)})
		}),
		evitest.Expect("user_input", evitest.Fields{"text": "interrupt"}),
		evitest.Do("be interrupted", func(c *evitest.Conn) error {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			return errors.Join(c.Interrupt(),
				c.Say(ctx, evitest.Speech{ID: "s-2", Text: "Goodbye.", PCM: make([]int16, 4800)}),
				c.AssistantEnd())
		}),
	))}, nil
}

func (c chat) env() []string { return []string{"EVI_URL=" + c.URL(), "EVI_KEY=" + key} }

// verdict is nil if the script was played to its end and nothing was wrong.
func (c chat) verdict() error {
	c.Close()
	problems := []error{c.Err()}
	for _, f := range c.Faults() {
		problems = append(problems, fmt.Errorf("fault: %s", f))
	}
	if n := c.Tries(); n != 1 {
		problems = append(problems, fmt.Errorf("%d chats, want 1", n))
	}
	return errors.Join(problems...)
}
