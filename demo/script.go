package demo

import (
	"context"
	"fmt"
	"strings"
)

// script is a play: what happens on the stage, and what that proves.
type script struct {
	name   string
	about  string // what happens, for those who choose
	repeat bool   // it can be played again on the same stage: nobody in it remembers
	play   func(context.Context, *play) (*performance, error)
}

// scripts are all there are; the first is the default.
var scripts = []script{
	{name: "support", about: "an inbound call: the agent is interrupted, disconnected, resumed, and fails; another voice takes over", repeat: true, play: playSupport},
	{name: "reminder", about: "calls to three people: one is reminded and moves the appointment, one must not be called, one says stop", play: playReminder},
}

// Scripts names them, each with what happens in it.
func Scripts() []string {
	var names []string
	for _, s := range scripts {
		names = append(names, s.name+": "+s.about)
	}
	return names
}

// CheckScript is an error that lists the names unless name is one of them.
func CheckScript(name string) error {
	_, err := findScript(name)
	return err
}

func findScript(name string) (script, error) {
	var names []string
	for _, s := range scripts {
		if s.name == name || name == "" {
			return s, nil
		}
		names = append(names, s.name)
	}
	return script{}, fmt.Errorf("unknown script %q: want one of %s", name, strings.Join(names, ", "))
}
