package keys_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/keys"
)

// slowShelf is a shelf that takes its time over each look-up.
type slowShelf struct {
	mu sync.Mutex
	shelf
	takes time.Duration
}

func (s *slowShelf) FindKeys(ctx context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.FindKeys(ctx, hashes)
}

// A right key that this instance has never seen is served although guesses of the right
// form come in thousands: it waits for two look-ups, and the guesses take one at a time.
func TestGuessesDontHoldUpARightKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		secret, takes := keys.NewSecret(), 500*time.Millisecond
		s := &slowShelf{takes: takes, shelf: shelf{hash: keys.Hash(secret), key: keys.Key{Name: "crm", Expires: time.Now().Add(time.Hour)}}}
		c := keys.NewChecker(s, "", nil)
		var guesses sync.WaitGroup
		for range 3000 {
			guesses.Go(func() {
				for range 3 {
					if _, err := c.Check(t.Context(), keys.NewSecret()); !errors.Is(err, keys.ErrUnknown) {
						t.Errorf("a guess: %v", err)
					}
				}
			})
		}
		synctest.Wait() // the first look-up is under way; the rest waits
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if k, err := c.Check(ctx, secret); err != nil || k.Name != "crm" {
			t.Errorf("the right key: %q, %v", k.Name, err)
		}
		if took := time.Since(began); took > 2*takes {
			t.Errorf("the right key waited for %v, want at most %v", took, 2*takes)
		}
		guesses.Wait()
		if s.asked > 6 {
			t.Errorf("9000 guesses took %d look-ups", s.asked)
		}
	})
}

// A key that was good within the hour is still taken when the store hangs.
func TestAStoreThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		secret := keys.NewSecret()
		s := &slowShelf{shelf: shelf{hash: keys.Hash(secret), key: keys.Key{Name: "crm", Expires: time.Now().Add(time.Hour)}}}
		c := keys.NewChecker(s, "", nil)
		if _, err := c.Check(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		s.takes = time.Hour
		began := time.Now()
		if k, err := c.Check(t.Context(), secret); err != nil || k.Name != "crm" {
			t.Errorf("the right key: %q, %v", k.Name, err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it waited for %v", took)
		}
	})
}
