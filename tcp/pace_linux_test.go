//go:build !386

package tcp

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	now := time.Now()
	p := pace{since: now}
	for i, step := range []struct {
		reports int
		after   time.Duration
		busy    bool
	}{
		{1000, paceWindow / 2, false}, // not yet
		{0, paceWindow, true},
		{paceBusy - 1, paceWindow, true}, // it was busy
		{paceCalm - 1, paceWindow, false},
		{paceBusy - 1, paceWindow, false}, // it was calm
		{paceBusy, paceWindow, true},
		{paceBusy, time.Hour, false}, // few for so long a time
		{paceBusy * 3, 2 * paceWindow, true},
		{0, paceWindow, false},
	} {
		now = now.Add(step.after)
		if got := p.count(step.reports, now); got != step.busy {
			t.Errorf("step %d: busy is %v", i, got)
		}
	}
}
