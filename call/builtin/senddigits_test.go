package builtin

import (
	"strings"
	"testing"
	"time"
)

const pressedNow = "The keys are pressed now. Say nothing, and listen to what follows."

func digits(keys string) string { return `{"digits":"` + keys + `"}` }

func TestSendDigits(t *testing.T) {
	var f fakeCall
	if got := f.uses(t, SendDigits, digits("1w2#")); got != pressedNow {
		t.Errorf("answered %q", got)
	}
	f.does(t, "press 1w2#")
	for _, keys := range []string{"", "1-2", "a", strings.Repeat("1", 33)} {
		if got := f.uses(t, SendDigits, digits(keys)); got != "refused: digits must be 1 to 32 of 0-9, *, #, w and W." {
			t.Errorf("%q is answered %q", keys, got)
		}
	}
	f.ending = true
	if got := f.uses(t, SendDigits, digits("1")); got != "refused: "+SayEnding {
		t.Errorf("answered %q", got)
	}
	f.does(t, "press 1w2#")
}

// An agent that is lost in a menu is stopped, also if another instance began.
func TestSendDigitsInCircles(t *testing.T) {
	var f fakeCall
	var h History
	h.SentDigits([]byte(digits("1")))
	f.state.Restore(h)
	for range maxSameDigits - 1 {
		if got := f.uses(t, SendDigits, digits("1")); got != pressedNow {
			t.Fatalf("answered %q", got)
		}
	}
	if got := f.uses(t, SendDigits, digits("1")); !strings.HasPrefix(got, "refused: You are going in circles") {
		t.Errorf("answered %q", got)
	}
	for i := range maxSent - maxSameDigits {
		if got := f.uses(t, SendDigits, digits(strings.Repeat("2", 1+i%2))); got != pressedNow {
			t.Fatalf("answered %q", got)
		}
	}
	if got := f.uses(t, SendDigits, digits("3")); !strings.HasPrefix(got, "refused: You have pressed keys too often") {
		t.Errorf("answered %q", got)
	}
}

func TestPressTime(t *testing.T) {
	if got := PressTime("1wW"); got != 2400*time.Millisecond {
		t.Errorf("1wW takes %v", got)
	}
}
