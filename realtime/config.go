package realtime

// Config is a session's settings, those of a session.update. What is left out is
// left as it was; an empty list that is not nil takes all its elements away, and
// [Null] what else was set.
//
// Stored prompts, which OpenAI has ended, have no field.
type Config struct {
	// Model can't be changed. [DialOptions] put it where the dialect has it.
	Model string `json:"model,omitempty"`

	OutputModalities []Modality   `json:"output_modalities,omitzero"` // one of them; audio comes with its transcript
	Instructions     Opt[string]  `json:"instructions,omitzero"`
	Audio            Audio        `json:"audio,omitzero"`
	Tools            []Tool       `json:"tools,omitzero"`
	ToolChoice       ToolChoice   `json:"tool_choice,omitzero"`
	ParallelTools    Opt[bool]    `json:"parallel_tool_calls,omitzero"` // models that reason only
	Reasoning        *Reasoning   `json:"reasoning,omitempty"`          // models that reason only
	MaxOutputTokens  MaxTokens    `json:"max_output_tokens,omitzero"`
	Truncation       Truncation   `json:"truncation,omitzero"`
	Tracing          Opt[Tracing] `json:"tracing,omitzero"` // can't be changed once it is on
	Include          []string     `json:"include,omitzero"` // [IncludeLogprobs]

	// Temperature went with the beta: dialects without it leave it out.
	Temperature Opt[float64] `json:"temperature,omitzero"`

	// Extra are fields of one vendor's own, such as Inworld's providerData. They
	// are added to the session as they are.
	Extra map[string]any `json:"-"`
}

// Modality is what an answer consists of.
type Modality string

// The modalities.
const (
	ModalityAudio Modality = "audio"
	ModalityText  Modality = "text"
)

// IncludeLogprobs asks for the log probabilities of transcripts.
const IncludeLogprobs = "item.input_audio_transcription.logprobs"

// Audio has the settings of both directions.
type Audio struct {
	Input  AudioInput  `json:"input,omitzero"`
	Output AudioOutput `json:"output,omitzero"`
}

// AudioInput is the sound that the server gets. Without a Transcription there is
// no text of what the user says; OpenAI's default is none.
type AudioInput struct {
	Format         AudioFormat         `json:"format,omitzero"`
	NoiseReduction Opt[NoiseReduction] `json:"noise_reduction,omitzero"`
	Transcription  Opt[Transcription]  `json:"transcription,omitzero"`
	TurnDetection  Opt[TurnDetection]  `json:"turn_detection,omitzero"`
}

// AudioOutput is the sound that the server makes.
type AudioOutput struct {
	Format AudioFormat `json:"format,omitzero"`
	Voice  Voice       `json:"voice,omitempty"` // fixed once there was any sound
	Speed  float64     `json:"speed,omitempty"` // 0.25 to 1.5; 0 leaves it as it was
	Model  string      `json:"model,omitempty"` // that speaks; Inworld only
}

// NoiseReduction filters the user's sound before anything listens to it.
type NoiseReduction struct {
	Type     string       `json:"type"` // "near_field" or "far_field"
	Strength Opt[float64] `json:"strength,omitzero"`
}

// The types of a NoiseReduction.
const (
	NearField = "near_field" // handsets and headsets
	FarField  = "far_field"  // speakerphones
)

// Transcription says which model writes down what the user says, and helps it.
type Transcription struct {
	Model     string   `json:"model,omitempty"`
	Language  string   `json:"language,omitempty"`  // ISO 639-1
	Languages []string `json:"languages,omitempty"` // gpt-transcribe only
	Prompt    string   `json:"prompt,omitempty"`
	Keywords  []string `json:"keywords,omitempty"` // gpt-transcribe only
	Delay     string   `json:"delay,omitempty"`    // "minimal" to "xhigh"; gpt-realtime-whisper only
}

// TurnDetection says how the server notices that the user has spoken. Null, in a
// Config, leaves it to the client to commit audio and to create responses.
type TurnDetection struct {
	Type              string       `json:"type"`                         // "server_vad" or "semantic_vad"
	Threshold         Opt[float64] `json:"threshold,omitzero"`           // 0 to 1; server_vad
	PrefixPaddingMS   Opt[int]     `json:"prefix_padding_ms,omitzero"`   // server_vad
	SilenceDurationMS Opt[int]     `json:"silence_duration_ms,omitzero"` // server_vad; set it, the default is uncertain
	IdleTimeoutMS     Opt[int]     `json:"idle_timeout_ms,omitzero"`     // null, or 5000 to 30000; server_vad
	Eagerness         string       `json:"eagerness,omitempty"`          // "low", "medium", "high", "auto"; semantic_vad
	CreateResponse    Opt[bool]    `json:"create_response,omitzero"`     // default true
	InterruptResponse Opt[bool]    `json:"interrupt_response,omitzero"`  // default true
}

// The types of a TurnDetection.
const (
	ServerVAD   = "server_vad"
	SemanticVAD = "semantic_vad"
)

// Reasoning bounds how much the model thinks before it speaks.
type Reasoning struct {
	Effort string `json:"effort"` // "minimal", "low", "medium", "high", "xhigh"; xAI: "none" or "high"
}
