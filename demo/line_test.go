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

// The agent can tell all that it is told apart.
func TestLinesDiffer(t *testing.T) {
	for _, a := range allLines().callers() {
		for _, b := range allLines().callers() {
			if found := a.find(b.pcm, 0) >= 0; found != (a == b) {
				t.Errorf("“%s” is found in “%s”: %v", a.text, b.text, found)
			}
		}
	}
}
