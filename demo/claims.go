package demo

import (
	"fmt"
	"strings"
)

// The bounds beyond which a claim is not true. They are those of a person on the
// telephone, and leave room for a slow machine; the figures are what to look at.
const (
	bearable = 200.0  // ms, from an interruption to silence
	aFrame   = 20.0   // ms that the bridge may add, in the middle of all cases
	whole    = 0.02   // seconds, a frame, by which sound may be short
	maxAway  = 5.0    // seconds without an agent
	maxTool  = 5000.0 // ms
)

// claim is something that a call proves, or does not.
type claim struct {
	Name   string `json:"name"`
	Text   string `json:"claim"`
	OK     bool   `json:"ok"`
	Figure string `json:"figure"` // what was measured
}

func agrees(misjudged int) string {
	if misjudged == 0 {
		return "ear agrees"
	}
	return fmt.Sprintf("ear differs in %d", misjudged)
}

func complaints(warnings, faults []string) string {
	if all := append(append([]string{}, warnings...), faults...); len(all) > 0 {
		return strings.Join(all, "; ")
	}
	return "0 warnings, 0 faults"
}

// failed lists the claims that are not true.
func failed(all []claim) []string {
	var texts []string
	for _, c := range all {
		if !c.OK {
			texts = append(texts, c.Text)
		}
	}
	return texts
}
