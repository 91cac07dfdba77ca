package remind

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Policy is how patient reminders are. The law's own caps are the gate's: whatever
// stands here, it decides each call.
type Policy struct {
	Attempts int             // calls that nobody answers before it is given up. Defaults to 3
	Backoff  []time.Duration // between them; the last one repeats. Defaults to 30 min, 2 h, 4 h
	Hold     time.Duration   // until a fact that is missing is looked for again. Defaults to 1 h
	Holds    int             // how often. Defaults to 72
	GiveUp   time.Duration   // how long past its time it may still be placed. Defaults to 7 days
	Jitter   time.Duration   // spread of those that become possible at the same moment. Defaults to 30 s

	Failures     int           // calls that fail before a telephone rings until it is given up. Defaults to 10
	FailureDelay time.Duration // between them. Defaults to 5 min

	BreakAfter uint          // of the last BreakOf calls of an agent so many fail at the carrier: it rests. Defaults to 5
	BreakOf    uint          // Defaults to 10
	Rest       time.Duration // how long it rests. Defaults to 5 min
	Probe      time.Duration // how long one call is waited for after a rest, before another is tried. Defaults to 30 s

	Soon     time.Duration // until something that is away is asked again: the ledger, a place in the line. Defaults to 15 s
	Poll     time.Duration // between looks at a call that is under way. Defaults to 30 s
	Place    time.Duration // how long placing a call may take. Defaults to 20 s
	Orphaned time.Duration // age of a claim whose worker must be dead. Defaults to 2 min; more than Place and a permit's life of 60 s
	Lost     time.Duration // how long the log may be behind with a call that was placed. Defaults to 10 min
	Sweep    time.Duration // between searches for reminders whose jobs were lost. Defaults to 5 min
}

func (p Policy) withDefaults() Policy {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&p.Hold, time.Hour}, {&p.GiveUp, 7 * 24 * time.Hour}, {&p.Jitter, 30 * time.Second}, {&p.FailureDelay, 5 * time.Minute},
		{&p.Rest, 5 * time.Minute}, {&p.Probe, 30 * time.Second}, {&p.Soon, 15 * time.Second}, {&p.Poll, 30 * time.Second}, {&p.Place, 20 * time.Second},
		{&p.Orphaned, 2 * time.Minute}, {&p.Lost, 10 * time.Minute}, {&p.Sweep, 5 * time.Minute},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	for _, n := range []struct {
		field *int
		value int
	}{{&p.Attempts, 3}, {&p.Holds, 72}, {&p.Failures, 10}} {
		if *n.field == 0 {
			*n.field = n.value
		}
	}
	if p.BreakAfter == 0 {
		p.BreakAfter = 5
	}
	if p.BreakOf == 0 {
		p.BreakOf = 10
	}
	if len(p.Backoff) == 0 {
		p.Backoff = []time.Duration{30 * time.Minute, 2 * time.Hour, 4 * time.Hour}
	}
	return p
}

func (p Policy) check() error {
	var problems []error
	for name, d := range map[string]time.Duration{"Hold": p.Hold, "GiveUp": p.GiveUp, "FailureDelay": p.FailureDelay, "Rest": p.Rest, "Probe": p.Probe, "Soon": p.Soon,
		"Poll": p.Poll, "Place": p.Place, "Orphaned": p.Orphaned, "Lost": p.Lost, "Sweep": p.Sweep, "Backoff": slices.Min(p.Backoff)} {
		if d <= 0 {
			problems = append(problems, fmt.Errorf("remind: Policy.%s is %v: want more than 0", name, d))
		}
	}
	if p.Attempts < 1 || p.Holds < 1 || p.Failures < 1 || p.Jitter < 0 {
		problems = append(problems, errors.New("remind: Policy.Attempts, Holds and Failures must be at least 1, Jitter at least 0"))
	}
	if p.BreakAfter > p.BreakOf {
		problems = append(problems, fmt.Errorf("remind: Policy.BreakAfter is %d: want at most BreakOf, %d", p.BreakAfter, p.BreakOf))
	}
	if p.Orphaned <= p.Place {
		problems = append(problems, fmt.Errorf("remind: Policy.Orphaned is %v: want more than Place, %v", p.Orphaned, p.Place))
	}
	return errors.Join(problems...)
}

// backoff is how long to wait after n calls that nobody answered.
func (p Policy) backoff(n int) time.Duration { return p.Backoff[min(max(n, 1), len(p.Backoff))-1] }

// spread is a random part of Jitter.
func (p Policy) spread() time.Duration {
	if p.Jitter == 0 {
		return 0
	}
	return rand.N(p.Jitter)
}
