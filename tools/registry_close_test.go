package tools

import (
	"context"
	"testing"
)

// A registry in which nothing runs is closed without an error, also where no time is left to wait.
func TestCloseWithNothingLeft(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 { // which of the two is seen first is chance
		r, err := NewRegistry(Config{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(over); err != nil {
			t.Fatal(err)
		}
	}
}
