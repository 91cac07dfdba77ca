package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
)

const earlierCalls = `
where direction = 'inbound' and from_number = $1 and to_number = $2 and agent = $3 and started_at < $4
	and ended_at >= $5 and outcome is not null and erased_at is null
order by started_at desc, id desc limit $6`

const earlierEntries = `
select c.id, e.body
from unnest($1::text[]) c (id) cross join lateral (
	select seq, body from call_entries where call_id = c.id order by seq desc limit $2
) e
order by e.seq`

// Earlier implements calllog.Store.
func (s *Calls) Earlier(ctx context.Context, q calllog.EarlierQuery) ([]calllog.Call, error) {
	if !storable(q.From + q.To + q.Agent) {
		return nil, nil
	}
	calls, err := s.headers(ctx, earlierCalls, q.From, q.To, q.Agent, q.Before, q.Since, calllog.EarlierCalls)
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	ids, of := make([]string, len(calls)), map[string]*calllog.Call{}
	for i := range calls {
		ids[i], of[calls[i].ID] = calls[i].ID, &calls[i]
	}
	rows, err := s.pool.Query(ctx, earlierEntries, ids, calllog.EarlierEntries)
	if err != nil {
		return nil, readError(err)
	}
	for rows.Next() {
		var id string
		var e calllog.Entry
		if err := rows.Scan(&id, &e); err != nil {
			rows.Close()
			return nil, readError(err)
		}
		of[id].Entries = append(of[id].Entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, readError(err)
	}
	return calls, nil
}

const lockCallsWith = `
select id from calls
where direction = 'inbound' and from_number = $1 or direction = 'outbound' and to_number = $1
order by id for update`

// eraseHeaders keeps what a call that lives needs.
const eraseHeaders = `
update calls set erased_at = now(),
	chat_group_id = case when outcome is null then chat_group_id else '' end,
	chat_ids = case when outcome is null then chat_ids else '{}' end,
	variables = case when outcome is null then variables end
where id = any ($1)`

// eraseEntries keeps of a line what says nothing of anybody.
const eraseEntries = `
update call_entries e set rev = default, body = (
	select jsonb_object_agg(key, case when key in ('text', 'result', 'error', 'digit') then to_jsonb($2::text) else value end)
	from jsonb_each(e.body)
	where key in ('seq', 'at_ms', 'kind', 'event', 'heard', 'name', 'voice', 'ms', 'text', 'result', 'error', 'digit')
)
where call_id = any ($1)`

// eraseChats forgets what the voice's service reported: its ids lead to what is kept there.
const eraseChats = `delete from hume_chats where call_sid in (select twilio_call_sid from calls where id = any ($1))`

// Erase implements calllog.Store.
func (s *Calls) Erase(ctx context.Context, number string) error {
	if number == "" || !storable(number) {
		return nil
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, lockCallsWith, number)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(ids) == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, eraseHeaders, ids); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, eraseChats, ids); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, eraseEntries, ids, calllog.Erased)
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: erase from the call log: %w", err)
	}
	return nil
}
