package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/agent/desk"
	"github.com/patchcord/patchcord/tcp"
)

// The voices that an agent may have.
const (
	VoiceEVI      = "evi"
	VoiceRealtime = "realtime"
	VoiceDesk     = "desk"
)

// Voices are the words of bridge.yaml for them.
var Voices = []string{VoiceEVI, VoiceRealtime, VoiceDesk}

// voiceList is `voice:` of an agent: one, or several in the order in which they are asked.
type voiceList []string

// UnmarshalYAML reads either form.
func (l *voiceList) UnmarshalYAML(n *yaml.Node) error {
	var one string
	if n.Kind == yaml.SequenceNode {
		return n.Decode((*[]string)(l))
	}
	if err := n.Decode(&one); err != nil {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: voice: want a voice, or a list of them", n.Line)}}
	}
	if *l = nil; one != "" {
		*l = voiceList{one}
	}
	return nil
}

// Voices is what an agent speaks with, evi if it does not say.
func (a AgentBlock) Voices() []string {
	if len(a.Voice) == 0 {
		return []string{VoiceEVI}
	}
	return a.Voice
}

// Speaks tells whether a voice is among those of an agent.
func (a AgentBlock) Speaks(voice string) bool { return slices.Contains(a.Voices(), voice) }

// voices checks an agent's voices, and that each has what it needs.
func (k *checker) voices(name string, a AgentBlock) {
	for i, v := range a.Voice {
		at := []string{"agents", name, "voice", fmt.Sprint(i)}
		k.oneOf(v, Voices, at...)
		switch {
		case v == "":
			k.wrong("empty", at...)
		case slices.Index(a.Voice, v) < i:
			k.wrong("duplicate", at...)
		case v == VoiceDesk && i < len(a.Voice)-1:
			k.wrong("desk always answers, so later voices would never be used: put it last", at...)
		}
	}
	if a.Speaks(VoiceRealtime) {
		k.realtime(name, a)
	}
	if a.Speaks(VoiceEVI) && k.c.HumeAPIKey == "" {
		k.wrong("an agent with voice: evi needs HUME_API_KEY in the environment", "agents", name, "voice")
	}
}

// Prompt reads an agent's own prompt; empty if it has none.
func (c *Config) Prompt(name string, a AgentBlock) (string, error) {
	if a.PromptFile == "" {
		return "", nil
	}
	b, err := os.ReadFile(c.Path(a.PromptFile))
	if err != nil {
		return "", c.File.Problem(err.Error(), "agents", name, "prompt_file")
	}
	return strings.TrimSpace(string(b)), nil
}

// Dialer makes one voice of an agent.
func (c *Config) Dialer(voice string, a AgentBlock, prompt string) agent.Dialer {
	switch voice {
	case VoiceEVI:
		return &agent.EVI{URL: c.HumeAPIURL, APIKey: c.HumeAPIKey, Tokens: c.tokens, ConfigID: a.EVI.ConfigID, InputRate: a.EVI.InputRate,
			Verbose: a.EVI.Verbose, Prompt: prompt, Budgets: a.Budgets.Budgets(), NetDialContext: tcp.DialContext}
	case VoiceRealtime:
		return c.realtime(a, prompt)
	}
	return desk.Dialer{}
}
