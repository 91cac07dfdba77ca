package demo

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/internal/plain"
)

// What a textShow does with its rows. Its mutex is held.

// add puts a row behind those that happened before it.
func (t *textShow) add(r *row) {
	i := len(t.rows)
	for i > t.shown && t.rows[i-1].at > r.at {
		i--
	}
	t.rows = slices.Insert(t.rows, i, r)
}

// unheard closes the rows of sentences that the caller will never hear, since the line
// was cleared or the call is over.
func (t *textShow) unheard(until time.Duration) {
	for i, r := range t.rows {
		if r.open && r.at <= until {
			closed := *r
			closed.badge, closed.open = "not heard", false
			t.correct(i, &closed)
		}
	}
}

// correct replaces a row, also on the screen if it is there already. There it keeps its
// lines: what the new text has beyond them is not shown.
func (t *textShow) correct(i int, r *row) {
	r.lines = t.rows[i].lines
	t.rows[i] = r
	if i >= t.shown {
		return
	}
	up := 0
	for _, below := range t.rows[i:t.shown] {
		up += below.lines
	}
	if !t.screen.live || up >= t.screen.height {
		return
	}
	plain.Fprintf(t.out, "\x1b[%dA", up)
	text := t.screen.render(r)
	for _, line := range text[:min(len(text), r.lines)] {
		plain.Fprintf(t.out, "\r%s\x1b[K\n", line)
	}
	if down := up - r.lines; down > 0 {
		plain.Fprintf(t.out, "\x1b[%dB", down)
	}
}

// advance shows the rows that happened until then. Without a live screen a row is final,
// and waits until its badge is there.
func (t *textShow) advance(until time.Duration) {
	if t.cleared > 0 && until >= t.cleared+settle { // by now it was said of what was heard
		t.unheard(t.cleared)
		t.cleared = 0
	}
	for ; t.shown < len(t.rows); t.shown++ {
		r := t.rows[t.shown]
		if r.at > until || r.open && !t.screen.live {
			return
		}
		text := t.screen.render(r)
		r.lines = len(text)
		for _, line := range text {
			plain.Fprintln(t.out, line)
		}
	}
}
