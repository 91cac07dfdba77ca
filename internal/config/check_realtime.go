package config

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/realtime"
)

// Bounds of what a realtime voice is told.
const (
	maxKeywords      = 100
	maxKeywordLength = 100  // bytes
	maxSttPrompt     = 1000 // bytes
	maxOutputToken   = 4096
)

var (
	envLetters   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// realtime checks `realtime:` of an agent that speaks with it.
func (k *checker) realtime(name string, a AgentBlock) {
	r := a.Realtime
	at := func(path ...string) []string { return append([]string{"agents", name, "realtime"}, path...) }
	k.oneOf(r.Dialect, names(realtime.Dialects()), at("dialect")...)
	k.oneOf(r.Greet, []string{greetAgent, greetCaller}, at("greet")...)
	k.oneOf(r.NoiseReduction, []string{realtime.NearField, realtime.FarField, off}, at("noise_reduction")...)
	k.oneOf(r.Reasoning, []string{"minimal", "low", "medium", "high", "xhigh", off}, at("reasoning")...)
	if r.Dialect != "" && !slices.Contains(realtime.Dialects(), realtime.Dialect(r.Dialect)) {
		return // nothing else is known then
	}
	k.realtimeKey(name, r)
	k.realtimeURL(name, r)
	if t := r.traits(); r.model() == "" && t.Auth != realtime.AuthNone && realtime.Dialect(r.Dialect) != realtime.Foundry {
		k.wrong("required in the dialect "+r.Dialect, at("model")...)
	}
	k.within(r.Speed, 0.25, 1.5, r.Speed != 0, at("speed")...)
	if r.Temperature != nil {
		k.within(*r.Temperature, 0, 2, true, at("temperature")...)
		if !r.traits().Temperature {
			k.wrong("this dialect does not support temperature", at("temperature")...)
		}
	}
	k.within(float64(r.MaxOutputTokens), 1, maxOutputToken, r.MaxOutputTokens != 0, at("max_output_tokens")...)
	if r.Reasoning != "" && r.Reasoning != off && !r.traits().Reasoning {
		k.wrong("this dialect does not support reasoning", at("reasoning")...)
	}
	k.transcription(r.Transcription, at("transcription")...)
	k.turnDetection(r.TurnDetection, r.traits().Shape == realtime.ShapeTopVAD, at("turn_detection")...)
	for _, model := range slices.Sorted(maps.Keys(r.Prices)) {
		p := r.Prices[model]
		for _, v := range []float64{p.TextIn, p.TextCached, p.TextOut, p.AudioIn, p.AudioCached, p.AudioOut, p.Minute} {
			k.within(v, 0, 100_000, true, at("prices", model)...)
		}
	}
}

// within holds a number that is given to its bounds.
func (k *checker) within(v, least, most float64, given bool, path ...string) {
	if given && !(v >= least && v <= most) {
		k.wrong(fmt.Sprintf("want %g to %g", least, most), path...)
	}
}

func (k *checker) realtimeKey(name string, r realtimeBlock) {
	at := []string{"agents", name, "realtime", "key_env"}
	key := r.keyName()
	switch {
	case key == "" && r.traits().Auth != realtime.AuthNone:
		k.wrong("required in the dialect "+r.Dialect+": the name of the variable that holds its key", at...)
	case key != "" && !envLetters.MatchString(key):
		k.wrong("want the name of a variable, not the key itself", at...)
	case key == openAIKey && r.KeyEnv == "" && k.c.Vars[key] == "":
		k.wrong("an agent with voice: realtime needs OPENAI_API_KEY in the environment", "agents", name, "voice")
	case key != "" && k.c.Vars[key] == "":
		k.wrong("the environment has no "+key, at...)
	}
}

// realtimeURL wants speech and keys to travel encrypted, except on this machine. REALTIME_URL
// has a check of its own.
func (k *checker) realtimeURL(name string, r realtimeBlock) {
	at := []string{"agents", name, "realtime", "url"}
	u, err := url.Parse(k.c.RealtimeAddress(r))
	switch {
	case k.c.RealtimeAddress(r) == "":
		k.wrong("required in the dialect "+r.Dialect, at...)
	case err != nil || u.Host == "" || u.User != nil || !slices.Contains([]string{"ws", "wss", "http", "https"}, u.Scheme):
		k.wrong("want an address such as wss://voice.example/v1/realtime, without a password in it", at...)
	case r.URL != "" && k.c.InTheClear(r.URL) != nil:
		k.wrong(ErrPlaintext.Error(), at...)
	}
}

func (k *checker) transcription(t transcriptionBlock, path ...string) {
	at := func(key string) []string { return append(slices.Clone(path), key) }
	if len(t.Keywords) > maxKeywords {
		k.wrong(fmt.Sprintf("%d entries: want at most %d", len(t.Keywords), maxKeywords), at("keywords")...)
	}
	for i, w := range t.Keywords {
		if strings.TrimSpace(w) == "" || len(w) > maxKeywordLength {
			k.wrong(fmt.Sprintf("want 1 to %d bytes", maxKeywordLength), append(at("keywords"), fmt.Sprint(i))...)
		}
	}
	if len(t.Prompt) > maxSttPrompt {
		k.wrong(fmt.Sprintf("want at most %d bytes", maxSttPrompt), at("prompt")...)
	}
	if t.Language != "" && !languageCode.MatchString(t.Language) {
		k.wrong("want a language such as en or es", at("language")...)
	}
}

// turnDetection holds each knob to its bounds, and to the type that has it.
func (k *checker) turnDetection(t turnBlock, serverOnly bool, path ...string) {
	at := func(key string) []string { return append(slices.Clone(path), key) }
	types := []string{realtime.ServerVAD, realtime.SemanticVAD}
	if serverOnly {
		types = types[:1]
	}
	k.oneOf(t.Type, types, path...)
	k.oneOf(t.Eagerness, []string{"low", "medium", "high", "auto"}, at("eagerness")...)
	semantic := t.Type == realtime.SemanticVAD
	if t.Eagerness != "" && !semantic {
		k.wrong("only valid with semantic_vad", at("eagerness")...)
	}
	if t.Threshold != nil {
		k.within(*t.Threshold, 0, 1, true, at("threshold")...)
	}
	for _, n := range []struct {
		key         string
		v           *int
		least, most float64
	}{
		{"prefix_padding_ms", t.PrefixPaddingMS, 0, 5000},
		{"silence_duration_ms", t.SilenceMS, 100, 10_000},
		{"idle_timeout_ms", t.IdleTimeoutMS, 5000, 30_000},
	} {
		if n.v != nil {
			k.within(float64(*n.v), n.least, n.most, true, at(n.key)...)
		}
	}
	for key, given := range map[string]bool{"threshold": t.Threshold != nil, "prefix_padding_ms": t.PrefixPaddingMS != nil,
		"silence_duration_ms": t.SilenceMS != nil, "idle_timeout_ms": t.IdleTimeoutMS != nil} {
		if semantic && given {
			k.wrong("only valid with server_vad", at(key)...)
		}
	}
}
