package call

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
)

// arrange finds out what would become of a call back, writes down the consent, and schedules it, in
// this order: without the ledger nothing is scheduled, and who may not be called agrees to nothing.
// A caller ID proves nobody: of whom the carrier does not vouch for no consent is written down, and
// the number itself is asked.
func (d dossier) arrange(ctx context.Context, o CallbackOrder, grant consent.Fact, now time.Time) (
	builtin.Arrangement, error,
) {
	if err := d.keeper.callbacks.Check(o); err != nil {
		return builtin.Arrangement{}, fmt.Errorf("nothing is scheduled: %w", err)
	}
	switch n, err := d.spokenToday(ctx, o.To, now); {
	case err != nil:
		return builtin.Arrangement{}, err
	case n >= callbacksADay:
		return builtin.Arrangement{}, builtin.ErrAskedEnough
	}
	ask := !d.holdsNumber()
	if ask {
		grant.Via, grant.Attestation = consent.ViaSMS, "" // as it will be, if it ever is
	}
	decision, err := d.keeper.gate.DecideAt(ctx, d.callback(o), o.At, d.until(now, grant)...)
	if err != nil {
		return builtin.Arrangement{}, err
	}
	held, err := builtin.Foresee(decision, o.At)
	if err != nil {
		return builtin.Arrangement{}, err
	}
	if ask {
		return builtin.Arrangement{Held: held, Asked: true}, d.keeper.callbacks.Ask(ctx, o)
	}
	receipts, err := d.keeper.gate.Record(ctx, grant)
	if err != nil {
		return builtin.Arrangement{}, err
	}
	a := builtin.Arrangement{Row: receipts[0].Seq, Held: held}
	if a.ID, err = d.keeper.callbacks.Schedule(ctx, o); err != nil {
		return a, fmt.Errorf("nothing is scheduled: %w", err)
	}
	return a, nil
}
