package call_test

import (
	"flag"
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// TestMain lets many tests run at once: most of them wait for sound to be
// played, and take no processor meanwhile.
func TestMain(m *testing.M) {
	flag.Parse()
	if !isSet("test.parallel") {
		flag.Set("test.parallel", "16")
	}
	postgrestest.Main(m)
}

func isSet(name string) (set bool) {
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}
