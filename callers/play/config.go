package main

import (
	"fmt"
	"strings"
)

// config is bridge.yaml.
func (s *scenes) config() string {
	var b strings.Builder
	b.WriteString("sellers:\n  riverbend: {legal_name: Riverbend Dental LLC}\nagents:\n")
	for _, sc := range s.all {
		fmt.Fprintf(&b, "  %s:\n    seller: riverbend\n    voice: [%s]\n", sc.agent, strings.Join(sc.voices, ", "))
		if sc.evi != nil {
			fmt.Fprintf(&b, "    evi: {config_id: %s, input_rate: 8000}\n", sc.configID())
		}
		if sc.realtime != nil {
			const block = "    realtime: {url: %q, greet: caller, transcription: {language: %s}}\n"
			fmt.Fprintf(&b, block, sc.realtime.URL(), sc.language)
		}
	}
	b.WriteString("numbers:\n")
	for _, sc := range s.all {
		fmt.Fprintf(&b, "  %q: %s\n", sc.number, sc.agent)
	}
	return b.String()
}

// configID is EVI's configuration of the scene.
func (s *scene) configID() string {
	return "5b0f4c1e-0000-4000-8000-" + s.number[len(s.number)-10:] + "00"
}
