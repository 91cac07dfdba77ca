package expression

import (
	"errors"
	"fmt"
	"time"
)

// Backend is what answers.
type Backend string

// The backends.
const (
	Decisions   Backend = "decisions"
	Measurement Backend = "measurement"
	Prosody     Backend = "prosody"
)

// Config says how the calls of one agent are observed.
type Config struct {
	Backend   Backend
	Account   *Account      // of Hume; required by Decisions and Measurement
	Questions []Question    // of Decisions. Defaults to DefaultQuestions
	Threshold float64       // score from which Context names it, 0 to 1. Defaults to 0.6
	Wait      time.Duration // how long after a turn its result is awaited. Defaults to 2 s
}

// Meter observes the calls of one agent. It may be used by several goroutines.
type Meter struct{ c Config }

// New makes a Meter. The error names the field that is wrong.
func New(c Config) (*Meter, error) {
	fail := func(err error) (*Meter, error) { return nil, fmt.Errorf("expression: %w", err) }
	switch c.Backend {
	case Prosody, Measurement:
		if len(c.Questions) > 0 {
			return fail(fmt.Errorf("field Questions: backend %s does not support questions", c.Backend))
		}
	case Decisions:
		if len(c.Questions) == 0 {
			c.Questions = DefaultQuestions()
		}
		if err := checkQuestions(c.Questions); err != nil {
			return fail(err)
		}
	default:
		return fail(fmt.Errorf("field Backend is %.40q: want decisions, measurement or prosody", c.Backend))
	}
	switch {
	case c.Backend != Prosody && c.Account == nil:
		return fail(fmt.Errorf("field Account is nil: backend %s requires one", c.Backend))
	case c.Threshold < 0 || c.Threshold > 1:
		return fail(fmt.Errorf("field Threshold is %v: want 0 to 1", c.Threshold))
	case c.Wait < 0:
		return fail(errors.New("field Wait is negative"))
	}
	if c.Threshold == 0 {
		c.Threshold = 0.6
	}
	if c.Wait == 0 {
		c.Wait = 2 * time.Second
	}
	return &Meter{c}, nil
}

// Observe begins to observe one call. The Observer must be closed. A nil Meter gives a
// nil Observer, which may be used all the same and does nothing.
func (m *Meter) Observe() *Observer {
	if m == nil {
		return nil
	}
	return newObserver(func(h host) backend {
		switch m.c.Backend {
		case Decisions:
			return newDecisions(m.c, h)
		case Measurement:
			return newMeasurement(m.c, h)
		case Prosody:
			return &prosody{host: h}
		}
		panic("expression: internal error: a backend that New refuses")
	})
}
