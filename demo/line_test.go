package demo

import (
	"bytes"
	"os"
	"testing"
)

// What the demo listens for when somebody has opted out is what the bridge says.
func TestRemovedIsTheBridges(t *testing.T) {
	ours, err := clips.ReadFile("audio/bridge/removed.wav")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile("../call/removed.wav")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours, theirs) {
		t.Error("demo/audio/bridge/removed.wav is not call/removed.wav: copy it")
	}
}

// Every line can be told from every other by its key, or the two ends would hear what was
// not said.
func TestLinesDiffer(t *testing.T) {
	l := allLines()
	lines := append(l.callers(), l.greeting, l.askNumber, l.lookingUp, l.orderStatus, l.stillThere, l.goodbye, l.reminder, l.rescheduled, l.removed)
	lines = append(lines, l.firstVisit...)
	for _, a := range lines {
		for _, b := range lines {
			if found := a.find(b.pcm, 0) >= 0; found != (a == b) {
				t.Errorf("“%s” is found in “%s”: %v", a.text, b.text, found)
			}
		}
	}
}
