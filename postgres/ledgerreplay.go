package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
)

// Replay makes the decision of a row again, from what the ledger keeps. See
// [consent.Replay].
func (l *Ledger) Replay(ctx context.Context, seq int64) (consent.Replayed, error) {
	decision, err := l.Fact(ctx, seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return consent.Replayed{}, &consent.ReplayError{Seq: seq, Why: "unknown row"}
	}
	if err != nil {
		return consent.Replayed{}, err
	}
	var facts []consent.Fact
	if d := decision.Decision; d != nil && !decision.Number.IsZero() {
		token := l.token(decision.Number)
		facts, err = l.read(ctx, `
			select `+rowColumns+` from consent_ledger
			where token = $1 and type <> 'decision' and seq <= $2 order by seq limit $3`, token[:], d.AsOf, maxFacts+1)
		if err != nil {
			return consent.Replayed{}, fmt.Errorf("postgres: the ledger: replay: %w", err)
		}
		facts = about(decision.Number, facts)
	}
	own, err := l.Own(ctx, consent.PolicyKept, consent.SellerKept)
	if err != nil {
		return consent.Replayed{}, err
	}
	return consent.Replay(decision, facts, own)
}
