package calllog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

func said(seq int, text string) Change {
	return Change{CallID: "call", Entry: &Entry{Seq: seq, Kind: KindAgent, Text: text}}
}

func header(version int, status string) Change {
	return Change{Call: &Call{ID: "call", Version: version, Instance: "here", Status: status}}
}

// start makes a Writer that is closed when the test ends.
func start(t *testing.T, cfg WriterConfig) *Writer {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	w, err := NewWriter(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(context.Background()) })
	return w
}

func flush(t *testing.T, w *Writer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := w.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

func wantTexts(t *testing.T, s *table, want ...string) {
	t.Helper()
	if got := s.texts("call"); !slices.Equal(got, want) {
		t.Errorf("stored entries are %q, want %q", got, want)
	}
}

func wantSpooled(t *testing.T, w *Writer, want int) {
	t.Helper()
	if got := w.Spooled(); got != want {
		t.Errorf("%d changes are spooled, want %d", got, want)
	}
}

func TestChangesOfTwentyMillisecondsGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		w := start(t, WriterConfig{Store: store})
		begin := time.Now()
		w.Put(header(1, StatusInProgress))
		w.Put(said(1, "hel"))
		time.Sleep(19 * time.Millisecond)
		w.Put(said(1, "hello")) // the later writing of one entry counts
		flush(t, w)
		if waited := time.Since(begin); waited != 20*time.Millisecond {
			t.Errorf("the first change waited %s, want 20ms", waited)
		}
		if !slices.Equal(store.sizes, []int{3}) {
			t.Errorf("transactions of %v changes, want one of 3", store.sizes)
		}
		wantTexts(t, store, "hello")
		if h := store.headers["call"]; h.Status != StatusInProgress || h.Instance != "here" {
			t.Errorf("the header is %+v", h)
		}
		if w.Stored() != 3 {
			t.Errorf("Stored is %d, want 3", w.Stored())
		}
	})
}

func TestAFullBatchGoesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		w := start(t, WriterConfig{Store: store, Batch: 2})
		begin := time.Now()
		for seq := 1; seq <= 5; seq++ {
			w.Put(said(seq, "x"))
		}
		flush(t, w)
		if !slices.Equal(store.sizes, []int{2, 2, 1}) {
			t.Errorf("transactions of %v changes, want 2, 2, 1", store.sizes)
		}
		if waited := time.Since(begin); waited != 20*time.Millisecond {
			t.Errorf("the last change waited %s, want 20ms", waited)
		}
	})
}

func TestAwayStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		store := newTable()
		store.set(true, false)
		w := start(t, WriterConfig{Store: store, Log: zerolog.New(&log)})
		begin := time.Now()
		w.Put(said(1, "one"))
		w.Put(said(2, "two"))
		time.Sleep(14 * time.Second)
		w.Put(said(1, "one, heard"))
		wantSpooled(t, w, 3)

		var at []int64
		for _, attempt := range store.attempts {
			at = append(at, attempt.Sub(begin).Milliseconds())
		}
		if want := []int64{20, 270, 770, 1770, 3770, 7770, 12770}; !slices.Equal(at, want) {
			t.Errorf("attempts at %v ms, want %v", at, want)
		}
		if w.Failures() != int64(len(at)) {
			t.Errorf("Failures is %d, want %d", w.Failures(), len(at))
		}

		store.set(false, false)
		w.Put(said(3, "three"))
		flush(t, w)
		wantTexts(t, store, "one, heard", "two", "three")
		wantSpooled(t, w, 0)
		synctest.Wait() // the last line is written after the flush
		if lines := strings.Count(log.String(), "\n"); lines != 2 {
			t.Errorf("the outage took %d log lines, want one at each end:\n%s", lines, log.String())
		}
	})
}

// A store that does not answer must not keep changes in memory, where a kill
// would take them.
func TestSlowStoreSendsAllToDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		store.set(false, true)
		w := start(t, WriterConfig{Store: store, Batch: 2})
		for seq := 1; seq <= 5; seq++ {
			w.Put(said(seq, fmt.Sprint(seq)))
		}
		time.Sleep(patience - time.Millisecond)
		synctest.Wait()
		wantSpooled(t, w, 0)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		wantSpooled(t, w, 5)
		store.set(false, false)
		flush(t, w)
		wantTexts(t, store, "1", "2", "3", "4", "5")
		if w.Stored() != 5 {
			t.Errorf("Stored is %d, want 5", w.Stored())
		}
	})
}

func TestFullQueueGoesToDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		store.set(false, true)
		w := start(t, WriterConfig{Store: store, Queue: 3, Batch: 2})
		w.Put(said(1, "1"))
		w.Put(said(2, "2"))
		synctest.Wait() // two are in flight now
		for seq := 3; seq <= 5; seq++ {
			w.Put(said(seq, fmt.Sprint(seq)))
		}
		wantSpooled(t, w, 0)
		w.Put(said(6, "6"))
		wantSpooled(t, w, 6)
		store.set(false, false)
		flush(t, w)
		wantTexts(t, store, "1", "2", "3", "4", "5", "6")
	})
}

func TestPutCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		w := start(t, WriterConfig{Store: store})
		call := &Call{ID: "call", Version: 1, ChatIDs: []string{"first"}, Opening: &Opening{Text: "Hello"}}
		entry := &Entry{Seq: 1, Emotions: map[string]float64{"Joy": 0.5}, Arguments: json.RawMessage(`{"a":1}`)}
		w.Put(Change{Call: call})
		w.Put(Change{CallID: "call", Entry: entry})
		call.ChatIDs[0], call.Opening.Text = "changed", "changed"
		entry.Emotions["Joy"], entry.Arguments[2] = 0, 'b'
		flush(t, w)
		if got := store.headers["call"]; got.ChatIDs[0] != "first" || got.Opening.Text != "Hello" {
			t.Errorf("the header changed after Put: %+v", got)
		}
		if got := store.entries["call"][1]; got.Emotions["Joy"] != 0.5 || string(got.Arguments) != `{"a":1}` {
			t.Errorf("the entry changed after Put: %+v", got)
		}
	})
}

func TestClose(t *testing.T) {
	for _, c := range []struct {
		name       string
		away, hang bool
		stored     bool // by Close; if not, at the next start
		within     time.Duration
	}{
		{name: "stores what waits", stored: true},
		{name: "leaves it to the spool if the store is away", away: true},
		{name: "gives up on a store that hangs when told to", hang: true, within: 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, store := t.TempDir(), newTable()
				store.set(c.away, c.hang)
				w := start(t, WriterConfig{Store: store, Dir: dir})
				w.Put(said(1, "one"))
				w.Put(said(2, "two"))
				ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
				defer cancel()
				begin := time.Now()
				if err := w.Close(ctx); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begin); took != c.within {
					t.Errorf("Close took %s, want %s", took, c.within)
				}
				if c.stored {
					wantTexts(t, store, "one", "two")
				} else {
					wantTexts(t, store)
				}
				store.set(false, false)
				flush(t, start(t, WriterConfig{Store: store, Dir: dir}))
				wantTexts(t, store, "one", "two")

				w.Put(said(3, "too late"))
				if w.Lost() != 1 {
					t.Errorf("Lost is %d after a Put to a closed Writer, want 1", w.Lost())
				}
				if err := w.Flush(context.Background()); c.stored && err != nil {
					t.Errorf("Flush of a closed Writer that stored all: %v", err)
				} else if !c.stored && err == nil {
					t.Error("Flush of a closed Writer that did not store all returned no error")
				}
			})
		})
	}
}

func TestFlushEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		store.set(true, false)
		w := start(t, WriterConfig{Store: store})
		w.Put(said(1, "one"))
		if err := w.Flush(timeoutOf(time.Second)); err == nil || !strings.HasPrefix(err.Error(), "calllog: flush: ") {
			t.Errorf("Flush: %v, want an error when its context ends", err)
		}
	})
}

func timeoutOf(d time.Duration) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(d, cancel)
	return ctx
}

func TestWriterConfigIsChecked(t *testing.T) {
	good := WriterConfig{Store: newTable(), Dir: t.TempDir()}
	for field, spoil := range map[string]func(*WriterConfig){
		"Store": func(c *WriterConfig) { c.Store = nil },
		"Dir":   func(c *WriterConfig) { c.Dir = "" },
		"Queue": func(c *WriterConfig) { c.Queue = -1 },
		"Batch": func(c *WriterConfig) { c.Batch = -1 },
		"Every": func(c *WriterConfig) { c.Every = -1 },
	} {
		bad := good
		spoil(&bad)
		if _, err := NewWriter(bad); err == nil || !strings.Contains(err.Error(), "WriterConfig."+field) {
			t.Errorf("a bad %s gives the error %v, which should name it", field, err)
		}
	}
}
