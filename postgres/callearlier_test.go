package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

const (
	theirs = "+14155550142"
	ours   = "+14155550100"
)

// inboundCall is a call of theirs that ended so many minutes before noon.
func inboundCall(id string, minutes int) calllog.Call {
	ended := noon.Add(-time.Duration(minutes) * time.Minute)
	return calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, From: theirs, To: ours, Agent: "support", Variables: map[string]string{"name": "Dana"}, ChatGroupID: "group", ChatIDs: []string{"chat"},
		Status: calllog.StatusCompleted, Outcome: calllog.OutcomeFailed, Broke: true, StartedAt: ended.Add(-time.Minute), EndedAt: &ended}
}

var lately = calllog.EarlierQuery{From: theirs, To: ours, Agent: "support", Before: noon, Since: noon.Add(-15 * time.Minute)}

// What came before a call is what the same number said to the same agent at the same number,
// and has ended lately; the newest of it, with the newest of its lines.
func TestEarlier(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	for i, c := range []calllog.Call{inboundCall("ten", 10), inboundCall("five", 5), inboundCall("sixteen", 16), inboundCall("other agent", 1), inboundCall("other number", 1),
		inboundCall("other caller", 1), inboundCall("ours", 1), inboundCall("live", 1), inboundCall("later", -5)} {
		switch i {
		case 3:
			c.Agent = "sales"
		case 4:
			c.To = "+14155550101"
		case 5:
			c.From = "+14155550143"
		case 6:
			c.Direction = calllog.Outbound
		case 7:
			c.Outcome, c.EndedAt = "", nil
		}
		apply(t, s, calllog.Change{Call: &c})
	}
	var lines []calllog.Change
	for i := range calllog.EarlierEntries + 20 {
		lines = append(lines, entry("five", i+1, fmt.Sprint("line ", i+1)))
	}
	apply(t, s, append(lines, entry("ten", 1, "hello"))...)
	got, err := s.Earlier(t.Context(), lately)
	if err != nil || !slices.Equal(ids(got), []string{"five", "ten"}) {
		t.Fatalf("%q, %v", ids(got), err)
	}
	if five := got[0].Entries; len(five) != calllog.EarlierEntries || five[0].Text != "line 21" || five[len(five)-1].Seq != calllog.EarlierEntries+20 || !got[0].Broke {
		t.Errorf("%d lines, from %+v", len(five), five[0])
	}
	if ten := got[1].Entries; len(ten) != 1 || ten[0].Text != "hello" {
		t.Errorf("%+v", ten)
	}
	for i := range 6 {
		c := inboundCall(fmt.Sprint("more ", i), i)
		apply(t, s, calllog.Change{Call: &c})
	}
	if got, err = s.Earlier(t.Context(), lately); err != nil || !slices.Equal(ids(got), []string{"more 0", "more 1", "more 2", "more 3"}) {
		t.Errorf("%q, %v", ids(got), err)
	}
	if got, err = s.Earlier(t.Context(), calllog.EarlierQuery{From: "nul \x00"}); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", ids(got), err)
	}
}

// The search for earlier calls of a number reads an index, however many calls there are.
func TestEarlierReadsAnIndex(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), postgrestest.SuperuserURL(t, postgrestest.URL(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), `
		insert into calls (id, version, instance, direction, twilio_call_sid, from_number, to_number, agent, voice, chat_ids, chat_group_id, status, outcome, started_at, ended_at)
		select 'call-' || n, 1, 'here', 'inbound', '', '+1415555' || n, $1, 'support', 'evi', '{}', '', 'completed', 'failed', now() - n * interval '1 minute', now()
		from generate_series(1000, 6000) n`, ours)
	if err == nil {
		_, err = conn.Exec(t.Context(), "analyze calls")
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), "explain "+postgres.EarlierQuery, theirs, ours, "support", time.Now(), time.Now().Add(-15*time.Minute), calllog.EarlierCalls)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if text := strings.Join(plan, "\n"); err != nil || !strings.Contains(text, "calls_from") {
		t.Errorf("%v\n%s", err, text)
	}
}
