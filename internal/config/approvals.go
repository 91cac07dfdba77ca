package config

import (
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// ApprovalFindings tells of approvals in the policy that end soon, or have ended.
func ApprovalFindings(p *consent.Policy, now time.Time) (all []Finding) {
	told := map[string]bool{}
	for _, w := range p.Widened() {
		left := w.Until().Sub(now)
		if told[w.Path] || left > approvalSoon {
			continue
		}
		told[w.Path] = true
		text := fmt.Sprintf("%s: the approval by %s expires on %s, in %s; then the built-in policy applies again", w.Path, w.ApprovedBy, w.Expires, InWords(left))
		if left <= 0 {
			text = fmt.Sprintf("%s: the approval by %s expired on %s: the built-in policy applies", w.Path, w.ApprovedBy, w.Expires)
		}
		all = append(all, Finding{"policy", Warning, text})
	}
	return all
}

// InWords is a length of time as a person says it.
func InWords(d time.Duration) string {
	switch d = d.Round(time.Minute); {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

// approvalSoon is how long before the end of an approval the doctor speaks of it.
const approvalSoon = 30 * 24 * time.Hour
