package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
)

// NoteChat keeps what was reported of a chat that was opened for a call. Reports come in
// any order and more than once: each adds what was not known before, and changes nothing
// that was. What comes late of an erased call is not kept, and what is older than a year
// is removed, as transcripts are.
func (db *DB) NoteChat(ctx context.Context, callSID string, c calllog.Chat) error {
	_, err := db.pool.Exec(ctx, `
		with swept as (delete from hume_chats where seen_at < now() - interval '1 year' and id <> $1)
		insert into hume_chats as old (id, call_sid, started_at, ended_at, seconds, end_reason)
		select $1, $2, $3::timestamptz, $4::timestamptz, $5::integer, $6
		where not exists (select from calls where twilio_call_sid = $2 and twilio_call_sid <> '' and erased_at is not null)
		on conflict (id) do update set
			started_at = coalesce(old.started_at, excluded.started_at), ended_at = coalesce(old.ended_at, excluded.ended_at),
			seconds = case old.seconds when 0 then excluded.seconds else old.seconds end,
			end_reason = case old.end_reason when '' then excluded.end_reason else old.end_reason end
		where old.call_sid = excluded.call_sid`,
		c.ID, callSID, c.StartedAt, c.EndedAt, c.Seconds, c.EndReason)
	if err != nil {
		return fmt.Errorf("postgres: record a chat: %w", err)
	}
	return nil
}

// ChatsOf is what was reported of the chats of a call, in the order in which they began.
func (db *DB) ChatsOf(ctx context.Context, callSID string) ([]calllog.Chat, error) {
	if callSID == "" {
		return nil, nil
	}
	rows, err := db.pool.Query(ctx, `
		select id, started_at, ended_at, seconds, end_reason from hume_chats where call_sid = $1
		order by coalesce(started_at, ended_at - seconds * interval '1 second', seen_at), id limit 100`, callSID)
	if err == nil {
		var list []calllog.Chat
		if list, err = pgx.CollectRows(rows, scanChat); err == nil {
			return list, nil
		}
	}
	return nil, fmt.Errorf("postgres: read the chats of a call: %w", err)
}

func scanChat(row pgx.CollectableRow) (c calllog.Chat, err error) {
	err = row.Scan(&c.ID, &c.StartedAt, &c.EndedAt, &c.Seconds, &c.EndReason)
	for _, t := range []*time.Time{c.StartedAt, c.EndedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return c, err
}
