package server

import (
	"time"

	"github.com/patchcord/patchcord/consent"
)

// state says in a word how a number stands.
func state(facts []consent.Fact, now time.Time) string {
	if len(facts) == 0 {
		return "unknown"
	}
	return "known"
}
