package bridge

import (
	"cmp"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/tcp"
)

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

// What an agent speaks with that says no more than `voice: realtime`.
const (
	realtimeModel  = "gpt-realtime-2.1"
	realtimeEffort = "low"            // of a model that reasons: more of it is heard as silence
	reasoning      = "gpt-realtime-2" // and what goes on from it reasons; older ones refuse the setting
	openAIKey      = "OPENAI_API_KEY"
)

// Who speaks first.
const (
	greetAgent  = "agent"
	greetCaller = "caller"
)

const off = "off"

// traits are those of the block's dialect.
func (r realtimeBlock) traits() realtime.Traits { return realtime.Dialect(r.Dialect).Traits() }

// openAI tells whether the server has all of OpenAI's settings.
func (r realtimeBlock) openAI() bool { return r.traits().Tracing }

// atOpenAI tells whether the dialect is OpenAI's own.
func (r realtimeBlock) atOpenAI() bool {
	return r.Dialect == "" || r.Dialect == string(realtime.OpenAI)
}

func (r realtimeBlock) model() string {
	if r.atOpenAI() {
		return cmp.Or(r.Model, realtimeModel)
	}
	return r.Model
}

// keyName is the variable with the key, empty for none. Nobody's key goes to somebody else
// by default.
func (r realtimeBlock) keyName() string {
	if r.KeyEnv == "" && r.atOpenAI() {
		return openAIKey
	}
	return r.KeyEnv
}

// realtimeURL is where an agent's voice is. REALTIME_URL counts for every dialect if it is
// set, and by its default for OpenAI alone.
func (c *config) realtimeURL(r realtimeBlock) string {
	set := c.vars["REALTIME_URL"]
	if r.atOpenAI() {
		set = c.RealtimeURL
	}
	return cmp.Or(r.URL, set, r.traits().URL)
}

// realtime makes the voice of an agent.
func (c *config) realtime(a agentBlock, prompt string) *agent.Realtime {
	r := a.Realtime
	prices := agent.Prices{}
	for model, p := range r.Prices {
		prices[model] = agent.Price(p)
	}
	return &agent.Realtime{Dialect: realtime.Dialect(r.Dialect), URL: c.realtimeURL(r), APIKey: c.vars[r.keyName()], Model: r.model(),
		Settings: r.settings(), Prompt: prompt, Listens: a.listens(), Prices: prices, NetDialContext: tcp.DialContext}
}

// listens tells whether the voice waits for the caller's first words. Unless it is said, it
// does after an opening that asks something.
func (a agentBlock) listens() bool {
	if g := a.Realtime.Greet; g != "" {
		return g == greetCaller
	}
	return a.Opening != nil && strings.HasSuffix(strings.TrimSpace(a.Opening.Text), "?")
}

// settings are the block's as the wire has them.
func (r realtimeBlock) settings() realtime.Config {
	s := realtime.Config{MaxOutputTokens: realtime.MaxTokens(r.MaxOutputTokens)}
	s.Audio.Output = realtime.AudioOutput{Voice: realtime.Voice(r.Voice), Speed: r.Speed, Model: r.VoiceModel}
	in := &s.Audio.Input
	in.Transcription = realtime.Set(realtime.Transcription{Model: r.Transcription.Model, Language: r.Transcription.Language,
		Keywords: r.Transcription.Keywords, Prompt: r.Transcription.Prompt})
	in.TurnDetection = realtime.Set(r.TurnDetection.settings())
	if n := r.NoiseReduction; n != "" && n != off {
		in.NoiseReduction = realtime.Set(realtime.NoiseReduction{Type: n})
	} else if n == "" && r.openAI() {
		in.NoiseReduction = realtime.Set(realtime.NoiseReduction{Type: realtime.NearField})
	}
	if r.Temperature != nil {
		s.Temperature = realtime.Set(*r.Temperature)
	}
	effort := r.Reasoning
	if effort == "" && r.openAI() && strings.HasPrefix(r.model(), reasoning) {
		effort = realtimeEffort
	}
	if effort != "" && effort != off {
		s.Reasoning = &realtime.Reasoning{Effort: effort}
	}
	return s
}

func (t turnBlock) settings() realtime.TurnDetection {
	return realtime.TurnDetection{Type: cmp.Or(t.Type, realtime.ServerVAD), Threshold: opt(t.Threshold), PrefixPaddingMS: opt(t.PrefixPaddingMS),
		SilenceDurationMS: opt(t.SilenceMS), IdleTimeoutMS: opt(t.IdleTimeoutMS), Eagerness: t.Eagerness}
}

func opt[T any](v *T) realtime.Opt[T] {
	if v == nil {
		return realtime.Opt[T]{}
	}
	return realtime.Set(*v)
}

// names lists things of a named string type.
func names[T ~string](all []T) (list []string) {
	for _, v := range all {
		list = append(list, fmt.Sprint(v))
	}
	return list
}
