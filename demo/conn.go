package demo

import (
	"context"
	"errors"
	"time"
)

// The wires that the agent speaks, by the names that the configuration has for voices.
const (
	voiceEVI      = "evi"
	voiceRealtime = "realtime"
)

// Voices are those that may take the call. The other one is there to take over.
var Voices = []string{voiceEVI, voiceRealtime}

// errInterrupted ends what the agent says when the caller speaks over it.
var errInterrupted = errors.New("the caller speaks over it")

// host is a simulated service that the bridge dials.
type host interface {
	// Refuse answers the next handshakes with a status; always if times is negative.
	Refuse(status, times int)
	// Delay answers the next handshakes only after d.
	Delay(d time.Duration, times int)
	// Accept takes every handshake again.
	Accept()
	// Faults is all that the real service would have rejected.
	Faults() []string
	Close()
}

// conn is the agent's end of one conversation with the bridge, on one of the wires.
type conn interface {
	voice() string
	// open greets the bridge. The group names the conversation, on a wire that can resume.
	open(group string) error
	// resumed tells whether the wire goes on with the group. It is false on a wire that
	// can't, and an error on one that should have.
	resumed(group string) (bool, error)
	// listen passes on to the agent what the bridge sends, until the bridge leaves.
	listen(a *agent)
	done() <-chan struct{}
	drop()

	// callerSpeaks tells that the caller has begun to speak, if the wire has a word for it.
	callerSpeaks()
	// interrupt tells that the caller speaks over the agent.
	interrupt() error
	// transcribe tells what the caller said, and that the turn is over.
	transcribe(text string) error

	// ready waits until the agent may speak. The error is errInterrupted, or the context's
	// cause.
	ready(ctx context.Context) error
	// speak says a sentence, so many times as fast as it is spoken.
	speak(ctx context.Context, segment string, l *line, pace float64) error
	callTool(ctx context.Context, name, arguments string) error
	endTurn() error
	// untilAsked ends the turn; the bridge asks for the next one, if the wire wants that.
	untilAsked()
}
