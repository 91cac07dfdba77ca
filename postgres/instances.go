package postgres

import (
	"context"
	"fmt"
	"time"
)

// Beat notes that a bridge lives. Call it every few seconds.
func (db *DB) Beat(ctx context.Context, instance string) error {
	_, err := db.pool.Exec(ctx, `
		insert into instances (name, beat_at) values ($1, now())
		on conflict (name) do update set beat_at = excluded.beat_at`, instance)
	if err != nil {
		return fmt.Errorf("postgres: write this instance's heartbeat: %w", err)
	}
	return nil
}

const closeOrphans = `
with orphans as (
	update calls c
	-- The version stays: should the bridge live after all, its next header is newer and takes the call back.
	set status = 'completed', outcome = 'failed', broke = true, ended_at = now(), reaped_at = now()
	where outcome is null and (
		instance = nullif($1, '')
		or coalesce((select beat_at from instances where name = c.instance), started_at) < now() - make_interval(secs => $2)
	)
	returning id, started_at
), numbered as (
	select id, coalesce((select max(seq) from call_entries e where e.call_id = o.id), 0) + 1 as key,
		greatest(0, 1000 * extract(epoch from now() - started_at))::bigint as at_ms
	from orphans o
), noted as (
	insert into call_entries (call_id, seq, body)
	select id, key, jsonb_build_object('seq', key & 4294967295, 'at_ms', at_ms, 'kind', 'note', 'text', 'the bridge stopped during the call')
	from numbered
	on conflict do nothing -- a bridge that lives after all was quicker with an entry of its own
), forgotten as (
	delete from instances where beat_at < now() - interval '30 days' -- an erasure waits for those that are here
)
select count(*) from orphans`

// CloseOrphans gives an outcome to calls whose bridge can no longer do it: the
// calls of self, asked once at start before the first call of this run, and
// those of bridges that have not beaten for as long as stale. With an empty
// self it closes only the latter. It returns how many it closed.
//
// What a spool still holds of these calls must be stored first
// (calllog.Writer.Flush): a header from there is newer and would open the call
// again.
func (db *DB) CloseOrphans(ctx context.Context, self string, stale time.Duration) (n int, err error) {
	if err := db.pool.QueryRow(ctx, closeOrphans, self, stale.Seconds()).Scan(&n); err != nil {
		return 0, fmt.Errorf("postgres: close orphaned calls: %w", err)
	}
	return n, nil
}
