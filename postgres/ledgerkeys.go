package postgres

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/patchcord/patchcord/consent/proof"
)

// sealer makes, wraps and opens people's data keys.
type sealer struct {
	wrap tink.AEAD
	kept *keyCache
}

// dataKey is one person's.
type dataKey struct {
	id      string // hex
	wrapped []byte
	aead    tink.AEAD
}

func newSealer(wrapKey []byte) (sealer, error) {
	wrap, err := subtle.NewAESGCM(wrapKey)
	if err != nil {
		return sealer{}, errors.New("postgres: the ledger's wrapping key is not usable")
	}
	return sealer{wrap, &keyCache{}}, nil
}

// make is a new key for the person that a token stands for.
func (s sealer) make(token proof.Sum) (*dataKey, error) {
	key, id := make([]byte, keySize), make([]byte, 8)
	rand.Read(key)
	rand.Read(id)
	k := &dataKey{id: hex.EncodeToString(id)}
	var err error
	if k.wrapped, err = s.wrap.Encrypt(key, wrapContext(token, k.id)); err != nil {
		return nil, errors.New("postgres: can't wrap a data key")
	}
	if k.aead, err = subtle.NewAESGCM(key); err != nil {
		return nil, errors.New("postgres: can't create a data key")
	}
	return k, nil
}

// open unwraps a key as it is stored. Whether it is still stored the caller has
// just read: what is kept here only saves work.
func (s sealer) open(token proof.Sum, id string, wrapped []byte) (*dataKey, error) {
	if k := s.kept.get(token); k != nil && k.id == id && bytes.Equal(k.wrapped, wrapped) {
		return k, nil
	}
	k, err := s.unwrap(token, id, wrapped)
	if err == nil {
		s.kept.put(token, k)
	}
	return k, err
}

// unwrap opens a key and keeps nothing.
func (s sealer) unwrap(token proof.Sum, id string, wrapped []byte) (*dataKey, error) {
	key, err := s.wrap.Decrypt(wrapped, wrapContext(token, id))
	if err != nil {
		return nil, errors.New("postgres: can't unwrap a data key")
	}
	k := &dataKey{id: id, wrapped: bytes.Clone(wrapped)}
	if k.aead, err = subtle.NewAESGCM(key); err != nil {
		return nil, errors.New("postgres: can't unwrap a data key")
	}
	return k, nil
}

// keyCache keeps the keys that were used last, in two halves: when the young one is
// full it becomes the old one, and what was old and not used since goes.
type keyCache struct {
	mu         sync.Mutex
	young, old map[proof.Sum]*dataKey
}

func (c *keyCache) get(token proof.Sum) *dataKey {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.young[token]; k != nil {
		return k
	}
	k := c.old[token]
	if k != nil {
		c.add(token, k)
	}
	return k
}

func (c *keyCache) put(token proof.Sum, k *dataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(token, k)
}

func (c *keyCache) add(token proof.Sum, k *dataKey) {
	if c.young == nil || len(c.young) >= keptKeys/2 {
		c.young, c.old = make(map[proof.Sum]*dataKey), c.young
	}
	c.young[token] = k
}

// drop forgets a key that was destroyed.
func (c *keyCache) drop(token proof.Sum) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, token)
	delete(c.old, token)
}
