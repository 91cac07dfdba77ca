package service

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/twilio"
)

// watchClock asks Twilio for the time again while its clock and ours disagree, until ctx
// ends: calls are held then, and no call's answer would tell that they agree again.
func watchClock(ctx context.Context, rest *twilio.Client) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if rest.ClockSkew().Abs() > 30*time.Second {
			_, _ = rest.Account(ctx) // its Date counts, whatever it says
		}
	}
}
