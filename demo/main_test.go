package demo

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs tests that take a minute and more: whole calls, played at the speed of sound. They wait for most of it,
// so that all of them run beside each other, whatever the number of cores.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if built != "" {
			_ = os.RemoveAll(built)
		}
		os.Exit(code)
	}))
}
