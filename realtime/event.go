package realtime

// Event is what the server sends: one of
//
//   - [*Error], [SessionCreated], [SessionUpdated], [RateLimitsUpdated];
//   - of what the user says: [SpeechStarted], [SpeechStopped], [AudioCommitted],
//     [AudioCleared], [TimeoutTriggered], [DTMFReceived], [TranscriptionDelta],
//     [TranscriptionUpdated], [TranscriptionCompleted], [TranscriptionFailed],
//     [TranscriptionSegment];
//   - of the conversation: [ConversationCreated], [ItemAdded], [ItemDone],
//     [ItemCreated], [ItemRetrieved], [ItemTruncated], [ItemDeleted];
//   - of an answer: [ResponseCreated], [OutputItemAdded], [ContentPartAdded],
//     [*AudioDelta], [AudioDone], [AudioTranscriptDelta], [AudioTranscriptDone],
//     [TextDelta], [TextDone], [ArgumentsDelta], [ArgumentsDone],
//     [ContentPartDone], [OutputItemDone], [ResponseDone];
//   - of audio that the server plays (SIP, WebRTC): [OutputAudioStarted],
//     [OutputAudioStopped], [OutputAudioCleared];
//   - of MCP servers that the vendor talks to: [MCPListTools], [MCPCall],
//     [MCPArgumentsDelta], [MCPArgumentsDone];
//   - [Unknown], of a type that has no name here, [Malformed] and [TooLarge].
//
// Fields that a server leaves out, sends as null or with another type than
// documented are zero. An EventID is the server's; AudioDelta keeps none.
//
//sumtype:decl
type Event interface {
	kind() string // its type on the wire, in the GA shape
}

// TypeOf is the event's type on the wire by its GA name; "" of a [Malformed].
func TypeOf(e Event) string { return e.kind() }

// SessionCreated is the first event of most servers. [Dial] waits for it, so it
// never comes from [Session.Receive].
type SessionCreated struct {
	EventID EventID     `json:"event_id,omitempty"`
	Session SessionInfo `json:"session"`
}

// SessionUpdated has all settings as they are after a [SessionUpdate].
type SessionUpdated struct {
	EventID EventID     `json:"event_id,omitempty"`
	Session SessionInfo `json:"session"`
}

// RateLimitsUpdated tells what is left of the account's limits.
type RateLimitsUpdated struct {
	EventID    EventID     `json:"event_id,omitempty"`
	RateLimits []RateLimit `json:"rate_limits"`
}

// RateLimit is one of them.
type RateLimit struct {
	Name         string  `json:"name"` // "requests" or "tokens"
	Limit        float64 `json:"limit"`
	Remaining    float64 `json:"remaining"`
	ResetSeconds float64 `json:"reset_seconds"`
}

// ConversationCreated names the conversation. Some servers send it before
// SessionCreated, others never.
type ConversationCreated struct {
	EventID      EventID      `json:"event_id,omitempty"`
	Conversation Conversation `json:"conversation"`
}

// Conversation is what there is to know of one.
type Conversation struct {
	ID string `json:"id"`
}

// Unknown is an event of a type that has no name here.
type Unknown struct {
	Type string
	Raw  []byte // the message
}

// Malformed is what is no event: not a JSON object with a type, or audio that is
// not base64. The session goes on.
type Malformed struct{ Err error }

// TooLarge is a message that was over a budget of DialOptions. It was skipped.
type TooLarge struct {
	Type  string // empty if it came behind the budget's end
	Bytes int    // of the message
	Max   int
}

func (*Error) kind() string              { return "error" }
func (SessionCreated) kind() string      { return "session.created" }
func (SessionUpdated) kind() string      { return "session.updated" }
func (RateLimitsUpdated) kind() string   { return "rate_limits.updated" }
func (ConversationCreated) kind() string { return "conversation.created" }
func (u Unknown) kind() string           { return u.Type }
func (Malformed) kind() string           { return "" }
func (t TooLarge) kind() string          { return t.Type }
