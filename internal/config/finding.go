package config

// Finding is what the doctor found in one place.
type Finding struct {
	What  string `json:"what"`
	State string `json:"state"` // ok | warning | wrong
	Say   string `json:"say"`
}

// States of a finding.
const (
	Well    = "ok"
	Warning = "warning"
	Wrong   = "wrong"
)
