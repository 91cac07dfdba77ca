package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
)

const selectHeader = `
select id, epoch, version, instance, direction, twilio_call_sid, from_number, to_number, agent, voice, chat_ids, chat_group_id,
	status, coalesce(outcome, ''), started_at, answered_at, ended_at, decision_seq, opening, quality, ordered, failure, attestation, voices, variables, broke, usage
from calls`

const selectEntries = `select body from call_entries where call_id = $1 order by seq`

// Get implements calllog.Store.
func (s *Calls) Get(ctx context.Context, id string) (calllog.Call, error) {
	call, err := s.header(ctx, " where id = $1", id)
	if err != nil {
		return calllog.Call{}, err
	}
	rows, err := s.pool.Query(ctx, selectEntries, id)
	if err == nil {
		call.Entries, err = pgx.CollectRows(rows, pgx.RowTo[calllog.Entry])
	}
	if err != nil {
		return calllog.Call{}, readError(err)
	}
	return call, nil
}

// BySID implements calllog.Store.
func (s *Calls) BySID(ctx context.Context, twilioCallSID string) (calllog.Call, error) {
	if twilioCallSID == "" { // the calls that Twilio has not named yet
		return calllog.Call{}, calllog.ErrNotFound
	}
	return s.header(ctx, " where twilio_call_sid = $1 order by started_at desc limit 1", twilioCallSID)
}

// Since implements calllog.Store. One statement reads both, so that an ended
// call has shown all of its entries.
func (s *Calls) Since(ctx context.Context, id string, rev int64) (entries []calllog.Entry, last int64, ended bool, err error) {
	rows, err := s.pool.Query(ctx, `
		select c.outcome is not null, e.rev, e.body
		from calls c left join call_entries e on e.call_id = c.id and e.rev > $2
		where c.id = $1 order by e.rev`, id, rev)
	if err != nil {
		return nil, 0, false, readError(err)
	}
	var (
		found bool
		at    *int64 // null, with the entry, if there is none
		entry *calllog.Entry
	)
	last = rev
	_, err = pgx.ForEachRow(rows, []any{&ended, &at, &entry}, func() error {
		found = true
		if at != nil {
			entries, last = append(entries, *entry), *at
			entry = nil // the next row must not be decoded into the same one
		}
		return nil
	})
	if err != nil {
		return nil, 0, false, readError(err)
	}
	if !found {
		return nil, 0, false, calllog.ErrNotFound
	}
	return entries, last, ended, nil
}

func (s *Calls) header(ctx context.Context, where, key string) (calllog.Call, error) {
	calls, err := s.headers(ctx, where, key)
	if err != nil {
		return calllog.Call{}, err
	}
	if len(calls) == 0 {
		return calllog.Call{}, calllog.ErrNotFound
	}
	return calls[0], nil
}

func (s *Calls) headers(ctx context.Context, where string, args ...any) ([]calllog.Call, error) {
	rows, err := s.pool.Query(ctx, selectHeader+where, args...)
	if err != nil {
		return nil, readError(err)
	}
	calls, err := pgx.CollectRows(rows, scanHeader)
	if err != nil {
		return nil, readError(err)
	}
	return calls, nil
}

func scanHeader(row pgx.CollectableRow) (c calllog.Call, err error) {
	err = row.Scan(&c.ID, &c.Epoch, &c.Version, &c.Instance, &c.Direction, &c.TwilioCallSID, &c.From, &c.To, &c.Agent, &c.Voice,
		&c.ChatIDs, &c.ChatGroupID, &c.Status, &c.Outcome, &c.StartedAt, &c.AnsweredAt, &c.EndedAt, &c.DecisionSeq,
		&c.Opening, &c.Quality, &c.Order, &c.Failure, &c.Attestation, &c.Voices, &c.Variables, &c.Broke, &c.Usage)
	c.StartedAt = c.StartedAt.UTC()
	for _, t := range []*time.Time{c.AnsweredAt, c.EndedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return c, err
}

func readError(err error) error { return fmt.Errorf("postgres: read the call log: %w", err) }
