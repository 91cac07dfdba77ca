package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// The errors of [Callbacks.Ask].
var (
	ErrNoTexts     = errors.New("call: the seller sends no texts, so nobody can be asked for a confirmation")
	ErrAskedEnough = errors.New("call: as many calls back were asked for as one number may have in a day")
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
