package calllog

import (
	"testing"
	"testing/synctest"
	"time"
)

// Secure is done when all is stored, or on disk while the store is away or slow; what can be in
// neither is not secure, and Put says at once what is lost.
func TestSecure(t *testing.T) {
	for name, x := range map[string]struct {
		away, hangs bool
		within      time.Duration
	}{"stored": {false, false, 50 * time.Millisecond}, "away": {true, false, 100 * time.Millisecond}, "hangs": {false, true, 350 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := newTable()
				w := start(t, WriterConfig{Store: store, Dir: t.TempDir()})
				store.set(x.away, x.hangs)
				if !w.Put(said(1, "one")) {
					t.Error("it is not taken")
				}
				began := time.Now()
				if err := w.Secure(timeoutOf(time.Second)); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > x.within {
					t.Errorf("it took %v, want at most %v", took, x.within)
				}
				if x.away || x.hangs {
					wantSpooled(t, w, 1)
				}
				store.set(false, false)
				flush(t, w)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		w := start(t, WriterConfig{Store: store, Dir: t.TempDir(), Queue: 1})
		w.spool.limit = 0
		store.set(true, false)
		if !w.Put(said(1, "one")) {
			t.Error("there was room for it in memory")
		}
		if err := w.Secure(timeoutOf(time.Second)); err == nil {
			t.Error("what is in memory alone is called secure")
		}
		if w.Put(said(2, "two")) {
			t.Error("what there is no room for is called taken")
		}
		store.set(false, false)
		flush(t, w)
	})
}
