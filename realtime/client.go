package realtime

// ClientEvent is what [Session.Send] sends. It is one of [SessionUpdate],
// [AudioCommit], [AudioClear], [OutputAudioClear], [ItemCreate], [ItemTruncate],
// [ItemDelete], [ItemRetrieve], [ResponseCreate] and [ResponseCancel]; audio is
// sent by [Session.AppendAudio]. The server's answers, if any, are named at each.
//
//sumtype:decl
type ClientEvent interface {
	clientKind() string // its type on the wire
	check() error
}

// SessionUpdate changes settings. The answer, [SessionUpdated], has all settings
// but not the event's id: send one at a time.
type SessionUpdate struct {
	Session Config `json:"session"`
}

// AudioCommit makes an item from the audio appended so far, at least 100 ms. It
// starts a transcription but no response, and isn't needed with turn detection. The
// answer is [AudioCommitted].
type AudioCommit struct{}

// AudioClear forgets the audio appended since the last commit. The answer is
// [AudioCleared].
type AudioClear struct{}

// OutputAudioClear stops audio that the server is playing, which it does on SIP and
// WebRTC only. The answer is [OutputAudioCleared].
type OutputAudioClear struct{}

// ItemCreate adds an item, as the last or, if that is not empty, after Previous. The
// answers are [ItemAdded] and [ItemDone]; some servers send [ItemCreated], others
// nothing: see [Traits].
type ItemCreate struct {
	Previous ItemID `json:"previous_item_id,omitempty"`
	Item     Item   `json:"item"`
}

// ItemTruncate cuts an assistant's audio at what the user has heard, and drops its
// transcript. A place beyond the audio's end is refused. The answer is
// [ItemTruncated].
type ItemTruncate struct {
	ItemID       ItemID `json:"item_id"`
	ContentIndex int    `json:"content_index"`
	AudioEndMS   int    `json:"audio_end_ms"`
}

// ItemDelete takes an item away. The answer is [ItemDeleted].
type ItemDelete struct {
	ItemID ItemID `json:"item_id"`
}

// ItemRetrieve asks for an item with its audio. The answer is [ItemRetrieved].
type ItemRetrieve struct {
	ItemID ItemID `json:"item_id"`
}

// ResponseCreate asks for an answer; the zero one by the session's settings. The
// answers are those of every response, from [ResponseCreated] to [ResponseDone].
// Only one response at a time may write to the conversation.
type ResponseCreate struct {
	Response *ResponseConfig `json:"response,omitempty"`
}

// ResponseCancel stops a response: that with the id, or the one that writes to the
// conversation. Its ResponseDone says so; if there is none, an error does, which is
// harmless.
type ResponseCancel struct {
	ResponseID ResponseID `json:"response_id,omitempty"`
}

func (SessionUpdate) clientKind() string    { return "session.update" }
func (AudioCommit) clientKind() string      { return "input_audio_buffer.commit" }
func (AudioClear) clientKind() string       { return "input_audio_buffer.clear" }
func (OutputAudioClear) clientKind() string { return "output_audio_buffer.clear" }
func (ItemCreate) clientKind() string       { return "conversation.item.create" }
func (ItemTruncate) clientKind() string     { return "conversation.item.truncate" }
func (ItemDelete) clientKind() string       { return "conversation.item.delete" }
func (ItemRetrieve) clientKind() string     { return "conversation.item.retrieve" }
func (ResponseCreate) clientKind() string   { return "response.create" }
func (ResponseCancel) clientKind() string   { return "response.cancel" }
