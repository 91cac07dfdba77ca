package consent

import "time"

// Outcome is what a decision comes to.
type Outcome string

const (
	Allow Outcome = "allow"
	Defer Outcome = "defer" // not now: NotBefore says from when
	Hold  Outcome = "hold"  // a fact is missing or too old
	Deny  Outcome = "deny"  // only a new fact changes this
)

// Status is how one rule came out.
type Status string

const (
	Pass          Status = "pass"
	Fail          Status = "fail"
	Unknown       Status = "unknown" // a fact is missing: never a pass
	NotApplicable Status = "not_applicable"
)

// Effect is what a rule that fails does.
type Effect string

const (
	EffectBlock  Effect = "block"
	EffectDefer  Effect = "defer"
	EffectHold   Effect = "hold"
	EffectInCall Effect = "in_call" // the call may be placed, with a duty
	EffectWarn   Effect = "warn"
)

// Result is how one rule came out for one jurisdiction.
type Result struct {
	Rule         string  `json:"rule"`         // such as hours.state.FL; an identifier for ever
	Jurisdiction string  `json:"jurisdiction"` // US, or a state's two letters
	Status       Status  `json:"status"`
	Effect       Effect  `json:"effect"`
	Reason       string  `json:"reason"`
	Citation     string  `json:"citation"`
	Facts        []int64 `json:"facts,omitempty"` // Seq of those relied on
	// what would make it pass, where the rule itself knows more than its id says
	Remedy  string     `json:"remedy,omitempty"`
	RetryAt *time.Time `json:"retry_at"`
	Duty    Duty       `json:"duty,omitempty"` // of one that asks something of the call
	Say     string     `json:"say,omitempty"`  // of DutyEmergencyText
}

// Decision is the answer to a request: every rule's result, never only the first
// that fails.
type Decision struct {
	Outcome     Outcome    `json:"outcome"`
	Results     []Result   `json:"results"`
	NotBefore   *time.Time `json:"not_before"` // the first instant at which all rules about time pass together
	Duties      []Result   `json:"duties"`     // what the call has to do
	Policy      string     `json:"policy"`     // sha256:… of the policy in force
	AsOf        int64      `json:"as_of"`      // the newest row of the ledger that was seen
	EvaluatedAt time.Time  `json:"evaluated_at"`

	Seq int64 `json:"seq,omitempty"` // of the decision's own row; 0 if it was only asked
}

// Failing is the results that stand in the way, in their order.
func (d Decision) Failing() []Result {
	var list []Result
	for _, r := range d.Results {
		if (r.Status == Fail || r.Status == Unknown) && r.Effect != EffectWarn && r.Effect != EffectInCall {
			list = append(list, r)
		}
	}
	return list
}
