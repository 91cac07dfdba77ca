package keys

import (
	"context"
	"crypto/subtle"
	"errors"
	"sync"
	"time"
)

// Bounds of what a checker remembers for the time that the store is away.
const (
	maxRemembered = 1000      // keys
	rememberedFor = time.Hour // since the store last said that a key is live
)

// Checker finds the keys of secrets. Make it with NewChecker; it is safe for use by
// several goroutines.
type Checker struct {
	bootstrap [32]byte // of no secret, if there is none
	has       bool
	now       func() time.Time
	lookups   *lookups // nil without a store

	mu         sync.Mutex
	remembered map[[32]byte]remembered
}

type remembered struct {
	key Key
	at  time.Time
}

// NewChecker makes a checker. Store may be nil, bootstrap is empty where there is no such key, and now is
// nil for the system's clock.
func NewChecker(store Store, bootstrap string, now func() time.Time) *Checker {
	if now == nil {
		now = time.Now
	}
	c := &Checker{now: now, has: bootstrap != "", remembered: map[[32]byte]remembered{}}
	if store != nil {
		c.lookups = &lookups{store: store}
	}
	if c.has {
		c.bootstrap = Hash(bootstrap)
	}
	return c
}

// Check returns the key of a secret. ErrUnknown is a secret that opens nothing: wrong,
// expired or revoked. Every other error is the store's, or ctx's. While the store is away
// a key that it called live within the hour is still taken: whoever watches the service
// has to see that its database is gone.
func (c *Checker) Check(ctx context.Context, secret string) (Key, error) {
	if secret == "" || len(secret) > MaxSecret {
		return Key{}, ErrUnknown
	}
	hash := Hash(secret)
	if c.has && subtle.ConstantTimeCompare(hash[:], c.bootstrap[:]) == 1 {
		return All(), nil
	}
	if c.lookups == nil || !secretForm.MatchString(secret) {
		return Key{}, ErrUnknown
	}
	k, err := c.lookups.find(ctx, hash)
	now := c.now()
	switch {
	case err == nil && k.Live(now):
		c.remember(hash, k, now)
		return k, nil
	case err == nil || errors.Is(err, ErrUnknown):
		c.forget(hash)
		return Key{}, ErrUnknown
	}
	if k, ok := c.recall(hash, now); ok {
		return k, nil
	}
	return Key{}, err
}

func (c *Checker) remember(hash [32]byte, k Key, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.remembered[hash]; !known && len(c.remembered) >= maxRemembered {
		clear(c.remembered) // more live keys than anybody has: the next look-up fills it again
	}
	c.remembered[hash] = remembered{k, now}
}

func (c *Checker) forget(hash [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.remembered, hash)
}

func (c *Checker) recall(hash [32]byte, now time.Time) (Key, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.remembered[hash]
	return r.key, ok && r.key.Live(now) && now.Sub(r.at) < rememberedFor
}
