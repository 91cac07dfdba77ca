package cli

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

func TestChatLine(t *testing.T) {
	end := time.Now()
	for want, c := range map[string]calllog.Chat{
		"chat c1: the service reported its start but no end":                 {ID: "c1", StartedAt: &end},
		"chat c1: 90 s by the service's count, ended by USER_ENDED":          {ID: "c1", EndedAt: &end, Seconds: 90, EndReason: "USER_ENDED"},
		"chat c1: 0 s by the service's count, ended without a stated reason": {ID: "c1", EndedAt: &end},
	} {
		if got := chatLine(c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
