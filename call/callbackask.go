package call

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// callbacksADay is how many calls back one number may have in a day, by whichever calls.
const (
	callbacksADay = 2
	callbackDay   = 24 * time.Hour
)

// spokenToday counts the consents to be called back that somebody spoke at this number within a day.
func (d dossier) spokenToday(ctx context.Context, n phone.Number, now time.Time) (count int, err error) {
	snapshots, err := d.keeper.gate.Ledger.Snapshot(ctx, n)
	if err != nil {
		return 0, err
	}
	for _, f := range snapshots[0].Facts {
		if f.Type == consent.Grant && f.CallID != "" && f.Evidence != nil && f.Evidence.Method == methodSpoken && now.Sub(f.OccurredAt) < callbackDay {
			count++
		}
	}
	return count, nil
}
