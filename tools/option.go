package tools

import (
	"fmt"
	"time"
)

const (
	// defaultTimeout is about as long as a caller bears silence on a telephone. The agents' wires name no deadline.
	defaultTimeout = 8 * time.Second
	maxTimeout     = 5 * time.Minute

	defaultFailure = "That cannot be done right now. Say so, and offer to go on without it."
)

// Option sets one thing about a tool. A bad value is an error of [New] or [HTTP].
type Option func(*Info) error

// Timeout is how long a tool may take, at most five minutes. Zero keeps the default, 8 s.
func Timeout(d time.Duration) Option {
	return func(i *Info) error {
		if d < 0 || d > maxTimeout {
			return fmt.Errorf("timeout %v is not between 0s and %v", d, maxTimeout)
		}
		if d > 0 {
			i.Timeout = d
		}
		return nil
	}
}

// Failure is what the agent may say when the tool fails. Empty keeps the default, which is true of any tool.
func Failure(text string) Option {
	return func(i *Info) error {
		if text != "" {
			i.Failure = text
		}
		return nil
	}
}

// Filler is what the agent may say while the tool runs. There is none by default.
func Filler(text string) Option {
	return func(i *Info) error {
		i.Filler = text
		return nil
	}
}

// CarryOn lets the tool finish, and its answer be sent, when the caller interrupts the agent. This is the default.
func CarryOn() Option { return cancelOnInterruption(false) }

// CancelOnInterruption ends the tool when the caller interrupts the agent. It suits tools that only look something up.
func CancelOnInterruption() Option { return cancelOnInterruption(true) }

func cancelOnInterruption(cancel bool) Option {
	return func(i *Info) error {
		i.CancelOnInterruption = cancel
		return nil
	}
}
