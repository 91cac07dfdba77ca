package consent

import "slices"

// Policy is the rules' numbers and switches: the built-in policy with a tenant's
// policy.yaml laid over it. Make it with [LoadPolicy].
type Policy struct {
	Name        string              `yaml:"name"`
	SwitchedOff []string            `yaml:"switched_off"` // rule ids by dotted prefix
	States      map[string]StateRow `yaml:"states"`       // by two letters
	Caps        Caps                `yaml:"caps"`
	AllowStates []string            `yaml:"allow_states"` // whose device and registration rules counsel has signed off
	Exemptions  []string            `yaml:"exemptions"`   // that may be claimed

	hash string
}

// StateRow is what one state wants.
type StateRow struct {
	MonFri   string `yaml:"mon_fri"`  // "08:00-21:00", or "none"
	Saturday string `yaml:"saturday"` // likewise
	Sunday   string `yaml:"sunday"`
	Holidays string `yaml:"holidays"` // "ok", "none", or a window

	Cap        int    `yaml:"cap"` // sales calls in CapHours on one subject; 0 for none
	CapHours   int    `yaml:"cap_hours"`
	Device     string `yaml:"device"`       // allow, block, counsel_required
	Written    string `yaml:"written"`      // "", all, mobile: written consent for sales calls by the state's own law
	List       bool   `yaml:"list"`         // keeps a do-not-call list of its own
	Register   bool   `yaml:"registration"` // wants sellers registered before the first sales call
	AllParty   bool   `yaml:"all_party"`    // recording needs everyone's consent
	Citation   string `yaml:"citation"`
	Confidence string `yaml:"confidence"` // high, med, low

	ExtraHolidays []string `yaml:"extra_holidays"` // dated rows: 2006-01-02
}

// Caps bound how often a person is called, whatever the law allows, and how old a
// fact may be.
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
}

// Hash names the policy as it is in force: "sha256:…".
func (p *Policy) Hash() string { return p.hash }

// Off tells whether a rule is switched off.
func (p *Policy) Off(id string) bool {
	return slices.ContainsFunc(p.SwitchedOff, func(prefix string) bool { return under(id, prefix) })
}
