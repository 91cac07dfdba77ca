package optout_test

import (
	"testing"

	"github.com/patchcord/patchcord/optout"
)

func TestEcho(t *testing.T) {
	t.Parallel()
	const opening = "This is an AI assistant calling for Riverbend Dental, about your visit on Tuesday. " +
		"To stop these calls, press nine or say stop, at any time."
	for said, want := range map[string]bool{
		"To stop these calls, press nine or say stop, at any time.":      true,
		"to stop these calls press nine":                                 true,
		"about your visit on Tuesday":                                    true,
		"to stop those calls press nine or say stop":                     true, // one word was heard wrong
		"stop these calls press 9 or say stop":                           true,
		"calling for Riverbend Dental about your visit on Tuesday to st": true,
		"stop":             false,
		"Say stop.":        false,
		"stop these calls": false, // may be the person, in our words
		"Stop calling me.": false,
		"Please take me off your list and never call this number again.": false,
		"": false,
		"Yes, I know about my visit on Tuesday, stop these calls please": false,
	} {
		if got := optout.Echo(said, opening); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
	const own = "Just say take me off your list, or please stop all these calls, and we do. Do you want us to stop " +
		"calling you? Or say no me llamen más."
	for said, want := range map[string]bool{
		"Take me off your list.":         false,
		"Please stop all these calls.":   false,
		"Please, take me off your list.": false,
		"Just never say take me off your list or please stop all these calls and we do": false, // "never" was not played
		"Just say take me off your list or please stop all these calls and we do":       true,
	} {
		if got := optout.Echo(said, own); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
	if optout.Echo("stop these calls at any time", "") {
		t.Error("nothing was played, and it is an echo")
	}
}
