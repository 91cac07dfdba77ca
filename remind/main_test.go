package remind_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// TestMain lets many tests run at once: most of them wait for a time to come.
func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		if err := playVictim(url, os.Getenv(victimPoint)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "test.parallel" })
	if !set {
		flag.Set("test.parallel", "12")
	}
	postgrestest.Main(m)
}
