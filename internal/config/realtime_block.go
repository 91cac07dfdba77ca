package config

import "go.yaml.in/yaml/v3"

// realtimeBlock is `realtime:` of an agent.
type realtimeBlock struct {
	Dialect         string                `yaml:"dialect"`
	URL             string                `yaml:"url"`
	KeyEnv          string                `yaml:"key_env"` // the name of a variable
	Model           string                `yaml:"model"`
	Voice           string                `yaml:"voice"`
	VoiceModel      string                `yaml:"voice_model"` // that speaks, where it isn't the same
	Speed           float64               `yaml:"speed"`
	Temperature     *float64              `yaml:"temperature"`
	MaxOutputTokens int                   `yaml:"max_output_tokens"`
	Reasoning       string                `yaml:"reasoning"`
	Transcription   transcriptionBlock    `yaml:"transcription"`
	TurnDetection   turnBlock             `yaml:"turn_detection"`
	NoiseReduction  string                `yaml:"noise_reduction"`
	Greet           string                `yaml:"greet"`
	Prices          map[string]priceBlock `yaml:"prices"`
}

type transcriptionBlock struct {
	Model    string   `yaml:"model"`
	Language string   `yaml:"language"`
	Keywords []string `yaml:"keywords"`
	Prompt   string   `yaml:"prompt"`
}

// turnBlock is `turn_detection:`, a word or a block.
type turnBlock struct {
	Type            string   `yaml:"type"`
	Threshold       *float64 `yaml:"threshold"`
	PrefixPaddingMS *int     `yaml:"prefix_padding_ms"`
	SilenceMS       *int     `yaml:"silence_duration_ms"`
	IdleTimeoutMS   *int     `yaml:"idle_timeout_ms"`
	Eagerness       string   `yaml:"eagerness"`
}

// UnmarshalYAML reads either form.
func (t *turnBlock) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&t.Type)
	}
	type plain turnBlock
	return n.Decode((*plain)(t))
}

// priceBlock is USD for a million tokens, or for a minute.
type priceBlock struct {
	TextIn      float64 `yaml:"text_in"`
	TextCached  float64 `yaml:"text_cached"`
	TextOut     float64 `yaml:"text_out"`
	AudioIn     float64 `yaml:"audio_in"`
	AudioCached float64 `yaml:"audio_cached"`
	AudioOut    float64 `yaml:"audio_out"`
	Minute      float64 `yaml:"minute"`
}
