package expression

import (
	"sync"
	"time"
)

// failures in a row open the breaker.
const failuresToOpen = 3

// breaker leaves a service alone that failed repeatedly: once it is open, one try is
// allowed each rest.
type breaker struct {
	rest time.Duration

	mu       sync.Mutex
	failures int
	until    time.Time
}

// allow tells whether the service may be asked.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.until) {
		return false
	}
	if b.failures >= failuresToOpen {
		b.until = now.Add(b.rest) // this is the one try
	}
	return true
}

func (b *breaker) succeeded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.until = 0, time.Time{}
}

func (b *breaker) failed(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures++; b.failures >= failuresToOpen {
		b.until = now.Add(b.rest)
	}
}

// refused opens the breaker at once: the service asked to be left alone, for so long if
// it said so.
func (b *breaker) refused(now time.Time, rest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := now.Add(min(max(rest, time.Second), maxRest)); until.After(b.until) {
		b.until = until
	}
}

// maxRest bounds what a server may ask for.
const maxRest = 5 * time.Minute

// window bounds requests in any 60 s.
type window struct {
	most int

	mu   sync.Mutex
	sent []time.Time
}

// take tells whether one more request may be sent now, and counts it.
func (w *window) take(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	old := 0
	for old < len(w.sent) && now.Sub(w.sent[old]) >= time.Minute {
		old++
	}
	w.sent = append(w.sent[:0], w.sent[old:]...)
	if len(w.sent) >= w.most {
		return false
	}
	w.sent = append(w.sent, now)
	return true
}
