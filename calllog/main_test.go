package calllog

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// doomed is set for the copy of the test binary that TestSpoolOutlivesAKill kills.
const doomed = "CALLLOG_TEST_DOOMED"

func TestMain(m *testing.M) {
	if dir := os.Getenv(doomed); dir != "" {
		liveUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

// liveUntilKilled puts 100 entries to a store that is away, says so, and waits.
func liveUntilKilled(dir string) {
	store := newTable()
	store.set(true, false)
	w, err := NewWriter(WriterConfig{Store: store, Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for seq := 1; seq <= 100; seq++ {
		w.Put(said(seq, fmt.Sprint("line ", seq)))
	}
	for w.Spooled() < 100 {
		w.Flush(timeoutOf(10 * time.Millisecond)) // it cannot succeed, but it waits
	}
	fmt.Println("spooled")
	select {}
}
