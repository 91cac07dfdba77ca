package permits

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Once Run has returned nobody waits for a place among the revocations: a service that stops while
// a thousand come would take a second for each.
func TestRevocationsAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{Key: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		n, err := phone.Parse("+14155550123")
		if err != nil {
			t.Fatal(err)
		}
		s.stop()
		begun := time.Now()
		for range 2 * revocations {
			s.Revoked(consent.Fact{Number: n})
		}
		if took := time.Since(begun); took > 0 {
			t.Errorf("they took %v", took)
		}
	})
}
