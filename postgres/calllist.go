package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/calllog"
)

// List implements calllog.Store.
func (s *Calls) List(ctx context.Context, f calllog.Filter) ([]calllog.Call, string, error) {
	limit := f.Limit
	if limit == 0 {
		limit = calllog.DefaultLimit
	}
	if limit < 1 || limit > calllog.MaxLimit {
		return nil, "", fmt.Errorf("postgres: %w: limit is %d, outside 1 to %d", calllog.ErrBadFilter, limit, calllog.MaxLimit)
	}
	var where conditions
	for _, c := range []struct{ column, value string }{
		{"id", f.ID},
		{"agent", f.Agent},
		{"outcome", f.Outcome},
		{"direction", f.Direction},
		{"twilio_call_sid", f.TwilioCallSID},
	} {
		if !storable(c.value) {
			return nil, "", fmt.Errorf("postgres: %w: %s is not text", calllog.ErrBadFilter, c.column)
		}
		switch {
		case c.value == "":
		case c.column == "id":
			where.add("id ^@ ", c.value)
		default:
			where.add(c.column+" = ", c.value)
		}
	}
	if f.Agents != nil {
		where.add("agent = any", f.Agents)
	}
	if f.Live != nil {
		where.add("(outcome is null) = ", *f.Live)
	}
	if f.Cursor != "" {
		below, err := parseCursor(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		where.add("(started_at, id) < ", below.startedAt, below.id)
	}
	// One more than asked for tells whether there is a next page.
	calls, err := s.headers(ctx, where.sql()+fmt.Sprintf(" order by started_at desc, id desc limit %d", limit+1), where.args...)
	if err != nil {
		return nil, "", err
	}
	if len(calls) <= limit {
		return calls, "", nil
	}
	calls = calls[:limit]
	last := calls[limit-1]
	return calls, cursor{last.StartedAt, last.ID}.String(), nil
}

// conditions builds a where clause; values only ever travel as arguments.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(left string, values ...any) {
	places := make([]string, len(values))
	for i := range values {
		places[i] = fmt.Sprintf("$%d", len(c.args)+i+1)
	}
	c.parts = append(c.parts, left+"("+strings.Join(places, ", ")+")")
	c.args = append(c.args, values...)
}

func (c *conditions) sql() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " where " + strings.Join(c.parts, " and ")
}
