package demo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Of two errors, the one that came first is told: the other is that the call is over.
func TestDeparture(t *testing.T) {
	first := errors.New("first")
	cut := fmt.Errorf("the caller waits: %w", errOver)
	for _, tt := range []struct{ caller, agent, want error }{
		{nil, nil, nil},
		{first, nil, first},
		{nil, first, first},
		{first, cut, first},
		{cut, first, first},
		{fmt.Errorf("the caller says: %w", twiliotest.ErrOver), first, first},
		{cut, nil, cut},
	} {
		if got := departure(tt.caller, tt.agent); got != tt.want {
			t.Errorf("departure(%v, %v) is %v, want %v", tt.caller, tt.agent, got, tt.want)
		}
	}
}
