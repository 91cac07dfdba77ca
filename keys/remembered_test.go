package keys_test

import (
	"context"
	"testing"
	"time"

	"github.com/patchcord/patchcord/keys"
)

// cabinet is a store that has a key for every secret, and may be away.
type cabinet struct {
	keys.Store
	key  keys.Key
	away error
}

func (c *cabinet) FindKeys(_ context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	if c.away != nil {
		return nil, c.away
	}
	found := map[[32]byte]keys.Key{}
	for _, h := range hashes {
		found[h] = c.key
	}
	return found, nil
}

// A thousand keys are remembered for the time that the store is away. With one more none is but that one:
// what is remembered takes a bounded memory.
func TestAThousandKeysAreRemembered(t *testing.T) {
	t.Parallel()
	s := &cabinet{key: keys.Key{Name: "crm", Expires: time.Now().Add(time.Hour)}}
	c := keys.NewChecker(s, "", nil)
	opens := func(secret string, away error) bool {
		s.away = away
		_, err := c.Check(t.Context(), secret)
		return err == nil
	}
	first := keys.NewSecret()
	for i := range 1000 {
		secret := first
		if i > 0 {
			secret = keys.NewSecret()
		}
		if !opens(secret, nil) {
			t.Fatalf("key %d is unknown", i+1)
		}
	}
	if !opens(first, context.DeadlineExceeded) {
		t.Error("one of a thousand is forgotten")
	}
	last := keys.NewSecret()
	if !opens(last, nil) || !opens(last, context.DeadlineExceeded) {
		t.Error("the last is forgotten")
	}
	if opens(first, context.DeadlineExceeded) {
		t.Error("more than a thousand are remembered")
	}
}
