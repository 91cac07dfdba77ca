package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/calllog"
)

// Calls is the call log in Postgres.
type Calls struct{ pool *pgxpool.Pool }

var _ calllog.Store = (*Calls)(nil)

// Calls returns the call log of the database.
func (db *DB) Calls() *Calls { return &Calls{db.pool} }

// lockCalls makes writers of one call wait for each other, so that the
// revisions of its entries become visible in the order of their numbers. A
// reader that has seen revision 12 will never meet a new revision 11.
const lockCalls = `select from calls where id = any ($1) order by id for update`

const writeHeader = `
insert into calls (
	id, epoch, version, instance, direction, twilio_call_sid, from_number, to_number, agent, voice, chat_ids,
	chat_group_id, status, outcome, started_at, answered_at, ended_at, decision_seq, opening, quality, ordered, failure, attestation,
	voices, variables, broke, usage
) select
	$1, $27, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, '{}'::text[]),
	$11, $12, nullif($13, ''), $14, $15, $16, $17, $18, $19, $20, $21, $22,
	coalesce($23, '{}'::text[]), $24, $25, $26
where not exists (select from erased_calls where call_id = $1)
on conflict (id) do update set
	epoch = excluded.epoch, version = excluded.version, instance = excluded.instance, direction = excluded.direction,
	twilio_call_sid = excluded.twilio_call_sid,
	-- Who took a stream while the database was away knows no numbers.
	from_number = coalesce(nullif(excluded.from_number, ''), calls.from_number),
	to_number = coalesce(nullif(excluded.to_number, ''), calls.to_number),
	agent = excluded.agent, voice = excluded.voice, chat_ids = excluded.chat_ids,
	chat_group_id = excluded.chat_group_id, status = excluded.status, outcome = excluded.outcome,
	started_at = excluded.started_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at,
	decision_seq = excluded.decision_seq, opening = excluded.opening, quality = excluded.quality, ordered = excluded.ordered,
	failure = excluded.failure, attestation = excluded.attestation, voices = excluded.voices, variables = excluded.variables,
	broke = excluded.broke, usage = excluded.usage,
	-- Whoever reaped the call took its bridge for dead. This write shows that it lives, and what it says counts.
	reaped_at = null
where (calls.epoch, calls.version) < (excluded.epoch, excluded.version)`

// writeEntry gives a changed entry a new revision, and leaves an unchanged one
// as it is: a spool that is replayed shows nobody the same entry twice. Of a call that was
// erased nothing is written any more.
const writeEntry = `
insert into call_entries as old (call_id, seq, body)
select $1, $2, $3 where not exists (select from erased_calls where call_id = $1)
on conflict (call_id, seq) do update set body = excluded.body, rev = excluded.rev
where old.body <> excluded.body`

// entryKey is the seq column of an entry: in order, whoever wrote it.
func entryKey(epoch, seq int) int64 { return int64(epoch)<<32 | int64(seq) }

// Apply implements calllog.Store. All statements travel together, as one
// transaction in one round trip.
func (s *Calls) Apply(ctx context.Context, changes []calllog.Change) error {
	ids := make([]string, 0, len(changes))
	for _, change := range changes {
		id := change.CallID
		if change.Call != nil {
			id = change.Call.ID
		}
		if id == "" {
			return &calllog.RejectedError{Reason: "it does not name its call"}
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)

	writes := &pgx.Batch{}
	writes.Queue(lockCalls, slices.Compact(ids))
	for _, change := range changes {
		if c := change.Call; c != nil {
			writes.Queue(writeHeader, c.ID, c.Version, c.Instance, c.Direction, c.TwilioCallSID, c.From, c.To,
				c.Agent, c.Voice, c.ChatIDs, c.ChatGroupID, c.Status, c.Outcome, c.StartedAt, c.AnsweredAt, c.EndedAt,
				c.DecisionSeq, c.Opening, c.Quality, c.Order, c.Failure, c.Attestation, c.Voices, c.Variables, c.Broke, c.Usage, c.Epoch)
		}
		if change.Entry != nil {
			body, err := json.Marshal(change.Entry)
			if err != nil {
				return &calllog.RejectedError{Reason: "can't encode the entry as JSON"}
			}
			writes.Queue(writeEntry, change.CallID, entryKey(change.Epoch, change.Entry.Seq), body)
		}
	}
	return applyError(s.pool.SendBatch(ctx, writes).Close())
}

// applyError tells a change that can never be stored from a database that is
// away. The server's words for the former quote the value, so only its code is
// passed on.
func applyError(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:min(2, len(pg.Code))] {
		case "22", "23", "54": // data exception, integrity constraint violation, program limit exceeded
			return &calllog.RejectedError{Reason: "SQLSTATE " + pg.Code}
		}
	}
	return fmt.Errorf("postgres: write the call log: %w", err)
}
