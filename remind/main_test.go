package remind_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// TestMain lets many tests run at once: most of them wait for a time to come. They take over 20 s because each has a
// database and river's connections to it.
func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		if err := playVictim(url, os.Getenv(victimPoint)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	postgrestest.AtOnce(12)
	postgrestest.Main(m)
}
