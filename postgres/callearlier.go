package postgres

import (
	"context"

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
