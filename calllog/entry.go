package calllog

import "encoding/json"

// Kind says what an entry tells of.
type Kind string

const (
	KindCaller       Kind = "caller"       // the caller said Text
	KindAgent        Kind = "agent"        // the agent said Text, Heard so far
	KindInterruption Kind = "interruption" // the caller spoke over the agent
	KindTool         Kind = "tool"         // Name was run with Arguments for MS
	KindDTMF         Kind = "dtmf"         // the caller pressed Digit; • for one that nobody may read
	KindMark         Kind = "mark"         // the line reported that it had played up to the mark Name
	KindReconnect    Kind = "reconnect"    // the agent's connection was lost and made again
	KindNote         Kind = "note"         // anything else worth knowing, in Text; of a message, Name is take_message and Arguments say whose
)

// Heard says how much of an agent's segment reached the caller's ear.
type Heard string

const (
	HeardFull   Heard = "full"
	HeardPartly Heard = "partly"
	HeardNo     Heard = "no"
)

// Event says what a note means to whoever goes on with the call, on this instance or
// another: the text of a note is for people alone, since a caller may dictate one.
type Event string

// The events of a call.
const (
	EventTransferFailed    Event = "transfer_failed"    // nobody took it; Result says why
	EventTransferUnwatched Event = "transfer_unwatched" // it was under way when its instance stopped watching
	EventConsentWithdrawn  Event = "consent_withdrawn"
	EventRecordingPaused   Event = "recording_paused"
	EventRecordingResumed  Event = "recording_resumed"
	EventRecordingStopped  Event = "recording_stopped" // at the caller's wish: what was kept before is so marked
	EventOptOutUnclear     Event = "optout_unclear"    // the caller may have refused further calls
	EventOptOutResolved    Event = "optout_resolved"   // they were asked, and had not
	EventPreference        Event = "preference"        // they said when they want no calls
	EventWrongNumber       Event = "wrong_number"
	EventCallback          Event = "callback"    // a call back was asked for, and scheduled or held
	EventStreamLost        Event = "stream_lost" // the call goes on with another
	EventContinues         Event = "continues"   // it goes on with the call of which Result is the id, and which broke
)

// Entry is one thing that happened on a call.
//
// An entry may be written more than once under the same Seq, and the last
// writing counts: what the agent says is written when it begins, and again
// when it is known how far it was heard.
type Entry struct {
	Seq       int                `json:"seq"`   // its place in the call, from 1
	AtMS      int64              `json:"at_ms"` // ms since the call started
	Kind      Kind               `json:"kind"`
	Event     Event              `json:"event,omitempty"` // of a note
	Text      string             `json:"text,omitempty"`
	Heard     Heard              `json:"heard,omitempty"`
	HeardTo   int                `json:"heard_to,omitempty"` // characters of Text that were heard, of one heard partly: as much of it as of its sound, in whole words
	Emotions  map[string]float64 `json:"emotions,omitempty"`
	Digit     string             `json:"digit,omitempty"`
	Name      string             `json:"name,omitempty"`
	Voice     string             `json:"voice,omitempty"` // of a reconnect: the voice that goes on
	Arguments json.RawMessage    `json:"arguments,omitempty"`
	Result    string             `json:"result,omitempty"`
	Error     string             `json:"error,omitempty"`
	MS        int64              `json:"ms,omitempty"` // how long it took, ms

	// EmotionsSource says what measured Emotions: the voice's name, hume-decisions or
	// hume-measurement. Scores of different sources can't be compared. EmotionLabels are the
	// options that choice questions were answered with. Measures describe the sound alone.
	EmotionsSource string             `json:"emotions_source,omitempty"`
	EmotionLabels  map[string]string  `json:"emotion_labels,omitempty"`
	Measures       map[string]float64 `json:"measures,omitempty"`
}
