package bridge

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
	voiceEVI      = "evi"
	voiceRealtime = "realtime"
	voiceDesk     = "desk"
)

var voices = []string{voiceEVI, voiceRealtime, voiceDesk}

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

// voices is what an agent speaks with, evi if it does not say.
func (a agentBlock) voices() []string {
	if len(a.Voice) == 0 {
		return []string{voiceEVI}
	}
	return a.Voice
}

// speaks tells whether a voice is among those of an agent.
func (a agentBlock) speaks(voice string) bool { return slices.Contains(a.voices(), voice) }

// voices checks an agent's voices, and that each has what it needs.
func (k *checker) voices(name string, a agentBlock) {
	for i, v := range a.Voice {
		at := []string{"agents", name, "voice", fmt.Sprint(i)}
		k.oneOf(v, voices, at...)
		switch {
		case v == "":
			k.wrong("it is empty", at...)
		case slices.Index(a.Voice, v) < i:
			k.wrong("it is there already", at...)
		case v == voiceDesk && i < len(a.Voice)-1:
			k.wrong("desk always answers, so no voice after it would ever be asked: put it last", at...)
		}
	}
	if a.speaks(voiceRealtime) {
		k.realtime(name, a)
	}
	if a.speaks(voiceEVI) && k.c.HumeAPIKey == "" {
		k.wrong("an agent with voice: evi needs HUME_API_KEY in the environment", "agents", name, "voice")
	}
}

// prompt reads an agent's own prompt; empty if it has none.
func (c *config) prompt(name string, a agentBlock) (string, error) {
	if a.PromptFile == "" {
		return "", nil
	}
	b, err := os.ReadFile(c.path(a.PromptFile))
	if err != nil {
		return "", c.file.problem(err.Error(), "agents", name, "prompt_file")
	}
	return strings.TrimSpace(string(b)), nil
}

// dialer makes one voice of an agent.
func (c *config) dialer(voice string, a agentBlock, prompt string) agent.Dialer {
	switch voice {
	case voiceEVI:
		return &agent.EVI{URL: c.HumeAPIURL, APIKey: c.HumeAPIKey, Tokens: c.tokens, ConfigID: a.EVI.ConfigID, InputRate: a.EVI.InputRate,
			Verbose: a.EVI.Verbose, Prompt: prompt, Budgets: a.Budgets.budgets(), NetDialContext: tcp.DialContext}
	case voiceRealtime:
		return c.realtime(a, prompt)
	}
	return desk.Dialer{}
}
