package tcp

import (
	"sync"
	"time"
)

// slack is by how much an operation may time out too early.
const slack = 100 * time.Millisecond

// deadline decides which of the deadlines that are set for a direction reach the
// runtime. Only one that comes sooner, or much later, does.
type deadline struct {
	mu  sync.Mutex
	now time.Time
}

func (d *deadline) set(t time.Time, set func(time.Time) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if put := t.Sub(d.now); !d.now.IsZero() && put >= 0 && put < slack {
		return nil
	}
	d.now = t
	return set(t)
}
