package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/erasure"
)

// erasedAtOnce is how many calls one transaction erases: a statement of a person's ten thousand
// calls would run into its time limit.
const erasedAtOnce = 100

// personsCall is whom a call is with; an index has it.
const personsCall = `(case direction when 'inbound' then from_number else to_number end) = $1`

// living is a call that has not ended, or whose end has yet to be settled with the carrier.
const living = `(outcome is null or direction = 'outbound' and reaped_at is not null and settled_at is null)`

const endedCalls = `
select c.id from calls c, erasures e
where ` + personsCall + ` and not ` + living + ` and e.id = $2 and c.started_at <= e.ordered_at
order by c.id limit $3 for update of c`

// eraseHeader keeps of a call what says nothing of anybody. Its end is in the log.
const eraseHeader = `
update calls set erased_at = now(),
	from_number = case direction when 'inbound' then $2 else from_number end,
	to_number = case direction when 'inbound' then to_number else $2 end,
	chat_group_id = '', chat_ids = '{}', variables = null,
	opening = case jsonb_typeof(opening) when 'object' then opening || jsonb_build_object('text', $2::text) end,
	ordered = (select jsonb_object_agg(key, value) from jsonb_each(case jsonb_typeof(ordered) when 'object' then ordered else '{}' end)
		where key in ('permit_id', 'purpose', 'contains_marketing', 'duties'))
where id = any ($1)`

// eraseEntries keeps of a line what says nothing of anybody.
const eraseEntries = `
update call_entries e set rev = default, body = (
	select jsonb_object_agg(key, case when key in ('text', 'result', 'error', 'digit') then to_jsonb($2::text) else value end)
	from jsonb_each(e.body)
	where key in ('seq', 'at_ms', 'kind', 'event', 'heard', 'name', 'voice', 'ms', 'text', 'result', 'error', 'digit')
)
where call_id = any ($1)`

// besideCalls is what else is kept of calls. The chats' ids lead to what the voice's service keeps.
var besideCalls = []struct{ what, query string }{
	{"", `delete from hume_chats where call_sid in (select twilio_call_sid from calls where id = any ($1) and twilio_call_sid <> '')`},
	{"", `delete from call_next where call_sid in (select twilio_call_sid from calls where id = any ($1) and twilio_call_sid <> '')`},
	{"", `delete from call_commands where call_id = any ($1)`},
	{"answers", `delete from idempotency_keys where call_id = any ($1)`},
}

// EraseRows implements [erasure.Store].
func (e Erasures) EraseRows(ctx context.Context, id, instance string, t erasure.Target) (live []string, err error) {
	for n, known := erasedAtOnce, t.Calls; n == erasedAtOnce; known = nil {
		if n, err = e.eraseCalls(ctx, id, instance, t, known); err != nil {
			return nil, erasureError("erase calls", err)
		}
	}
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error { return e.eraseOthers(ctx, tx, id, t) })
	if err == nil {
		live, err = e.livesOf(ctx, id, t)
	}
	return live, erasureError("erase rows", err)
}

// eraseCalls erases some of a person's calls, and those that only a disk knew, and returns how
// many of the former there were.
func (e Erasures) eraseCalls(ctx context.Context, id, instance string, t erasure.Target, known []string) (n int, err error) {
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, endedCalls, t.Number.E164(), id, erasedAtOnce)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if n = len(ids); err != nil || n+len(known) == 0 {
			return err
		}
		ids = append(ids, known...)
		fresh, err := tx.Exec(ctx, `insert into erased_calls (call_id, erasure_id) select unnest($1::text[]), $2
			on conflict (call_id) do update set erasure_id = excluded.erasure_id where erased_calls.erasure_id <> excluded.erasure_id`, ids, id)
		if err != nil {
			return err
		}
		if fresh.RowsAffected() > 0 { // their recordings may be anywhere
			if _, err := tx.Exec(ctx, `update erasure_instances set done_at = null where erasure_id = $1 and instance <> $2`, id, instance); err != nil {
				return err
			}
		}
		more := erasure.Counts{"calls": n}
		for _, d := range besideCalls {
			tag, err := tx.Exec(ctx, d.query, ids)
			if err != nil {
				return err
			}
			more[d.what] += int(tag.RowsAffected())
		}
		delete(more, "")
		if _, err := tx.Exec(ctx, eraseHeader, ids, calllog.Erased); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, eraseEntries, ids, calllog.Erased)
		if err != nil {
			return err
		}
		more["entries"] = int(tag.RowsAffected())
		return addCounts(ctx, tx, id, more)
	})
	return n, err
}

// eraseOthers deletes what is kept of a person beside calls. A permit that has not ended is kept
// for its opt-outs; after a day nothing can become of it.
func (e Erasures) eraseOthers(ctx context.Context, tx pgx.Tx, id string, t erasure.Target) error {
	more := erasure.Counts{}
	for _, d := range []struct {
		what, query string
		of          any
	}{
		{"reminders", `
			with gone as (delete from reminders where to_number = $1 and status <> 'calling' returning id),
			jobs as (delete from river_job where kind = 'reminder' and state <> 'running' and args->>'reminder' in (select id from gone))
			select id from gone`, t.Number.E164()},
		{"permits", `delete from external_permits where person = $1 and (ended or created_at < now() - ` + permitDays + `)`, t.Permits[:]},
		{"answers", `delete from idempotency_keys where person = $1 and answer is not null`, t.Person[:]},
	} {
		tag, err := tx.Exec(ctx, d.query, d.of)
		if err != nil {
			return err
		}
		more[d.what] = int(tag.RowsAffected())
	}
	return addCounts(ctx, tx, id, more)
}

// livesOf is what of a person has to end first.
func (e Erasures) livesOf(ctx context.Context, id string, t erasure.Target) ([]string, error) {
	rows, _ := e.pool.Query(ctx, `
		select 'call ' || c.id || ' to end' from calls c, erasures e
		where `+personsCall+` and `+living+` and e.id = $2 and c.started_at <= e.ordered_at
		union all
		select 'reminder ' || id || ', whose call is under way' from reminders where to_number = $1 and status = 'calling'
		union all
		select 'permit ' || id || ' to end' from external_permits
		where person = $3 and not ended and created_at >= now() - `+permitDays, t.Number.E164(), id, t.Permits[:])
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
