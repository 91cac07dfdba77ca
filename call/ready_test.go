package call_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/optout"
)

// What the first caller says costs no more than what the second says: in a process of its own,
// since in this one somebody may have spoken already.
func TestNobodyWaitsForTheFirstWords(t *testing.T) {
	if os.Getenv("FIRST_WORDS") == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNobodyWaitsForTheFirstWords$")
		cmd.Env = append(os.Environ(), "FIRST_WORDS=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	call.New(call.Config{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	optout.Speech("I would like to know when you are open")
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 100<<10 {
		t.Errorf("the first words cost %d bytes; want next to none", got)
	}
}
