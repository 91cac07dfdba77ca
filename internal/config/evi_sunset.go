package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// EVIEnd is when hosted EVI ends, as Hume announced on 2026-10-02: 00:01 US Eastern.
var EVIEnd = time.Date(2026, 11, 13, 5, 1, 0, 0, time.UTC)

// HostedEVI tells whether EVI is asked for at Hume's own host.
func (c *Config) HostedEVI() bool {
	u, err := url.Parse(c.HumeAPIURL)
	return err == nil && strings.EqualFold(u.Hostname(), "api.hume.ai")
}

// EVISunset says what Hume announced; empty of another host.
func (c *Config) EVISunset(now time.Time) string {
	if !c.HostedEVI() {
		return ""
	}
	verb := "ends"
	if now.After(EVIEnd) {
		verb = "ended"
	}
	return fmt.Sprintf("by Hume's announcement hosted EVI %s on %s", verb, EVIEnd.Format(time.DateOnly))
}

// OtherVoice is the one line of bridge.yaml that gives an agent another voice than EVI.
func (c *Config) OtherVoice(name string) string {
	a := c.File.Agents[name]
	list := slices.DeleteFunc(slices.Clone(a.Voices()), func(v string) bool { return v == VoiceEVI })
	if len(list) == 0 || list[0] == VoiceDesk {
		list = append([]string{VoiceRealtime}, list...)
	}
	voice := list[0]
	if len(list) > 1 {
		voice = "[" + strings.Join(list, ", ") + "]"
	}
	text := fmt.Sprintf("%s line %d: voice: %s", c.Config, c.File.Line("agents", name, "voice"), voice)
	if len(a.Voice) == 0 {
		text = fmt.Sprintf("voice: %s under agents.%s, %s line %d", voice, name, c.Config, c.File.Line("agents", name))
	}
	if !slices.Contains(list, VoiceRealtime) {
		return text
	}
	if key := a.Realtime.keyName(); key != "" && c.Vars[key] == "" {
		text += ", with " + key + " in the environment"
	}
	if a.PromptFile == "" {
		text += ", and a prompt_file: EVI's prompt is in Hume's account"
	}
	return text
}
