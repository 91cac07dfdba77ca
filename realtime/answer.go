package realtime

// Place is where a piece of an answer belongs. Places can be compared, and be keys.
type Place struct {
	ResponseID   ResponseID `json:"response_id"`
	ItemID       ItemID     `json:"item_id"`
	OutputIndex  int        `json:"output_index"`  // of the item in the response
	ContentIndex int        `json:"content_index"` // of the part in the item
}

// ResponseCreated begins an answer, asked for by the client or by turn detection.
type ResponseCreated struct {
	EventID  EventID  `json:"event_id,omitempty"`
	Response Response `json:"response"`
}

// ResponseDone ends an answer, with the result in its Status. It is the last event of a
// response, and is always sent.
type ResponseDone struct {
	EventID  EventID  `json:"event_id,omitempty"`
	Response Response `json:"response"`
}

// OutputItemAdded begins an item of an answer.
type OutputItemAdded struct {
	EventID     EventID    `json:"event_id,omitempty"`
	ResponseID  ResponseID `json:"response_id"`
	OutputIndex int        `json:"output_index"`
	Item        Item       `json:"item"`
}

// OutputItemDone ends an item of an answer, also of a cancelled one. A call of a tool
// is to be run when its item is done with the status completed, or with none.
type OutputItemDone struct {
	EventID     EventID    `json:"event_id,omitempty"`
	ResponseID  ResponseID `json:"response_id"`
	OutputIndex int        `json:"output_index"`
	Item        Item       `json:"item"`
}

// ContentPartAdded begins a part of a message.
type ContentPartAdded struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Part Part `json:"part"`
}

// ContentPartDone ends it.
type ContentPartDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Part Part `json:"part"`
}

// AudioDelta is more of an answer's audio. The AudioDelta and its Audio belong to the
// Session: both are overwritten by the next Receive.
type AudioDelta struct {
	Place
	Audio []byte `json:"delta"` // in the format agreed on; not always whole samples
}

// AudioDone tells that all of a part's audio was sent, not that anybody has heard it.
type AudioDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
}

// AudioTranscriptDelta is more of what the answer's audio says. It may be ahead of the
// audio or behind it.
type AudioTranscriptDelta struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Delta string `json:"delta"`
}

// AudioTranscriptDone is all that a part's audio says.
type AudioTranscriptDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Transcript string `json:"transcript"`
}

// TextDelta is more of an answer that is text.
type TextDelta struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Delta string `json:"delta"`
}

// TextDone is the whole text.
type TextDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Text string `json:"text"`
}

// ArgumentsDelta is more of the arguments of a call.
type ArgumentsDelta struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	CallID CallID `json:"call_id"`
	Delta  string `json:"delta"`
}

// ArgumentsDone has the arguments as far as they came: after a cancelled answer they
// may be half of a JSON text. Wait for [OutputItemDone].
type ArgumentsDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	CallID    CallID `json:"call_id"`
	Name      string `json:"name,omitempty"`
	Arguments string `json:"arguments"`
}

func (ResponseCreated) kind() string      { return "response.created" }
func (ResponseDone) kind() string         { return "response.done" }
func (OutputItemAdded) kind() string      { return "response.output_item.added" }
func (OutputItemDone) kind() string       { return "response.output_item.done" }
func (ContentPartAdded) kind() string     { return "response.content_part.added" }
func (ContentPartDone) kind() string      { return "response.content_part.done" }
func (*AudioDelta) kind() string          { return "response.output_audio.delta" }
func (AudioDone) kind() string            { return "response.output_audio.done" }
func (AudioTranscriptDelta) kind() string { return "response.output_audio_transcript.delta" }
func (AudioTranscriptDone) kind() string  { return "response.output_audio_transcript.done" }
func (TextDelta) kind() string            { return "response.output_text.delta" }
func (TextDone) kind() string             { return "response.output_text.done" }
func (ArgumentsDelta) kind() string       { return "response.function_call_arguments.delta" }
func (ArgumentsDone) kind() string        { return "response.function_call_arguments.done" }
