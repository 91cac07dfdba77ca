package call_test

import (
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// TestMain lets many tests run at once: most of them wait for sound to be played, in true time. It still takes over 20 s,
// of processor time: several hundred calls with the race detector, a third of it their databases.
func TestMain(m *testing.M) {
	postgrestest.AtOnce(16)
	postgrestest.Main(m)
}
