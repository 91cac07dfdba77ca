package permits

import (
	"sync"

	"github.com/patchcord/patchcord/consent"
)

// maxRecent is how many permits an instance remembers that it issued.
const maxRecent = 10_000

// recent is the permits that this instance issued last, so that a refusal counts while the
// store is away. When the young half is full it becomes the old one.
type recent struct {
	mu         sync.Mutex
	young, old map[string]consent.Request
}

func (c *recent) put(id string, req consent.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.young == nil || len(c.young) >= maxRecent/2 {
		c.young, c.old = map[string]consent.Request{}, c.young
	}
	c.young[id] = req
}

func (c *recent) get(id string) (consent.Request, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	req, ok := c.young[id]
	if !ok {
		req, ok = c.old[id]
	}
	return req, ok
}
