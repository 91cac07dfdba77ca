package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/remind"
)

const reminderFields = `r.id, coalesce(r.key, ''), r.to_number, r.from_number, r.agent, r.purpose, r.contains_marketing, r.subject, r.variables,
	r.state, r.zone, r.due_at, r.status, r.attempts, r.next_at, r.reason, r.rules, r.created_at, r.body,
	array(select call_id from reminder_attempts a where a.reminder_id = r.id and a.fate = 'placed' order by a.attempt)`

// Get implements remind.Store.
func (s *Reminders) Get(ctx context.Context, id string) (remind.Reminder, error) {
	list, err := readReminders(ctx, s.pool, " where r.id = $1", id)
	if err != nil {
		return remind.Reminder{}, remindersError(err)
	}
	if len(list) == 0 {
		return remind.Reminder{}, remind.ErrNotFound
	}
	return list[0], nil
}

// List implements remind.Store.
func (s *Reminders) List(ctx context.Context, f remind.Filter) ([]remind.Reminder, string, error) {
	limit := f.Limit
	if limit == 0 {
		limit = remind.DefaultLimit
	}
	if limit < 1 || limit > remind.MaxLimit {
		return nil, "", fmt.Errorf("postgres: %w: limit is %d, outside 1 to %d", remind.ErrBadFilter, limit, remind.MaxLimit)
	}
	var where conditions
	for _, c := range []struct{ column, value string }{{"r.agent", f.Agent}, {"r.status", string(f.Status)}, {"r.to_number", f.To.E164()}, {"r.id", f.ID}} {
		if !storable(c.value) {
			return nil, "", fmt.Errorf("postgres: %w: %s is not text", remind.ErrBadFilter, c.column)
		}
		switch {
		case c.value == "":
		case c.column == "r.id":
			where.add("r.id ^@ ", c.value)
		default:
			where.add(c.column+" = ", c.value)
		}
	}
	if f.Agents != nil {
		where.add("r.agent = any", f.Agents)
	}
	if f.Cursor != "" {
		below, err := parseCursor(f.Cursor)
		if err != nil {
			return nil, "", fmt.Errorf("postgres: %w: the cursor is not one of ours", remind.ErrBadFilter)
		}
		where.add("(r.created_at, r.id) < ", below.startedAt, below.id)
	}
	// One more than asked for tells whether there is a next page.
	list, err := readReminders(ctx, s.pool, where.sql()+fmt.Sprintf(" order by r.created_at desc, r.id desc limit %d", limit+1), where.args...)
	if err != nil {
		return nil, "", remindersError(err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	list = list[:limit]
	last := list[limit-1]
	return list, cursor{last.CreatedAt, last.ID}.String(), nil
}

// LiveFor implements remind.Store.
func (s *Reminders) LiveFor(ctx context.Context, to phone.Number, after string) ([]remind.Reminder, error) {
	list, err := readReminders(ctx, s.pool, fmt.Sprintf(`
		where r.to_number = $1 and r.status in ('scheduled', 'deferred', 'held', 'calling') and r.id > $2
		order by r.id limit %d`, remind.MaxLimit), to.E164(), after)
	if err != nil {
		return nil, remindersError(err)
	}
	return list, nil
}

// View implements remind.Store.
func (s *Reminders) View(ctx context.Context, id string) (remind.View, error) {
	rows, err := s.pool.Query(ctx, `
		select `+reminderFields+`, r.voids, r.holds, coalesce(p.until, '-infinity') > now(), coalesce(p.until, now()),
			l.attempt, coalesce(l.call_id, ''), l.claimed_at, coalesce(l.fate, ''), coalesce(l.outcome, '')
		from reminders r
		left join reminder_pauses p on p.agent = r.agent
		left join lateral (select * from reminder_attempts a where a.reminder_id = r.id order by a.attempt desc limit 1) l on true
		where r.id = $1`, id)
	if err != nil {
		return remind.View{}, remindersError(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (v remind.View, err error) {
		var (
			rest   reminderRest
			paused bool
			until  time.Time
			last   remind.Attempt
			number *int
			at     *time.Time
		)
		err = row.Scan(append(rest.places(&v.Reminder), &v.Voids, &v.Holds, &paused, &until, &number, &last.CallID, &at, &last.Fate, &last.Outcome)...)
		if err != nil {
			return v, err
		}
		if paused {
			v.PausedUntil = until.UTC()
		}
		if number != nil {
			last.Number, last.ClaimedAt = *number, at.UTC()
			v.Last = &last
		}
		return v, rest.complete(&v.Reminder)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return remind.View{}, remind.ErrNotFound
	}
	if err != nil {
		return remind.View{}, remindersError(err)
	}
	return v, nil
}

// Pauses implements remind.Store.
func (s *Reminders) Pauses(ctx context.Context) ([]remind.Pause, error) {
	rows, err := s.pool.Query(ctx, `select agent, until, reason from reminder_pauses where until > now() order by agent`)
	if err != nil {
		return nil, remindersError(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[remind.Pause])
	if err != nil {
		return nil, remindersError(err)
	}
	for i := range list {
		list[i].Until = list[i].Until.UTC()
	}
	return list, nil
}

// ByCall implements remind.Store.
func (s *Reminders) ByCall(ctx context.Context, callID string) (id string, err error) {
	err = s.pool.QueryRow(ctx, `select reminder_id from reminder_attempts where call_id = $1`, callID).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", remind.ErrNotFound
	}
	if err != nil {
		return "", remindersError(err)
	}
	return id, nil
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func readReminders(ctx context.Context, q querier, where string, args ...any) ([]remind.Reminder, error) {
	rows, err := q.Query(ctx, "select "+reminderFields+" from reminders r"+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r remind.Reminder, err error) {
		var rest reminderRest
		if err := row.Scan(rest.places(&r)...); err != nil {
			return r, err
		}
		return r, rest.complete(&r)
	})
}

// reminderRest is what of a row is not yet as a reminder has it.
type reminderRest struct{ to, from string }

func (rest *reminderRest) places(r *remind.Reminder) []any {
	return []any{&r.ID, &r.Key, &rest.to, &rest.from, &r.Order.Agent, &r.Order.Purpose, &r.Order.Marketing, &r.Order.Subject, &r.Order.Variables,
		&r.Order.Location.State, &r.Order.Location.Zone, &r.Due, &r.Status, &r.Attempts, &r.NextAt, &r.Reason, &r.Rules, &r.CreatedAt, &r.Body, &r.CallIDs}
}

func (rest *reminderRest) complete(r *remind.Reminder) (err error) {
	r.Due, r.CreatedAt, r.NextAt = r.Due.UTC(), r.CreatedAt.UTC(), r.NextAt.UTC()
	if !r.Status.Live() {
		r.NextAt = time.Time{}
	}
	if r.Order.To, err = phone.Parse(rest.to); err != nil {
		return err
	}
	if rest.from != "" {
		r.Order.From, err = phone.Parse(rest.from)
	}
	return err
}

func remindersError(err error) error { return fmt.Errorf("postgres: reminders: %w", err) }
