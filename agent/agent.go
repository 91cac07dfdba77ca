package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Agent is one conversation with a voice agent, ready to listen.
//
// One goroutine calls Receive. One goroutine calls everything else, but
// SendAudio and Close may be called beside it. An error of a send means that
// the conversation is lost; Receive's next error says why.
type Agent interface {
	// Chat identifies the conversation, as the agent's own service does.
	Chat() Chat
	// Receive returns what the agent does next. It ends for good when ctx is
	// canceled or the conversation is over; then the error is a *LostError.
	Receive(ctx context.Context) (Event, error)
	// SendAudio gives the agent the caller's sound: µ-law, 8 kHz, mono, in
	// pieces of about 20 ms.
	SendAudio(ulaw []byte) error
	// Say makes the agent speak the text in its own voice, word for word. A
	// Spoken event follows when all of it has been sent.
	Say(text string) error
	// SendTurn gives the agent a text in place of something the caller said,
	// such as a key that was pressed. The agent answers it.
	SendTurn(text string) error
	// SendContext tells the agent something to know, and asks for no answer.
	SendContext(text string) error
	// Remember gives an agent what was said before, if it could not resume, or if
	// another voice has spoken since. It is called once, right after the dial, before
	// any sound.
	Remember(Memory) error
	// AnswerTool returns the result of a tool. Once per ToolCall.
	AnswerTool(ToolAnswer) error
	// Interrupt tells the agent that the line was emptied: nothing that it has
	// sent so far is played any more. The list has each segment that was not
	// heard to its end, oldest first, and how much of it was. An agent that is
	// still generating stops.
	Interrupt([]Heard) error
	// Close ends the conversation. It is idempotent.
	Close() error
}

// Chat identifies a conversation.
type Chat struct {
	ID        string
	Group     string // what a later connection names to resume it; it stays the same when ID changes. Empty if this voice can't resume
	Voice     string // the voice's name in the configuration, such as "evi"
	Resumed   bool   // it goes on with Session.Resume; else Remember has to bring what was said
	Truncates bool   // its service forgets what Interrupt says was not heard; any other is given that as context
	// Expires is when another conversation has to have taken its place, ahead of
	// the wire's own limit. Zero for never.
	Expires time.Time
}

// Heard is how much of a segment has been played to the caller, of what was
// delivered of it.
type Heard struct {
	Segment string
	Played  time.Duration
}

// Keypad is an Agent that takes keys as they are; others get them as a turn of the caller's.
type Keypad interface {
	// Press gives the agent keys that were pressed, in order: 0-9, * and #.
	Press(digits string) error
}

// MessageTaker is an Agent that keeps what the caller says for a person to listen to.
type MessageTaker interface {
	// Message returns what was said so far, µ-law at 8 kHz, and forgets it. It is nil if
	// there is nothing.
	Message() []byte
}

// Dialer opens conversations with one configured agent.
type Dialer interface {
	// Dial returns when the agent is ready to listen. The error is a *LostError
	// if the agent refused, or was not there.
	Dial(ctx context.Context, s Session) (Agent, error)
	// Check tells what of a session the voice can't be given, without dialing it: it is asked
	// before a telephone rings. The error is a *SessionError.
	Check(s Session) error
}

// Session is what one telephone call brings to an agent.
type Session struct {
	CallSID   string // correlates the agent's records with the telephone's
	Resume    string // Chat.Group of a conversation to go on with
	Variables map[string]string
	Tools     []Tool
}

// Tool is what the agent knows about a tool.
type Tool struct {
	Name, Description string
	Schema            json.RawMessage // JSON Schema of the arguments
	Failure           string          // what the agent may say if no answer comes
}

// ToolAnswer is the answer to a ToolCall. With an empty Error it is Content;
// otherwise Error is for the agent's records and Content is what the agent may
// tell the caller.
type ToolAnswer struct {
	ID, Name  string
	Arguments string // of the call, as JSON: a voice that never made it needs both
	Content   string
	Error     string
	Silent    bool // the agent need not say anything about it
}

// LostError says why an agent is not, or no longer, there.
type LostError struct {
	Op    string // "dial" or "receive"
	Code  string // the wire's own word for it, if it gave one
	Ended bool   // the agent ended the conversation of its own will
	Fatal bool   // asking again is of no use
	Fresh bool   // only the resumed conversation is gone: ask again without Session.Resume
	Err   error
}

func (e *LostError) Error() string {
	if e.Code != "" {
		return fmt.Sprintf("agent: %s: %s: %v", e.Op, e.Code, e.Err)
	}
	return fmt.Sprintf("agent: %s: %v", e.Op, e.Err)
}

func (e *LostError) Unwrap() error { return e.Err }
