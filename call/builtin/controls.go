package builtin

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// Controls is what a tool may do with its call. Only the goroutine that owns the call may use it.
type Controls interface {
	// Answer gives the agent the result of a tool. An invocation is answered or refused once.
	Answer(t Invocation, result string, now time.Time)

	// Refuse tells the agent that a tool did nothing: say is for the agent, err for the log.
	Refuse(t Invocation, say string, err error, now time.Time)

	// Leave ends the agent's part of the call when the caller has heard what it said, and answers t.
	Leave(t Invocation, e Exit, now time.Time)

	// Background does work that may take a while beside the call, in bound at most. It goes on when the call ends, since
	// it was begun for somebody who counts on it. What it returns is run by the goroutine that owns the call.
	Background(bound time.Duration, work func(context.Context) Then)

	// SpokenMessage is what the caller has said for a person to listen to, as µ-law, if the agent takes such messages and
	// there is a place for them; else nil.
	SpokenMessage() []byte

	// Archive is where messages are kept. It may be used in the background.
	Archive() Archive

	// Clock is the clock of the only zone in which the caller can be, as far as is known; nil if there are several.
	Clock() *time.Location

	// Said returns what the caller said last.
	Said(now time.Time) Said

	// Callback prepares a callback to whoever is on the line. The error is ErrNobody, ErrNoCalls, ErrSells or ErrEnding.
	Callback(t Invocation, topic string, at, now time.Time) (Arrange, error)

	// Log writes a line of the call. It is false if the writer didn't take it.
	Log(e calllog.Entry, now time.Time) bool

	// TakeKeys gives take the keys that the caller pressed and the agent hasn't heard of, until it wants no more. In the
	// log they are masked if they are secret.
	TakeKeys(secret bool, take func(key string) (more bool))

	// Transfers returns the people to whom the agent may transfer the call.
	Transfers() Transfers

	// OptOut records that the person wants no more calls, ends the call, and leaves t without an answer. It is false, and
	// does nothing, if they can't be recorded: nobody knows their number, or there is no ledger.
	OptOut(t Invocation, now time.Time) bool

	// SendDigits presses keys when the caller has heard what the agent said. The error is ErrEnding.
	SendDigits(digits string, now time.Time) error

	// PauseRecording silences the recording, and leaves the words out of the log, until ResumeRecording. The errors are
	// ErrNotRecorded, ErrUnrecorded of the latter alone, and ErrUnchanged.
	PauseRecording(now time.Time) error
	ResumeRecording(now time.Time) error
}

// Then is what follows on work in the background, with the controls of whichever stream the call has then.
type Then func(Controls, time.Time)

// Archive keeps messages.
type Archive interface {
	// SaveMessage writes a spoken message of the call into a file, by its number from 1.
	SaveMessage(number int, ulaw []byte) error

	// Secure returns when all lines of the log are stored, or on disk.
	Secure(context.Context) error
}

// Invocation is a call of a tool.
type Invocation struct {
	agent.ToolCall
	Line  int // its number in the call's log
	Begun time.Time
}

// Exit is how a call leaves its agent, and what the agent is told.
type Exit struct {
	To      *Transfer // who takes the call; nil ends it
	Summary string    // what they hear before they are joined with the caller, who is joined at once without it

	// Prompt asks the agent for its last sentence, if it hasn't said anything since the caller's last words.
	Prompt string
	// Result is for an agent that has. It gets it when the call has left: it would answer with more words.
	Result string
}

// State is what the tools of one telephone call remember. It outlives the call's streams and the agent's connections.
// The zero State is ready.
type State struct {
	sent sentDigits

	// Of collect_digits.
	collection *collection
	late       lateKeys
	tokens     tokens

	messages int // that were spoken

	callbacks callbacks
}
