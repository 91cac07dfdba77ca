package bridge

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// eviEnd is when hosted EVI ends, as Hume announced on 2026-10-02: 00:01 US Eastern.
var eviEnd = time.Date(2026, 11, 13, 5, 1, 0, 0, time.UTC)

// hostedEVI tells whether EVI is asked for at Hume's own host.
func (c *config) hostedEVI() bool {
	u, err := url.Parse(c.HumeAPIURL)
	return err == nil && strings.EqualFold(u.Hostname(), "api.hume.ai")
}

// eviSunset says what Hume announced; empty of another host.
func (c *config) eviSunset(now time.Time) string {
	if !c.hostedEVI() {
		return ""
	}
	verb := "ends"
	if now.After(eviEnd) {
		verb = "ended"
	}
	return fmt.Sprintf("by Hume's announcement hosted EVI %s on %s", verb, eviEnd.Format(time.DateOnly))
}

// otherVoice is the one line of bridge.yaml that gives an agent another voice than EVI.
func (c *config) otherVoice(name string) string {
	a := c.file.Agents[name]
	list := slices.DeleteFunc(slices.Clone(a.voices()), func(v string) bool { return v == voiceEVI })
	if len(list) == 0 || list[0] == voiceDesk {
		list = append([]string{voiceRealtime}, list...)
	}
	voice := list[0]
	if len(list) > 1 {
		voice = "[" + strings.Join(list, ", ") + "]"
	}
	text := fmt.Sprintf("%s line %d: voice: %s", c.Config, c.file.line("agents", name, "voice"), voice)
	if len(a.Voice) == 0 {
		text = fmt.Sprintf("voice: %s under agents.%s, %s line %d", voice, name, c.Config, c.file.line("agents", name))
	}
	if !slices.Contains(list, voiceRealtime) {
		return text
	}
	if key := a.Realtime.keyName(); key != "" && c.vars[key] == "" {
		text += ", with " + key + " in the environment"
	}
	if a.PromptFile == "" {
		text += ", and a prompt_file: what EVI is told is in Hume's account"
	}
	return text
}
