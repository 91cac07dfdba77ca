package tools

import (
	"crypto/sha256"
	"sync"
)

// Once remembers which tool calls of one telephone call have been taken on, so that a call that arrives twice (by
// socket and by webhook, or after a reconnect) runs once and is answered once.
//
// The zero Once is ready. It may be used from several goroutines.
type Once struct {
	mu   sync.Mutex
	seen map[idHash]struct{}
	ring []idHash // the ids of seen, oldest at next once full
	next int
}

// idHash stands for an id, so that a long id takes no more memory than a short one.
type idHash [sha256.Size]byte

// onceSize is how many ids a Once remembers. A telephone call makes a few dozen tool calls.
const onceSize = 1024

// First reports whether id comes for the first time among the last 1024 different ids.
func (o *Once) First(id string) bool {
	hash := idHash(sha256.Sum256([]byte(id)))
	o.mu.Lock()
	defer o.mu.Unlock()

	if _, ok := o.seen[hash]; ok {
		return false
	}
	if o.seen == nil {
		o.seen = make(map[idHash]struct{})
	}
	if len(o.ring) < onceSize {
		o.ring = append(o.ring, hash)
	} else {
		delete(o.seen, o.ring[o.next])
		o.ring[o.next] = hash
		o.next = (o.next + 1) % onceSize
	}
	o.seen[hash] = struct{}{}
	return true
}

// Has reports whether id is among those that First remembers.
func (o *Once) Has(id string) bool {
	hash := idHash(sha256.Sum256([]byte(id)))
	o.mu.Lock()
	defer o.mu.Unlock()
	_, ok := o.seen[hash]
	return ok
}
