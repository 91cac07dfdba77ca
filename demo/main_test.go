package demo

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs tests that take a minute and more: whole calls, played at the speed of sound beside each other.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if built != "" {
			_ = os.RemoveAll(built)
		}
		os.Exit(code)
	}))
}
