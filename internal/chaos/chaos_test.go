package chaos

import (
	"flag"
	"testing"
	"testing/synctest"
)

var (
	seedFlag  = flag.Uint64("chaos.seed", 0, "play the world of this seed alone, and print its log")
	callsFlag = flag.Int("chaos.calls", 500, "play worlds until so many calls were made")
)

// play plays a plan in a bubble of its own.
func play(t *testing.T, p Plan) (r *Result) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(*testing.T) { r = Run(p, dir) })
	return r
}

func TestWorlds(t *testing.T) {
	if *seedFlag != 0 {
		r := play(t, NewPlan(*seedFlag))
		t.Log(r)
		if r.Failed() {
			t.Fail()
		}
		return
	}
	for seed, calls := uint64(1), 0; calls < *callsFlag; seed++ {
		r := play(t, NewPlan(seed))
		calls += len(r.Plan.Calls)
		if r.Failed() {
			t.Errorf("seed %d: %v", seed, r.Violations)
		}
	}
}
