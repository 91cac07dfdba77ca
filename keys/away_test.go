package keys_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/keys"
)

// A key that is remembered while the store is away ends when it says, not an hour later.
func TestARememberedKeyExpires(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	secret := keys.NewSecret()
	s := &shelf{hash: keys.Hash(secret), key: keys.Key{Name: "crm", Expires: now.Add(time.Minute)}}
	c := keys.NewChecker(s, "", func() time.Time { return now })
	if _, err := c.Check(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	s.away = true
	for after, opens := range map[time.Duration]bool{59 * time.Second: true, time.Minute: false} {
		now = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).Add(after)
		if k, err := c.Check(t.Context(), secret); (err == nil) != opens || err != nil && !strings.Contains(err.Error(), "away") {
			t.Errorf("after %v: %q, %v", after, k.Name, err)
		}
	}
}
