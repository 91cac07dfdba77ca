package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Policy is the rules' numbers and switches: the built-in policy with a tenant's
// policy.yaml laid over it. Make it with [LoadPolicy]; it is not to be changed.
type Policy struct {
	Name string `yaml:"name"`
	Date string `yaml:"date"` // of the built-in rows, as 2006-01-02
	// a mobile of which only the area code is known may be anywhere
	StrictMobile bool                `yaml:"strict_mobile"`
	SwitchedOff  []string            `yaml:"switched_off"` // rule ids by dotted prefix
	AllowStates  map[string]Approval `yaml:"allow_states"` // whose device and registration rules counsel has signed off
	Exemptions   map[string]Approval `yaml:"exemptions"`   // that may be claimed
	Templates    map[string]Template `yaml:"emergency_templates"`
	Caps         Caps                `yaml:"caps"`
	States       map[string]StateRow `yaml:"states"` // by two letters

	hash    string
	plans   map[string]statePlan // of States, ready to be asked
	base    *Policy              // the built-in one; nil of itself
	root    *Policy              // that this one is a phase of; nil of a whole one
	phases  []phase              // what counts until approvals are over
	widened []Widened            // beyond the built-in policy
}

// StateRow is what one state wants. Its keys in a policy file are those of its
// tags.
type StateRow struct {
	MonFri   string `yaml:"weekdays"` // "08:00-21:00", in the time of the person called
	Saturday string `yaml:"saturday"` // likewise, or "none"
	Sunday   string `yaml:"sunday"`   // likewise
	Holidays string `yaml:"holidays"` // "ok", "none", or a window

	Cap      int    `yaml:"cap"` // sales calls in CapHours on one subject; 0 for none
	CapHours int    `yaml:"cap_hours"`
	Device   string `yaml:"device"`       // allow, block, counsel_required
	Written  string `yaml:"written"`      // "", all, mobile: written consent for sales calls by the state's own law
	List     bool   `yaml:"list"`         // keeps a do-not-call list of its own
	Register bool   `yaml:"registration"` // wants sellers registered before the first sales call
	AllParty bool   `yaml:"all_party"`    // recording needs everyone's consent

	Emergency  bool `yaml:"emergency_ban"` // no sales calls while an emergency is declared
	CallerZone bool `yaml:"caller_zone"`   // the law names no zone: the caller's own counts, too

	ExtraHolidays []string `yaml:"extra_holidays"` // "2027-02-09 Mardi Gras", beside the federal ones

	Citation        string `yaml:"citation"`
	DeviceCitation  string `yaml:"device_citation"`
	WrittenCitation string `yaml:"written_citation"`
	Confidence      string `yaml:"confidence"` // high, med, low

	Approval `yaml:",inline"` // of a row that allows more than the built-in one
}

// Caps bound how often a person is called, whatever the law allows, and how old a
// fact may be. Their bounds are in capBounds.
type Caps struct {
	PerDay         int `yaml:"per_day"`         // in 24 h. Defaults to 1
	PerWeek        int `yaml:"per_week"`        // in 7 days. Defaults to 3
	Unanswered     int `yaml:"unanswered"`      // in a row, then no more. Defaults to 3
	ConsentMonths  int `yaml:"consent_months"`  // then consent.stale. Defaults to 18
	ScrubDays      int `yaml:"scrub_days"`      // Defaults to 30; at most 31, 47 CFR 64.1200(c)(2)(i)(D)
	ReassignedDays int `yaml:"reassigned_days"` // Defaults to 30
	LineTypeDays   int `yaml:"line_type_days"`  // Defaults to 30
	AnchorHours    int `yaml:"anchor_hours"`    // Defaults to 24
	GuardMinutes   int `yaml:"guard_minutes"`   // no call so close to the end of the hours. Defaults to 5
	AbandonPercent int `yaml:"abandon_percent"` // Defaults to 3; at most 3, 47 CFR 64.1200(a)(7)
	AbandonFloor   int `yaml:"abandon_floor"`   // answered calls; below it one late call is more than 3 %. Defaults to 34

	Approval `yaml:",inline"` // of caps that allow more than the built-in ones
}

// Hash names the policy as it is in force: "sha256:…". Two files with the same
// content have the same hash, in whatever order they say it.
func (p *Policy) Hash() string { return p.hash }

// Off tells whether a rule is switched off.
func (p *Policy) Off(id string) bool {
	return slices.ContainsFunc(p.SwitchedOff, func(prefix string) bool { return under(id, prefix) })
}

// Print writes the whole policy in force as YAML, with its hash. What it writes is
// a policy file itself, of the same hash.
func (p *Policy) Print(w io.Writer) error {
	var n yaml.Node
	if err := n.Encode(p); err != nil {
		return fmt.Errorf("consent: print policy: %w", err)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "states" { // a line for each
			for j := 1; j < len(n.Content[i+1].Content); j += 2 {
				n.Content[i+1].Content[j].Style = yaml.FlowStyle
			}
		}
	}
	if _, err := fmt.Fprintf(w, "# The consent policy in force: %s\n# Engineering, not legal advice: counsel has "+
		"to approve it.\n", p.hash); err != nil {
		return err
	}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(&n); err != nil {
		return fmt.Errorf("consent: print policy: %w", err)
	}
	return e.Close()
}

// seal brings a policy into the one form that its hash is made of, and makes ready
// what decisions ask it for. Its rows must have been checked.
func (p *Policy) seal() {
	p.SwitchedOff = inOrder(p.SwitchedOff)
	p.plans = make(map[string]statePlan, len(p.States))
	for state, row := range p.States {
		row.ExtraHolidays = inOrder(row.ExtraHolidays)
		p.States[state] = row
		p.plans[state] = planOf(row)
	}
	b, err := json.Marshal(p) // fields in their order, keys of maps sorted
	if err != nil {
		panic("internal error: " + err.Error())
	}
	sum := sha256.Sum256(append([]byte("patchcord consent policy 2\n"), b...))
	p.hash = "sha256:" + hex.EncodeToString(sum[:])
	if p.base != nil {
		p.divide()
	}
}

// inOrder is a list sorted, each once; never nil.
func inOrder(list []string) []string {
	sorted := append([]string{}, list...) // another policy may have the same list
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
