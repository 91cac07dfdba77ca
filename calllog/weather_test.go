package calllog

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever the store does meanwhile, all is stored in the end, and of several
// writings of one entry the last.
func TestRandomWeather(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				dir, store := t.TempDir(), newTable()
				cfg := WriterConfig{Store: store, Dir: dir, Queue: 1 + random.IntN(20), Batch: 1 + random.IntN(10)}
				w := start(t, cfg)
				last := map[int]string{}
				for step := range 400 {
					switch random.IntN(12) {
					case 0:
						store.set(true, false)
					case 1:
						store.set(false, true)
					case 2, 3:
						store.set(false, false)
					case 4:
						time.Sleep(time.Duration(random.IntN(800)) * time.Millisecond)
					case 5:
						if random.IntN(8) == 0 { // a restart
							if err := w.Close(timeoutOf(time.Second)); err != nil {
								t.Fatal(err)
							}
							w = start(t, cfg)
						}
					default:
						seq := 1 + random.IntN(10)
						last[seq] = fmt.Sprint("written in step ", step)
						w.Put(said(seq, last[seq]))
					}
				}
				store.set(false, false)
				flush(t, w)
				wantSpooled(t, w, 0)
				for seq, text := range last {
					if got := store.entries["call"][seq].Text; got != text {
						t.Errorf("entry %d was %q, want %q", seq, got, text)
					}
				}
				if w.Lost() != 0 {
					t.Errorf("%d changes are lost", w.Lost())
				}
			})
		})
	}
}
