package demo

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// evidence is what is known of a call afterwards: at the telephone, at the agent, and in
// the service's own log.
type evidence struct {
	script error // where the two ends had to leave the script; nil if nowhere

	// At the telephone. Both ways of the sound begin at origin.
	picked      time.Time // when it was answered; zero of a call that came in
	origin      time.Time
	ended       time.Time
	timeline    []twiliotest.Moment
	said, heard []byte // µ-law
	sent        sent   // among it, each frame of said
	lines       []*line
	warnings    []string

	// At the agent.
	agent    agentFacts
	received []int16
	arrivals []arrival
	faults   []string

	lookups int // requests that the tool's server got

	log calllog.Call
}
