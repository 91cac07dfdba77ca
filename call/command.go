package call

import (
	"context"
	"errors"
	"time"
)

// ErrAgentAway says that there is nobody to speak at the moment.
var ErrAgentAway = errors.New("call: the agent is not connected at the moment")

var errVerb = errors.New("call: unknown command") // a newer instance may send it

// command is what an operator wants of a live call.
type command struct {
	verb string // "hangup", "say" or "transfer"
	text string
	done chan error // has room for the answer
}

// onCommand does what an operator asked for.
func (c *Call) onCommand(cmd command, now time.Time) (Outcome, bool) {
	switch cmd.verb {
	case verbHangUp:
		c.journal.note("an operator ended the call", now)
		cmd.done <- nil
		return Outcome{Reason: AgentEnded}, true
	case verbSay:
		if c.link.agent == nil {
			cmd.done <- ErrAgentAway
			return Outcome{}, false
		}
		c.journal.note("an operator spoke through the agent", now)
		c.say(cmd.text, now)
		cmd.done <- nil
	case verbTransfer:
		cmd.done <- c.onTransfer(cmd.text, now)
	case verbMachine:
		cmd.done <- nil
		if c.detects() {
			leaves := c.profile.leavesMessage(c.journal.head.Order)
			c.answeredBy(c.amd.CarrierSaid(cmd.text, leaves, now), now)
		}
	default:
		cmd.done <- errVerb
	}
	return Outcome{}, false
}

// The verbs of a command.
const (
	verbHangUp  = "hangup"
	verbSay     = "say"
	verbMachine = "machine" // text: who answered, in Twilio's word
	verbStatus  = "status"  // text: see writeNews
	verbTaken   = "taken"   // text: the instance that was told of the answer

	verbTransfer   = "transfer"    // text: see transferOrder
	verbTakenUp    = "taken_up"    // of a call that was put through
	verbReturned   = "returned"    // of one that nobody took; text: the instance that has it back
	verbStreamOver = "stream_over" // Twilio asked the sender what follows: the last stream is over
	verbCeded      = "ceded"       // of one that another instance has claimed; text: see writeCeded
	verbDialEnd    = "dial_end"    // of one that is over; text: its outcome
)

// command gives an order to the call that the stream is of, and waits until it is taken.
func (s *stream) command(ctx context.Context, verb, text string) error {
	cmd := command{verb, text, make(chan error, 1)}
	select {
	case s.commands <- cmd:
		return <-cmd.done
	case <-s.ctx.Done():
		return ErrNotLive
	case <-ctx.Done():
		return ctx.Err()
	}
}
