package keys

import (
	"context"
	"errors"
)

// Store keeps keys. Its methods are safe for use by several goroutines and instances.
type Store interface {
	// AddKey keeps a key under the hash of its secret. It returns ErrTaken if there is or
	// was one of its name, or of its hash.
	AddKey(ctx context.Context, k Key, hash [32]byte) error

	// FindKeys returns the keys of hashes, also those that have ended, and notes that they
	// were used. A hash that there is no key of is left out.
	FindKeys(ctx context.Context, hashes [][32]byte) (map[[32]byte]Key, error)

	// ListKeys returns all keys, the oldest first.
	ListKeys(ctx context.Context) ([]Key, error)

	// RevokeKey ends the key of a name and returns it; one that was revoked before stays as
	// it is. It returns ErrUnknown if there is none.
	RevokeKey(ctx context.Context, name string) (Key, error)
}

// What a store and a checker say of keys.
var (
	ErrTaken   = errors.New("keys: the name was already used")
	ErrUnknown = errors.New("keys: unknown key")
)
