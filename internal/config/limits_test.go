package config

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/call"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]call.Admission{
		"{}": {},
		"{caller: {at_once: 2}, number: {per_hour: 9}, say: Later.}":                         {Caller: call.Quota{AtOnce: 2}, Number: call.Quota{PerHour: 9}, Say: "Later."},
		"{caller: {per_hour: 1, at_once: 3}, number: {at_once: 1000000, per_hour: 1000000}}": {Caller: call.Quota{AtOnce: 3, PerHour: 1}, Number: call.Quota{AtOnce: 1_000_000, PerHour: 1_000_000}},
	} {
		var l limitsBlock
		if err := yaml.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		if got := l.Admission(); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}
