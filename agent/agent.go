package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Agent is one conversation with a voice agent, ready to listen.
//
// One goroutine calls Receive; one goroutine calls everything else. Close may
// be called beside both.
type Agent interface {
	// Chat names the conversation, as the agent's own service does.
	Chat() Chat
	// Receive returns what the agent does next. It ends for good when ctx is
	// cancelled or the conversation is over; then the error is a *LostError.
	Receive(ctx context.Context) (Event, error)
	// SendAudio gives the agent the caller's sound: µ-law, 8 kHz, mono, in
	// pieces of about 20 ms.
	SendAudio(ulaw []byte) error
	// Say makes the agent speak the text in its own voice.
	Say(text string) error
	// Tell gives the agent a text in the place of something the caller said,
	// such as a key that was pressed.
	Tell(text string) error
	// AnswerTool gives back what a tool answered. Once per ToolCall.
	AnswerTool(ToolAnswer) error
	// Interrupt tells the adapter that what it delivered is no longer played.
	// The next segment begins with a filter at rest.
	Interrupt()
	// Close ends the conversation. It is idempotent.
	Close() error
}

// Chat identifies a conversation. Group is what a later connection names to go
// on with it; it stays the same when ID changes.
type Chat struct{ ID, Group string }

// Dialer opens conversations with one configured agent.
type Dialer interface {
	// Dial returns when the agent is ready to listen. The error is a *LostError
	// if the agent said no, or was not there.
	Dial(ctx context.Context, s Session) (Agent, error)
	// Limit is how long one connection may last before it has to be replaced by
	// one that resumes it; 0 means for ever.
	Limit() time.Duration
}

// Session is what one telephone call brings to an agent.
type Session struct {
	CallSID   string // correlates the agent's records with the telephone's
	Resume    string // Chat.Group of a conversation to go on with
	Variables map[string]string
	Tools     []Tool
}

// Tool is what the agent is told of a tool.
type Tool struct {
	Name, Description string
	Schema            json.RawMessage // JSON Schema of the arguments
	Failure           string          // what the agent may say if no answer comes
}

// ToolAnswer is the answer to a ToolCall. With an empty Error it is Content;
// otherwise Error is for the agent's records and Content is what the agent may
// tell the caller.
type ToolAnswer struct{ ID, Name, Content, Error string }

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
