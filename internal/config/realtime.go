package config

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/tcp"
)

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

// AtOpenAI tells whether the dialect is OpenAI's own.
func (r realtimeBlock) AtOpenAI() bool {
	return r.Dialect == "" || r.Dialect == string(realtime.OpenAI)
}

func (r realtimeBlock) model() string {
	if r.AtOpenAI() {
		return cmp.Or(r.Model, realtimeModel)
	}
	return r.Model
}

// keyName is the variable with the key, empty for none. Nobody's key goes to somebody else
// by default.
func (r realtimeBlock) keyName() string {
	if r.KeyEnv == "" && r.AtOpenAI() {
		return openAIKey
	}
	return r.KeyEnv
}

// RealtimeAddress is where an agent's voice is. REALTIME_URL counts for every dialect if it is
// set, and by its default for OpenAI alone.
func (c *Config) RealtimeAddress(r realtimeBlock) string {
	set := c.Vars["REALTIME_URL"]
	if r.AtOpenAI() {
		set = c.RealtimeURL
	}
	return cmp.Or(r.URL, set, r.traits().URL)
}

// realtime makes the voice of an agent.
func (c *Config) realtime(a AgentBlock, prompt string) *agent.Realtime {
	r := a.Realtime
	prices := agent.Prices{}
	for model, p := range r.Prices {
		prices[model] = agent.Price(p)
	}
	return &agent.Realtime{
		Dialect: realtime.Dialect(r.Dialect), URL: c.RealtimeAddress(r), APIKey: c.Vars[r.keyName()], Model: r.model(),
		Settings: r.settings(), Prompt: prompt, Listens: a.listens(), Prices: prices, Budgets: a.Budgets.Budgets(), NetDialContext: tcp.DialContext}
}

// listens tells whether the voice waits for the caller's first words. Unless it is said, it
// does after an opening that asks something.
func (a AgentBlock) listens() bool {
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
	in.Transcription = realtime.Set(r.Transcription.settings())
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

func (t transcriptionBlock) settings() realtime.Transcription {
	return realtime.Transcription{Model: t.Model, Language: t.Language, Keywords: t.Keywords, Prompt: t.Prompt}
}

func (t turnBlock) settings() realtime.TurnDetection {
	return realtime.TurnDetection{Type: cmp.Or(t.Type, realtime.ServerVAD),
		Threshold: opt(t.Threshold), PrefixPaddingMS: opt(t.PrefixPaddingMS),
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
