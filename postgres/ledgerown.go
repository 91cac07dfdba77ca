package postgres

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Own is the facts about the ledger itself ([consent.Type.OfLedger]) of the given
// types, the newest last; of more than 10,000 the newest.
func (l *Ledger) Own(ctx context.Context, types ...consent.Type) ([]consent.Fact, error) {
	token := l.token(phone.Number{})
	facts, err := l.read(ctx, `
		select `+rowColumns+` from consent_ledger
		where token = $1 and type <> 'decision' and type = any($2) order by seq desc limit $3`, token[:], types, historyMax)
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: its own rows: %w", err)
	}
	return facts, nil
}
