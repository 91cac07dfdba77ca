package service

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/keys"
)

// ErrNoKeys is a service that nobody could ask for anything, not even for a key.
var ErrNoKeys = errors.New("BRIDGE_API_TOKEN: required by serve while there are no API keys: generate one with openssl rand -hex 32")

// NeedKey wants a key with which somebody can ask the service: the bootstrap key, or a
// live one that the database keeps.
func NeedKey(ctx context.Context, bootstrap string, store keys.Store) error {
	if bootstrap != "" {
		return nil
	}
	list, err := store.ListKeys(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(k keys.Key) bool { return k.Live(time.Now()) }) {
		return &config.Error{Problems: []error{ErrNoKeys}}
	}
	return nil
}
