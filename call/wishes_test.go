package call

import (
	"strings"
	"testing"
	"time"
)

// What is remembered of the caller's words is bounded.
func TestWordsAreBounded(t *testing.T) {
	now := time.Now()
	var w wishes
	for range 5 {
		w.heard(utterance{text: strings.Repeat("ä", 2000), at: now})
	}
	if words := w.words(now); len(words) != 3*utteranceMost+2 || !strings.HasSuffix(words, "ä") {
		t.Errorf("%d bytes are kept", len(words))
	}
	if words := w.words(now.Add(2 * time.Minute)); len(words) != utteranceMost {
		t.Errorf("%d bytes of what was said long ago", len(words))
	}
}
