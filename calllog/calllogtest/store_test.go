package calllogtest

import (
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

func TestInMemory(t *testing.T) {
	t.Parallel()
	TestStore(t, func(*testing.T) calllog.Store { return &Store{} })
}
