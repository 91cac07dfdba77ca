package chaos

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/tools"
)

// profile is the agent of an instance.
func (w *World) profile(voices []*call.Voice) *call.Profile {
	return &call.Profile{Name: agentName, Voices: voices, Fallback: call.Fallback{Say: "Sorry, we can't take your call right now."},
		Opening: &call.Opening{Text: openingText, Clip: openingClip}, Tools: w.tools,
		Builtins:  []string{builtin.EndCall, builtin.TransferCall, builtin.SendDigits, "stop_calling"},
		Transfers: builtin.Transfers{{Number: transfer}}, Seller: seller, Purpose: consent.Informational}
}

// makeTools makes a tool that is quick and one that hangs.
func (w *World) makeTools() error {
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		return err
	}
	w.registry = registry
	quick, err1 := tools.New("look_up", "Looks something up.", func(context.Context, struct{}) (string, error) {
		time.Sleep(300 * time.Millisecond)
		return "found", nil
	})
	hangs, err2 := tools.New("hang", "Never answers, whatever its deadline.", func(context.Context, struct{}) (string, error) {
		<-w.release
		return "", errors.New("chaos: a tool that hung")
	})
	if err := errors.Join(err1, err2, registry.Add(quick), registry.Add(hangs)); err != nil {
		return err
	}
	w.tools, err = registry.Only("look_up", "hang")
	return err
}
