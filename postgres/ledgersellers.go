package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// StopSellers is the names of the sellers of whom somebody has wanted no more calls, in
// order. However many rows there are, it costs one look into an index for each name.
func (l *Ledger) StopSellers(ctx context.Context) ([]string, error) {
	return l.sellers(ctx, `
		with recursive names as (
			(select seller from consent_ledger where mark = 'stop' order by seller limit 1)
			union all
			select (select c.seller from consent_ledger c where c.mark = 'stop' and c.seller > names.seller order by c.seller limit 1)
			from names where names.seller is not null
		) select seller from names where seller is not null`)
}

// LiveSellers is the names of the sellers for whom a call is under way that an instance placed,
// in order: people may refuse them at any moment.
func (l *Ledger) LiveSellers(ctx context.Context) ([]string, error) {
	return l.sellers(ctx, `
		select distinct l.seller from calls c join consent_ledger l on l.seq = c.decision_seq
		where c.outcome is null and c.started_at > now() - interval '1 day' order by l.seller`)
}

func (l *Ledger) sellers(ctx context.Context, query string) ([]string, error) {
	rows, err := l.db.pool.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: sellers: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: sellers: %w", err)
	}
	return names, nil
}
