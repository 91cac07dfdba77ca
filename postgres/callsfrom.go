package postgres

import "context"

// CallsFrom counts the calls that came in from a number within a day and that other
// instances than this one carry: those that are not over, and those of the last hour.
func (db *DB) CallsFrom(ctx context.Context, from, instance string) (live, lastHour int, err error) {
	if !storable(from) {
		return 0, 0, nil
	}
	err = db.pool.QueryRow(ctx, `
		select count(*) filter (where outcome is null), count(*) filter (where started_at > now() - interval '1 hour')
		from calls
		where direction = 'inbound' and from_number = $1 and started_at > now() - interval '1 day' and instance <> $2`,
		from, instance).Scan(&live, &lastHour)
	if err != nil {
		return 0, 0, readError(err)
	}
	return live, lastHour, nil
}
