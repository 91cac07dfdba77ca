package demo

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// answer waits for the bridge to dial.
func (a *agent) answer() {
	a.try("waits for the bridge", func(ctx context.Context) error {
		select {
		case a.conn = <-a.conns:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

// drop breaks the connection without a word. The bridge has to wait for the handshake when
// it comes again.
func (a *agent) drop() {
	a.try("drops", func(context.Context) error {
		a.first.Delay(handshake, 1)
		from := a.conn.voice()
		a.note(func(f *agentFacts) { f.lost = gap{from: from, begin: time.Now()} })
		a.tell("%s's connection breaks", from)
		a.conn.drop()
		return nil
	})
}

// resume waits until the bridge is back with the same conversation.
func (a *agent) resume() {
	a.answer()
	a.try("is called again", func(ctx context.Context) error {
		resumed, err := a.conn.resumed(a.known().group)
		if err != nil {
			return err
		}
		knew := 0
		if !resumed {
			if knew, err = a.remember(ctx); err != nil {
				return err
			}
		}
		to := a.conn.voice()
		a.note(func(f *agentFacts) {
			f.lost.to, f.lost.end, f.lost.resumed, f.lost.knew = to, time.Now(), resumed, knew
		})
		return nil
	})
}

// fail breaks the connection for good: this voice takes no other on this call.
func (a *agent) fail() {
	a.try("fails", func(context.Context) error {
		a.first.Refuse(http.StatusServiceUnavailable, -1)
		a.other.Delay(handshake, 1)
		from := a.conn.voice()
		a.note(func(f *agentFacts) { f.replaced = gap{from: from, begin: time.Now()} })
		a.tell("%s breaks, and refuses to be dialed again", from)
		a.conn.drop()
		return nil
	})
}

// takeOver waits for the bridge to dial the other voice. It is to answer what the caller
// said last, which it did not hear itself.
func (a *agent) takeOver() {
	a.answer()
	a.try("takes over", func(ctx context.Context) error {
		to := a.conn.voice()
		if from := a.known().replaced.from; to == from {
			return fmt.Errorf("the bridge dialed %s again", from)
		}
		knew, err := a.remember(ctx)
		a.note(func(f *agentFacts) { f.replaced.to, f.replaced.end, f.replaced.knew = to, time.Now(), knew })
		a.conn.untilAsked()
		return err
	})
}

// remember waits until the bridge has given it all that the caller said, and counts the
// lines.
func (a *agent) remember(ctx context.Context) (lines int, err error) {
	for {
		a.mu.Lock()
		given, more := strings.Join(a.given, "\n"), a.learns
		understood := a.facts.understood
		a.mu.Unlock()
		lines = 0
		for _, l := range understood {
			if strings.Contains(given, l.text) {
				lines++
			}
		}
		if lines == len(understood) {
			return lines, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return lines, fmt.Errorf("it was given %d of the caller's %d lines: %w", lines, len(understood), context.Cause(ctx))
		}
	}
}
