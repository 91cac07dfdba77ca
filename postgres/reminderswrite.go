package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/remind"
)

// Cancel implements remind.Store.
func (s *Reminders) Cancel(ctx context.Context, id, reason string) (remind.Reminder, error) {
	tag, err := s.pool.Exec(ctx, `
		update reminders set status = 'cancelled', updated_at = now(),
			reason = $2 || case status when 'calling' then '; its call was under way' else '' end
		where id = $1 and status in ('scheduled', 'deferred', 'held', 'calling')`, id, reason)
	if err != nil {
		return remind.Reminder{}, remindersError(err)
	}
	r, err := s.Get(ctx, id)
	if err == nil && tag.RowsAffected() == 0 {
		err = remind.ErrFinal
	}
	return r, err
}

// CancelAll implements remind.Store.
func (s *Reminders) CancelAll(ctx context.Context, ids []string, reason string) (int, error) {
	tag, err := s.pool.Exec(ctx, `
		update reminders set status = 'cancelled', reason = $2, updated_at = now()
		where id = any($1) and status in ('scheduled', 'deferred', 'held', 'calling')`, ids, reason)
	if err != nil {
		return 0, remindersError(err)
	}
	return int(tag.RowsAffected()), nil
}

// The row's lock lets one of several through; the attempts' primary key would
// refuse the others even so.
const claimReminder = `
with claimed as (
	update reminders set status = 'calling', claims = claims + 1, next_at = $3, updated_at = now()
	where id = $1 and status in ('scheduled', 'deferred', 'held') and next_at <= $3
	returning claims
)
insert into reminder_attempts (reminder_id, attempt, call_id, claimed_at)
select $1, claims, $2, $3 from claimed
returning attempt`

// Claim implements remind.Store.
func (s *Reminders) Claim(ctx context.Context, id, callID string, now time.Time) (attempt int, err error) {
	err = s.pool.QueryRow(ctx, claimReminder, id, callID, now).Scan(&attempt)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, remindersError(err)
	}
	return attempt, nil
}

// An attempt of which nothing came has no row any more: while the ledger is away
// there would be no end of them.
const settleAttempt = `
with gone as (
	delete from reminder_attempts where reminder_id = $1 and attempt = $2 and fate = 'open' and $3 = 'nothing'
	returning attempt
), settled as (
	update reminder_attempts set fate = $3, outcome = $4, counts = $5, call_id = coalesce(nullif($6, ''), call_id)
	where reminder_id = $1 and attempt = $2 and $3 <> 'nothing'
		and (fate = 'open' or fate = 'placed' and outcome = '' and ($4 <> '' or $3 = 'unknown'))
	returning attempt
)
update reminders r set
	attempts = (select count(*) from reminder_attempts a where a.reminder_id = r.id and a.counts and a.attempt <> $2) + $5::int,
	voids = voids + $7::int,
	status = case when r.status = 'calling' then $8 else r.status end,
	next_at = case when r.status = 'calling' then $9 else r.next_at end,
	reason = case when r.status = 'calling' then $10 else r.reason end,
	rules = case when r.status = 'calling' then $11 else r.rules end,
	holds = case when r.status = 'calling' then $12 else r.holds end,
	updated_at = now()
where r.id = $1 and (exists (select from gone) or exists (select from settled))`

// Settle implements remind.Store.
func (s *Reminders) Settle(ctx context.Context, a remind.Settlement) (bool, error) {
	tag, err := s.pool.Exec(ctx, settleAttempt, a.ID, a.Attempt, a.Fate, a.Outcome, a.Counts, a.CallID, flag(a.Void),
		a.Status, a.NextAt, a.Reason, texts(a.Rules), a.Holds)
	if err != nil {
		return false, remindersError(err)
	}
	return tag.RowsAffected() > 0, nil
}

// Move implements remind.Store.
func (s *Reminders) Move(ctx context.Context, id string, to remind.State) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		update reminders set status = $2, next_at = $3, reason = $4, rules = $5, holds = $6, updated_at = now()
		where id = $1 and status in ('scheduled', 'deferred', 'held')`, id, to.Status, to.NextAt, to.Reason, texts(to.Rules), to.Holds)
	if err != nil {
		return false, remindersError(err)
	}
	return tag.RowsAffected() > 0, nil
}

// Pause implements remind.Store.
func (s *Reminders) Pause(ctx context.Context, p remind.Pause) error {
	_, err := s.pool.Exec(ctx, `
		insert into reminder_pauses (agent, until, reason) values ($1, $2, $3)
		on conflict (agent) do update set until = greatest(excluded.until, reminder_pauses.until), reason = excluded.reason`, p.Agent, p.Until, p.Reason)
	if err != nil {
		return remindersError(err)
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// texts is a list that is never null.
func texts(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
