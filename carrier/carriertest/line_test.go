package carriertest

import (
	"testing"
	"testing/synctest"

	"github.com/patchcord/patchcord/carrier"
)

func TestLineInMemory(t *testing.T) {
	t.Parallel()
	TestLine(t, func(t *testing.T, test func(*testing.T, carrier.Line, Far)) {
		synctest.Test(t, func(t *testing.T) {
			l := NewLine(carrier.Start{Call: "c1", Token: "t"})
			defer l.HangUp()
			test(t, l, l)
		})
	})
}
