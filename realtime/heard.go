package realtime

import (
	"math"
	"time"
)

// Millis counts milliseconds of appended audio since the session began, not of time.
type Millis float64

// Duration is the same as a time.Duration, 0 if it is negative or out of range.
func (m Millis) Duration() time.Duration {
	d := float64(m) * float64(time.Millisecond)
	if !(d > 0 && d < math.MaxInt64) {
		return 0
	}
	return time.Duration(d)
}

// SpeechStarted tells that the user began to speak. Unless turn detection says
// otherwise, the server cancels the response that writes to the conversation; what it
// has sent already should not be played, and is taken back by an [ItemTruncate].
type SpeechStarted struct {
	EventID    EventID `json:"event_id,omitempty"`
	AudioStart Millis  `json:"audio_start_ms"` // includes the prefix padding
	ItemID     ItemID  `json:"item_id"`        // of the user's message to come
}

// SpeechStopped tells that the user's turn is over.
type SpeechStopped struct {
	EventID  EventID `json:"event_id,omitempty"`
	AudioEnd Millis  `json:"audio_end_ms"`
	ItemID   ItemID  `json:"item_id"`
}

// AudioCommitted tells that the user's audio has become an item. Transcripts come out
// of order: PreviousItemID orders the turns.
type AudioCommitted struct {
	EventID        EventID `json:"event_id,omitempty"`
	PreviousItemID ItemID  `json:"previous_item_id,omitempty"`
	ItemID         ItemID  `json:"item_id"`
}

// AudioCleared answers an [AudioClear].
type AudioCleared struct {
	EventID EventID `json:"event_id,omitempty"`
}

// TimeoutTriggered tells that nobody spoke for the turn detection's IdleTimeoutMS. The
// server commits the silence and answers it.
type TimeoutTriggered struct {
	EventID    EventID `json:"event_id,omitempty"`
	AudioStart Millis  `json:"audio_start_ms"`
	AudioEnd   Millis  `json:"audio_end_ms"`
	ItemID     ItemID  `json:"item_id"`
}

// DTMFReceived is a key of a telephone, on SIP only.
type DTMFReceived struct {
	EventID    EventID  `json:"event_id,omitempty"`
	Key        string   `json:"event,omitempty"`
	Digit      string   `json:"digit,omitempty"` // xAI's name of the Key
	ReceivedAt UnixTime `json:"received_at,omitempty"`
}

// TranscriptionDelta is more of a user's words, to be added to what came before. A
// transcript may come before, during or after the answer.
type TranscriptionDelta struct {
	EventID      EventID `json:"event_id,omitempty"`
	ItemID       ItemID  `json:"item_id"`
	ContentIndex int     `json:"content_index"`
	Delta        string  `json:"delta"`
}

// TranscriptionUpdated is all words so far, in place of those before. xAI sends it
// instead of deltas.
type TranscriptionUpdated struct {
	EventID      EventID `json:"event_id,omitempty"`
	ItemID       ItemID  `json:"item_id"`
	ContentIndex int     `json:"content_index"`
	Transcript   string  `json:"transcript"`
}

// TranscriptionCompleted is all that the user said in a turn, and may be empty.
type TranscriptionCompleted struct {
	EventID      EventID             `json:"event_id,omitempty"`
	ItemID       ItemID              `json:"item_id"`
	ContentIndex int                 `json:"content_index"`
	Transcript   string              `json:"transcript"`
	Languages    []string            `json:"languages,omitempty"`
	Logprobs     []Logprob           `json:"logprobs,omitempty"`
	Usage        *TranscriptionUsage `json:"usage,omitempty"`
}

// Logprob is how likely a token of a transcript is.
type Logprob struct {
	Token   string  `json:"token"`
	Logprob float64 `json:"logprob"`
	Bytes   []int   `json:"bytes,omitempty"`
}

// TranscriptionFailed tells that a turn can't be written down; the model heard it all
// the same.
type TranscriptionFailed struct {
	EventID      EventID `json:"event_id,omitempty"`
	ItemID       ItemID  `json:"item_id"`
	ContentIndex int     `json:"content_index"`
	Error        Error   `json:"error"`
}

// TranscriptionSegment is what one of several speakers said.
type TranscriptionSegment struct {
	EventID      EventID `json:"event_id,omitempty"`
	ID           string  `json:"id"`
	ItemID       ItemID  `json:"item_id"`
	ContentIndex int     `json:"content_index"`
	Text         string  `json:"text"`
	Speaker      string  `json:"speaker"`
	Start        float64 `json:"start"` // seconds
	End          float64 `json:"end"`   // seconds
}

func (SpeechStarted) kind() string        { return "input_audio_buffer.speech_started" }
func (SpeechStopped) kind() string        { return "input_audio_buffer.speech_stopped" }
func (AudioCommitted) kind() string       { return "input_audio_buffer.committed" }
func (AudioCleared) kind() string         { return "input_audio_buffer.cleared" }
func (TimeoutTriggered) kind() string     { return "input_audio_buffer.timeout_triggered" }
func (DTMFReceived) kind() string         { return "input_audio_buffer.dtmf_event_received" }
func (TranscriptionDelta) kind() string   { return transcription + "delta" }
func (TranscriptionUpdated) kind() string { return transcription + "updated" }
func (TranscriptionCompleted) kind() string {
	return transcription + "completed"
}
func (TranscriptionFailed) kind() string  { return transcription + "failed" }
func (TranscriptionSegment) kind() string { return transcription + "segment" }

const transcription = "conversation.item.input_audio_transcription."
