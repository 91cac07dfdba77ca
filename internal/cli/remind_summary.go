package cli

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

// remindSummary is what came of an import.
type remindSummary struct {
	DryRun  bool `json:"dry_run,omitempty"`
	Lines   int  `json:"lines"` // that could be read
	Refused int  `json:"refused"`

	// Of an import.
	Scheduled int `json:"scheduled"`
	There     int `json:"there_already"`

	// Of a dry run, by what the gate says of the time at which each line is due. Now is
	// those that may be called then.
	Now   int            `json:"now"`
	Later int            `json:"later"`
	First *time.Time     `json:"first_later,omitempty"`
	Held  int            `json:"held"`
	Never int            `json:"never"`
	Rules map[string]int `json:"rules,omitempty"` // how many lines each rule stands in the way of
	rules map[consent.Outcome]map[string]int
}

// decided counts a decision.
func (s *remindSummary) decided(d consent.Decision) {
	switch d.Outcome {
	case consent.Allow:
		s.Now++
		return
	case consent.Defer:
		s.Later++
		if d.NotBefore != nil && (s.First == nil || d.NotBefore.Before(*s.First)) {
			s.First = d.NotBefore
		}
	case consent.Hold:
		s.Held++
	default:
		s.Never++
	}
	if s.rules == nil {
		s.rules = map[consent.Outcome]map[string]int{}
	}
	if s.rules[d.Outcome] == nil {
		s.rules[d.Outcome] = map[string]int{}
	}
	seen := map[string]bool{}
	for _, r := range d.Failing() {
		if !seen[r.Rule] {
			seen[r.Rule] = true
			s.Rules[r.Rule]++
			s.rules[d.Outcome][r.Rule]++
		}
	}
}

// print tells a person what came of the import.
func (s *remindSummary) print() {
	if s.Refused > 0 {
		defer plain.Printf("%s lines can't be scheduled as they are\n", grouped(s.Refused))
	}
	if !s.DryRun {
		plain.Printf("%s scheduled, %s already existed\n", grouped(s.Scheduled), grouped(s.There))
		return
	}
	plain.Printf("of %s: %s may be called when due, %s later", grouped(s.Lines), grouped(s.Now), grouped(s.Later))
	if s.First != nil {
		plain.Printf(" (first at %s)", s.First.Local().Format("Mon 2 Jan 15:04 MST"))
	}
	if s.Held > 0 {
		plain.Printf(", %s held until a fact is known", grouped(s.Held))
	}
	plain.Printf(", %s never", grouped(s.Never))
	if s.Never+s.Held > 0 {
		plain.Printf("; reasons:")
	}
	plain.Println()
	for _, o := range []struct {
		outcome consent.Outcome
		title   string
	}{{consent.Deny, "never"}, {consent.Hold, "held"}, {consent.Defer, "later"}} {
		counts := s.rules[o.outcome]
		rules := slices.Collect(maps.Keys(counts))
		slices.SortFunc(rules, func(a, b string) int {
			if counts[a] != counts[b] {
				return counts[b] - counts[a]
			}
			return slices.Compare([]byte(a), []byte(b))
		})
		for _, r := range rules {
			plain.Printf("  %-6s %9s  %s\n", o.title, grouped(counts[r]), r)
		}
	}
}

// grouped is a number with commas between its thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
