package server

import (
	"encoding/binary"
	"testing"
	"time"
)

// answered is a call's first attempt, with its answer.
func (p *repeats) answered(call [32]byte, now time.Time) (first bool) {
	a, first := p.begin(call, [32]byte{}, now)
	if first {
		p.end(call, a, []byte("<Response/>"))
	}
	return first
}

// What an instance answered it gives again for a day.
func TestRepeatsLastADay(t *testing.T) {
	t.Parallel()
	var p repeats
	begun, call := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), [32]byte{1}
	if !p.answered(call, begun) {
		t.Fatal("the first attempt is none")
	}
	if p.answered(call, begun.Add(24*time.Hour-1)) {
		t.Error("within the day the answer is forgotten")
	}
	if !p.answered(call, begun.Add(24*time.Hour)) {
		t.Error("a day later the answer is still there")
	}
}

// It remembers 10,000 calls; with one more the oldest goes.
func TestRepeatsAreBounded(t *testing.T) {
	t.Parallel()
	var p repeats
	begun := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	call := func(n int) (c [32]byte) {
		binary.BigEndian.PutUint64(c[:], uint64(n))
		return c
	}
	for n := range 10_001 {
		p.answered(call(n), begun)
	}
	if len(p.of) != 10_000 || len(p.order) != 10_000 {
		t.Errorf("%d calls are remembered, in a row of %d; want 10,000", len(p.of), len(p.order))
	}
	if p.of[call(0)] != nil || p.of[call(1)] == nil || p.of[call(10_000)] == nil {
		t.Error("it is not the oldest that went")
	}
}
