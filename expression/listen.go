package expression

import (
	"bytes"
	"slices"
	"time"
)

// Caller takes µ-law of the caller's, 8 kHz, and when it was read.
func (o *Observer) Caller(ulaw []byte, read time.Time) {
	if o == nil || len(ulaw) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.paused {
		return
	}
	o.queue.push(frame{read, bytes.Clone(ulaw)})
	o.poke()
}

// Agent says that sound of the agent's plays in the caller's ear from then on, for so long.
func (o *Observer) Agent(from time.Time, long time.Duration) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.agent.add(span{from, from.Add(long)})
}

// Cut says that what was to play after now doesn't.
func (o *Observer) Cut(now time.Time) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.agent.cut(now)
}

// Begin says that the caller began to speak. Without it, a turn is what they said since
// the last one.
func (o *Observer) Begin(now time.Time) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.began.IsZero() {
		o.began = now
	}
}

// End says that a turn is over, and gives it a number. Its result comes by Results.
func (o *Observer) End(number int, now time.Time) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	t := turn{number: number, begin: o.began, end: now, over: slices.Clone(o.agent)}
	o.began = time.Time{}
	switch {
	case o.paused:
	case len(o.turns) == maxTurns:
		o.stats.Skipped++
	default:
		o.turns = append(o.turns, t)
		o.pending++
		o.poke()
	}
}

// Pause makes the observer deaf, and makes it forget what it has heard of turns that are
// not over. Results of turns that were over before still come.
func (o *Observer) Pause() {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.paused, o.forget, o.began = true, true, time.Time{}
	o.queue.forget()
	for range o.turns {
		o.settled()
	}
	o.turns = nil
	o.poke()
}

// Resume ends a pause.
func (o *Observer) Resume() {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.paused = false
}
