package config

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// The doctor tells of approvals that end within 30 days, and of those that have ended.
func TestDoctorTellsOfApprovals(t *testing.T) {
	p, err := consent.LoadPolicy([]byte("name: x\nallow_states: {TX: {approved_by: J. Doe, reason: R, expires: 2027-06-30}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		before time.Duration
		want   string
	}{{31 * 24 * time.Hour, ""}, {30 * 24 * time.Hour, "allow_states.TX: the approval by J. Doe expires on 2027-06-30, in 30 days"}, {0, "expired on 2027-06-30"}} {
		got := ApprovalFindings(p, end.Add(-tt.before))
		if len(got) != min(1, len(tt.want)) || tt.want != "" && !strings.Contains(got[0].Say, tt.want) {
			t.Errorf("%v before its end: %+v, want %q", tt.before, got, tt.want)
		}
	}
}
