package evi

import (
	"encoding/json"
	"time"
)

// Event is a message from EVI. It is one of [ChatMetadata], [SettingsEcho],
// [UserMessage], [UserInterruption], [AssistantMessage], [AssistantProsody],
// [*AudioOutput], [AssistantEnd], [ToolCall], [ToolResponseEvent],
// [ToolErrorEvent], [*Error], [Unknown], [Malformed] and [TooLarge].
//
// Fields that EVI leaves out, sends as null or with another type than
// documented are zero. The custom_session_id that every message may repeat is
// kept in ChatMetadata alone.
//
//sumtype:decl
type Event interface{ event() }

// ChatMetadata names the chat. It is the first message of every chat.
type ChatMetadata struct {
	ChatID          ChatID      `json:"chat_id"`
	ChatGroupID     ChatGroupID `json:"chat_group_id"`
	RequestID       string      `json:"request_id"`
	CustomSessionID string      `json:"custom_session_id"`
}

// SettingsEcho repeats settings that EVI took. Not every chat has one.
type SettingsEcho struct{ SessionSettings }

// Message is what was said, by whom.
type Message struct {
	Role       string          `json:"role"` // "user", "assistant", "system", "tool", "context", "all"
	Content    string          `json:"content"`
	ToolCall   json.RawMessage `json:"tool_call"`   // nil or null if there is none
	ToolResult json.RawMessage `json:"tool_result"` // likewise
}

// UserMessage is the transcript of what the user said, or repeats a
// user_input (FromText). Interim ones, asked for by VerboseTranscription,
// repeat and revise each other; only the one that is not interim counts.
type UserMessage struct {
	Message    Message
	Prosody    map[string]float64 // score by emotion, such as "Calmness"; nil for text and most interim messages
	Begin, End time.Duration      // of the speech, since the chat began
	FromText   bool
	Interim    bool
	Language   string
}

// UserInterruption tells that the user spoke over the assistant. Audio sent
// before it may still be on its way; it should not be played.
type UserInterruption struct {
	// Time is a Unix timestamp in a unit that Hume does not state: not for
	// computing.
	Time int64
}

// AssistantMessage is the text of one spoken segment; its audio has the same
// id, and may come before it.
type AssistantMessage struct {
	ID            string
	Message       Message
	Prosody       map[string]float64
	FromText      bool // spoken because of an assistant_input
	QuickResponse bool
	Language      string
}

// AssistantProsody measures EVI's own voice in a segment. It may come after
// the audio.
type AssistantProsody struct {
	ID      string
	Prosody map[string]float64
}

// AudioOutput is a piece of a spoken segment. The AudioOutput and its Data
// belong to the Chat: both are overwritten by the next Receive.
type AudioOutput struct {
	ID    string // of the segment
	Index int    // of the piece in it, from 0
	Data  []byte // a whole WAV file, usually 16-bit mono at 48 kHz: believe its header
}

// AssistantEnd tells that EVI has sent all of its turn, not that anybody has
// heard it.
type AssistantEnd struct{}

// ToolCall asks for a tool. Answer it by SendToolResponse or SendToolError, once,
// and only if ResponseRequired; never when ToolType is [ToolBuiltin].
type ToolCall struct {
	ID               ToolCallID `json:"tool_call_id"`
	Name             string     `json:"name"`
	Parameters       string     `json:"parameters"` // the arguments: JSON, as text
	ResponseRequired bool       `json:"response_required"`
	ToolType         string     `json:"tool_type"`
}

// The types of a tool.
const (
	ToolFunction = "function" // run by the client
	ToolBuiltin  = "builtin"  // run by EVI
)

// ToolResponseEvent tells what a built-in tool answered. After "hang_up", EVI
// closes the chat when it sees fit.
type ToolResponseEvent struct{ ToolResponse }

// ToolErrorEvent tells that a built-in tool went wrong.
type ToolErrorEvent struct{ ToolError }

// Unknown is a message of a type that this package has no name for.
type Unknown struct {
	Type string
	Raw  []byte // the message
}

// Malformed is what is no message: not a JSON object with a type, or audio
// that is not base64. The chat goes on.
type Malformed struct{ Err error }

// TooLarge is a message that was over a budget of DialOptions. It was skipped.
type TooLarge struct {
	Type  string // empty if it came behind the budget's end
	Bytes int    // of the message
	Max   int
}

func (ChatMetadata) event()      {}
func (SettingsEcho) event()      {}
func (UserMessage) event()       {}
func (UserInterruption) event()  {}
func (AssistantMessage) event()  {}
func (AssistantProsody) event()  {}
func (*AudioOutput) event()      {}
func (AssistantEnd) event()      {}
func (ToolCall) event()          {}
func (ToolResponseEvent) event() {}
func (ToolErrorEvent) event()    {}
func (*Error) event()            {}
func (Unknown) event()           {}
func (Malformed) event()         {}
func (TooLarge) event()          {}
