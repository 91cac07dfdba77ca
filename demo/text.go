package demo

import (
	"io"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

// settle is how long a row waits before it is shown, so that what the service writes down
// and what the simulators do appear in the order in which they happened. The service's
// events come a quarter of a second late.
const settle = 600 * time.Millisecond

// textShow shows a call on a screen, as a conversation. On a terminal a line appears when
// somebody begins to speak, and how far it was heard is added when that is known; anywhere
// else it appears when that is known.
type textShow struct {
	out    io.Writer
	screen screen

	mu      sync.Mutex
	began   time.Time     // of the call; zero before
	cleared time.Duration // when the line was cleared last, if it is not yet known what was heard then
	rows    []*row        // in the order of time
	shown   int           // how many of them

	stop chan struct{}
	wg   sync.WaitGroup
}

func newTextShow(out io.Writer, s screen) *textShow {
	t := &textShow{out: out, screen: s, stop: make(chan struct{})}
	t.wg.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.mu.Lock()
				if !t.began.IsZero() {
					t.advance(time.Since(t.began) - settle)
				}
				t.mu.Unlock()
			case <-t.stop:
				return
			}
		}
	})
	return t
}

func (t *textShow) close() {
	close(t.stop)
	t.wg.Wait()
	t.advance(math.MaxInt64) // of a call that was broken off
}

func (t *textShow) say(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	plain.Fprintln(t.out, t.screen.paint("", text))
}

func (t *textShow) note(at time.Duration, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.start(at)
	t.add(&row{at: at, text: text, wide: true})
}

// start sets the clock, unless it goes already.
func (t *textShow) start(at time.Duration) {
	if t.began.IsZero() {
		t.began = time.Now().Add(-at)
		plain.Fprintln(t.out)
	}
}

// scene ends what was shown before; the clock begins anew with the next row.
func (t *textShow) scene(title string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finish()
	plain.Fprintf(t.out, "\n%s\n", t.screen.paint("title", title))
}

// finish shows all that is left of a part.
func (t *textShow) finish() {
	t.unheard(math.MaxInt64)
	t.advance(math.MaxInt64)
	t.rows, t.shown, t.began, t.cleared = nil, 0, time.Time{}, 0
}

func (t *textShow) fact(at time.Duration, person string, f consent.Fact) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.start(at)
	for _, r := range describeFact(at, person, f) {
		t.add(r)
	}
}

func (t *textShow) entry(person string, before time.Duration, e calllog.Entry) {
	r := describe(e, person)
	if r == nil {
		return
	}
	r.at += before
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.IndexFunc(t.rows, func(old *row) bool { return old.seq == r.seq }); i >= 0 {
		t.correct(i, r)
		return
	}
	t.add(r)
	if e.Kind == calllog.KindInterruption {
		t.cleared = r.at
	}
}
