package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/realtime"
)

// What bridge.yaml says is what the voice is made of, and what it leaves out fits a telephone.
func TestRealtimeVoices(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "OPENAI_API_KEY=sk\nGROK=xk\nBRIDGE_INSECURE=on\n", "bridge.yaml": `
sellers: {s: {legal_name: S LLC}}
agents:
  plain: {seller: s, voice: realtime, opening: {text: "This call is recorded. How can I help you? "}}
  full:
    seller: s
    voice: [realtime, evi]
    realtime: {model: gpt-realtime-1.5, voice: marin, speed: 1.2, max_output_tokens: 500, noise_reduction: "off", greet: caller, reasoning: "off",
      transcription: {model: gpt-realtime-whisper, language: es, keywords: [corona], prompt: A dentist.},
      turn_detection: {type: server_vad, threshold: 0.7, prefix_padding_ms: 200, silence_duration_ms: 400, idle_timeout_ms: 8000},
      prices: {gpt-realtime-1.5: {audio_in: 30, minute: 0.1}}}
  grok: {seller: s, voice: realtime, realtime: {dialect: xai, key_env: GROK, model: grok-voice-latest}}
  home: {seller: s, voice: realtime, realtime: {dialect: localai, url: "ws://10.0.0.5:8080/v1/realtime", turn_detection: semantic_vad}}
`})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]agent.Realtime{
		"plain": {URL: "wss://api.openai.com/v1/realtime", APIKey: "sk", Model: "gpt-realtime-2.1", Listens: true, Settings: realtime.Config{Reasoning: &realtime.Reasoning{Effort: "low"},
			Audio: realtime.Audio{Input: realtime.AudioInput{NoiseReduction: realtime.Set(realtime.NoiseReduction{Type: "near_field"}), Transcription: realtime.Set(realtime.Transcription{}),
				TurnDetection: realtime.Set(realtime.TurnDetection{Type: "server_vad"})}}}},
		"full": {URL: "wss://api.openai.com/v1/realtime", APIKey: "sk", Model: "gpt-realtime-1.5", Listens: true, Prices: agent.Prices{"gpt-realtime-1.5": {AudioIn: 30, Minute: 0.1}},
			Settings: realtime.Config{MaxOutputTokens: 500, Audio: realtime.Audio{Output: realtime.AudioOutput{Voice: "marin", Speed: 1.2}, Input: realtime.AudioInput{
				Transcription: realtime.Set(realtime.Transcription{Model: "gpt-realtime-whisper", Language: "es", Keywords: []string{"corona"}, Prompt: "A dentist."}),
				TurnDetection: realtime.Set(realtime.TurnDetection{Type: "server_vad", Threshold: realtime.Set(0.7), PrefixPaddingMS: realtime.Set(200), SilenceDurationMS: realtime.Set(400), IdleTimeoutMS: realtime.Set(8000)})}}}},
		"grok": {Dialect: "xai", URL: "wss://api.x.ai/v1/realtime", APIKey: "xk", Model: "grok-voice-latest", Settings: realtime.Config{Audio: realtime.Audio{Input: realtime.AudioInput{
			Transcription: realtime.Set(realtime.Transcription{}), TurnDetection: realtime.Set(realtime.TurnDetection{Type: "server_vad"})}}}},
		"home": {Dialect: "localai", URL: "ws://10.0.0.5:8080/v1/realtime", Settings: realtime.Config{Audio: realtime.Audio{Input: realtime.AudioInput{
			Transcription: realtime.Set(realtime.Transcription{}), TurnDetection: realtime.Set(realtime.TurnDetection{Type: "semantic_vad"})}}}},
	} {
		got := c.realtime(c.File.Agents[name], "Be brief.")
		want.Prompt = "Be brief."
		got.NetDialContext = nil
		if want.Prices == nil {
			want.Prices = agent.Prices{}
		}
		if diff := cmp.Diff(want, *got, cmp.Comparer(func(a, b realtime.Config) bool {
			return cmp.Equal(encoded(t, a), encoded(t, b))
		})); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
}

// encoded is settings as they are sent to a server that takes all of them.
func encoded(t *testing.T, c realtime.Config) string {
	t.Helper()
	b, err := realtime.EncodeClient(realtime.OpenAI, "", realtime.SessionUpdate{Session: c})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
