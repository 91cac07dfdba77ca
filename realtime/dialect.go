package realtime

import (
	"fmt"
	"maps"
	"slices"
)

// Dialect names a server's way of this wire. The zero value is OpenAI's.
type Dialect string

// The dialects. What is known of each is its [Traits].
const (
	OpenAI      Dialect = "openai"
	Azure       Dialect = "azure"       // Azure OpenAI in its GA shape; the model is the deployment's name
	Foundry     Dialect = "foundry"     // voice agents of Azure AI Foundry; the agent is in the address
	XAI         Dialect = "xai"         // Grok Voice
	Inworld     Dialect = "inworld"     // Inworld Realtime
	LocalAI     Dialect = "localai"     // self-hosted
	HuggingFace Dialect = "huggingface" // huggingface/speech-to-speech, self-hosted
	VLLM        Dialect = "vllm"        // vLLM-Omni, self-hosted
	Speaches    Dialect = "speaches"    // self-hosted, in the beta's shape
)

// Shape is how settings are laid out.
type Shape string

// The shapes.
const (
	ShapeGA     Shape = "ga"
	ShapeTopVAD Shape = "ga_top_vad" // as GA's, but voice and turn_detection are at the top
	ShapeBeta   Shape = "beta"       // all at the top, by other names
)

// Auth is how the key travels.
type Auth string

// The ways.
const (
	AuthBearer Auth = "bearer"
	AuthAPIKey Auth = "api-key" // a header of that name
	AuthBasic  Auth = "basic"
	AuthNone   Auth = "none" // a key is sent as bearer, if there is one
)

// Say is how text is spoken word for word.
type Say string

// The ways.
const (
	SayOutOfBand    Say = "out_of_band"   // ask for it in a response of its own; compare the transcript
	SayForceMessage Say = "force_message" // an item does it: [ForceMessage]
)

// ItemAck is what answers an [ItemCreate].
type ItemAck string

// The answers.
const (
	AckAdded   ItemAck = "added"   // [ItemAdded], then [ItemDone]
	AckCreated ItemAck = "created" // [ItemCreated]
	AckNone    ItemAck = "none"    // not sent, or not established: don't wait for it
)

// Traits are what makes a dialect differ.
type Traits struct {
	URL    string // where it is; "" for those that are somewhere else for everyone
	Auth   Auth
	Shape  Shape
	Format AudioFormat // both ways, unless the Config asks for others

	ModelInSession bool // the model is in the session, not in the address
	PartialEcho    bool // session.updated may leave out the formats

	Say         Say
	Truncate    bool // an ItemTruncate does something
	Resume      bool // a conversation can be gone on with, by its id
	Reasoning   bool // there is such a setting
	Temperature bool // there is such a setting
	Tracing     bool // there is such a setting

	TranscriptionModel string // for a Transcription without a Model
	ItemAck            ItemAck
}

// traits are from the vendors' guides and the servers' sources as of November 2026. None
// but OpenAI's shape was checked against clients of others.
var traits = map[Dialect]Traits{
	OpenAI: {URL: "wss://api.openai.com/v1/realtime", Auth: AuthBearer, Shape: ShapeGA, Format: PCMU(),
		Say: SayOutOfBand, Truncate: true, Reasoning: true, Tracing: true,
		TranscriptionModel: "gpt-transcribe", ItemAck: AckAdded},
	Azure: {Auth: AuthAPIKey, Shape: ShapeGA, Format: PCMU(),
		Say: SayOutOfBand, Truncate: true, Reasoning: true, Tracing: true,
		TranscriptionModel: "gpt-4o-transcribe", ItemAck: AckAdded},
	Foundry: {Auth: AuthBearer, Shape: ShapeGA, Format: PCM(24000), ModelInSession: true, PartialEcho: true,
		Say: SayOutOfBand, Truncate: true, TranscriptionModel: "gpt-4o-transcribe", ItemAck: AckNone},
	XAI: {URL: "wss://api.x.ai/v1/realtime", Auth: AuthBearer, Shape: ShapeTopVAD, Format: PCMU(), PartialEcho: true,
		Say: SayForceMessage, Truncate: true, Resume: true, Reasoning: true,
		TranscriptionModel: "grok-transcribe", ItemAck: AckAdded},
	Inworld: {URL: "wss://api.inworld.ai/api/v1/realtime/session", Auth: AuthBasic, Shape: ShapeGA, Format: PCMU(),
		ModelInSession: true, PartialEcho: true, Say: SayOutOfBand, Truncate: true, ItemAck: AckNone},
	LocalAI: {URL: "ws://127.0.0.1:8080/v1/realtime", Auth: AuthNone, Shape: ShapeGA, Format: PCM(24000),
		PartialEcho: true, Say: SayOutOfBand, Truncate: true, ItemAck: AckNone},
	HuggingFace: {URL: "ws://127.0.0.1:8765/v1/realtime", Auth: AuthNone, Shape: ShapeGA, Format: PCM(24000),
		PartialEcho: true, Say: SayOutOfBand, ItemAck: AckCreated},
	VLLM: {URL: "ws://127.0.0.1:8000/v1/realtime", Auth: AuthNone, Shape: ShapeGA, Format: PCM(24000),
		PartialEcho: true, Say: SayOutOfBand, ItemAck: AckNone},
	Speaches: {URL: "ws://127.0.0.1:8000/v1/realtime", Auth: AuthNone, Shape: ShapeBeta, Format: PCM(24000),
		PartialEcho: true, Say: SayOutOfBand, Temperature: true, ItemAck: AckCreated},
}

// Dialects are all that there are, sorted.
func Dialects() []Dialect { return slices.Sorted(maps.Keys(traits)) }

// Traits are what is known of the dialect; the zero Traits of one that isn't known.
func (d Dialect) Traits() Traits {
	if d == "" {
		d = OpenAI
	}
	return traits[d]
}

// checkEffort is for xAI, whose models reason much or not at all.
func (d Dialect) checkEffort(r *Reasoning) error {
	if r == nil || d != XAI {
		return nil
	}
	return oneOf("Reasoning.Effort", r.Effort, "none", "high")
}

func (d Dialect) check() error {
	if _, known := traits[d]; !known && d != "" {
		return fmt.Errorf("field Dialect is %q: one of %q is wanted", d, Dialects())
	}
	return nil
}
