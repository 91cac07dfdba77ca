package realtime

// ResponseID names one answer of the model.
type ResponseID string

// EventID names an event, of either side.
type EventID string

// ResponseConfig asks for an answer that differs from the session's settings. What
// is given replaces the session's for this answer alone; Instructions, too, replace
// and don't add.
type ResponseConfig struct {
	// Conversation is [ConversationAuto], the default, or [ConversationNone]: an
	// answer out of band, which is written nowhere and which the user's voice
	// does not cancel.
	Conversation string `json:"conversation,omitempty"`

	// Input, unless it is nil, is the context in place of the conversation.
	Input []Item `json:"input,omitzero"`

	Instructions     string            `json:"instructions,omitempty"`
	OutputModalities []Modality        `json:"output_modalities,omitzero"`
	Audio            ResponseAudio     `json:"audio,omitzero"`
	Tools            []Tool            `json:"tools,omitzero"`
	ToolChoice       ToolChoice        `json:"tool_choice,omitzero"`
	ParallelTools    Opt[bool]         `json:"parallel_tool_calls,omitzero"`
	Reasoning        *Reasoning        `json:"reasoning,omitempty"`
	MaxOutputTokens  MaxTokens         `json:"max_output_tokens,omitzero"`
	Metadata         map[string]string `json:"metadata,omitempty"` // comes back; 16 pairs, 64 and 512 characters
}

// The conversations of a ResponseConfig.
const (
	ConversationAuto = "auto"
	ConversationNone = "none"
)

// ResponseAudio is how an answer sounds.
type ResponseAudio struct {
	Output ResponseOutput `json:"output,omitzero"`
}

// ResponseOutput is its format and voice.
type ResponseOutput struct {
	Format AudioFormat `json:"format,omitzero"`
	Voice  Voice       `json:"voice,omitempty"`
}

// Response is an answer of the model, as the server reports it.
type Response struct {
	ID             ResponseID     `json:"id"`
	Status         Status         `json:"status,omitempty"`
	StatusDetails  *StatusDetails `json:"status_details,omitempty"`
	Output         []Item         `json:"output,omitempty"`          // without audio
	ConversationID string         `json:"conversation_id,omitempty"` // empty if it is out of band

	OutputModalities []Modality        `json:"output_modalities,omitempty"`
	MaxOutputTokens  MaxTokens         `json:"max_output_tokens,omitzero"`
	Audio            ResponseAudio     `json:"audio,omitzero"`
	Metadata         map[string]string `json:"metadata,omitempty"`
	Usage            *Usage            `json:"usage,omitempty"` // nil until it is done, and on some servers
}

// StatusDetails say why a Response did not become complete.
type StatusDetails struct {
	Type   Status `json:"type,omitempty"`
	Reason Reason `json:"reason,omitempty"`
	Error  *Error `json:"error,omitempty"` // of a failed one
}

// Reason is why a Response was cancelled or is incomplete.
type Reason string

// The reasons.
const (
	ReasonTurnDetected    Reason = "turn_detected"     // the user spoke
	ReasonClientCancelled Reason = "client_cancelled"  // by a ResponseCancel
	ReasonMaxOutputTokens Reason = "max_output_tokens" // incomplete
	ReasonContentFilter   Reason = "content_filter"    // incomplete
)

// Err is why the response failed, nil if it did not. Its class says what to do: a
// session goes on, but after a fatal one every other response will fail as well.
func (r *Response) Err() *Error {
	switch {
	case r.Status != StatusFailed:
		return nil
	case r.StatusDetails == nil || r.StatusDetails.Error == nil:
		return &Error{}
	}
	return r.StatusDetails.Error
}

// Usage is what a response cost, in tokens. Cancelled ones cost, too.
type Usage struct {
	TotalTokens   int          `json:"total_tokens"`
	InputTokens   int          `json:"input_tokens"`
	OutputTokens  int          `json:"output_tokens"`
	InputDetails  InputDetails `json:"input_token_details,omitzero"`
	OutputDetails TokenDetails `json:"output_token_details,omitzero"`
}

// TokenDetails are tokens by kind.
type TokenDetails struct {
	Text  int `json:"text_tokens,omitempty"`
	Audio int `json:"audio_tokens,omitempty"`
	Image int `json:"image_tokens,omitempty"`
}

// InputDetails tell besides how many of them were cached, and so are cheaper.
type InputDetails struct {
	TokenDetails
	Cached        int          `json:"cached_tokens,omitempty"`
	CachedDetails TokenDetails `json:"cached_tokens_details,omitzero"`
}

// TranscriptionUsage is what a transcript cost: tokens or, of other models, time.
type TranscriptionUsage struct {
	Type string `json:"type,omitempty"` // "tokens" or "duration"
	Usage
	Seconds float64 `json:"seconds,omitempty"`
}
