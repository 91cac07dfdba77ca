package postgres_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// eraseRows orders an erasure and deletes its rows; it returns the order and what lives.
func eraseRows(t testing.TB, db *postgres.DB, number string) (erasure.Record, []string) {
	t.Helper()
	n, err := phone.Parse(number)
	if err != nil {
		t.Fatal(err)
	}
	target := erasure.Target{Number: n, Person: [32]byte([]byte(fmt.Sprintf("%-32s", number)))}
	r, err := db.Erasures().Order(t.Context(), erasure.Record{ID: "erasure_" + number, Person: target.Person, Sealed: []byte("sealed"), Why: "asked"}, "here")
	if err != nil {
		t.Fatal(err)
	}
	live, err := db.Erasures().EraseRows(t.Context(), r.ID, "here", target)
	if err != nil {
		t.Fatal(err)
	}
	return r, live
}

// Of whoever is erased nothing is found that was said, by them or to them, in calls either
// way, and no number; others' calls stay, and so does that there was a call. A call that goes
// on is waited for, and nothing is written any more of one that was erased.
func TestCallsAreErased(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	s := db.Calls()
	in, live, out, others := inboundCall("in", 5), inboundCall("live", 1), inboundCall("out", 5), inboundCall("others", 5)
	live.Outcome, live.EndedAt = "", nil
	out.Direction, out.From, out.To = calllog.Outbound, ours, theirs
	out.Order = &calllog.Order{PermitID: "permit_1", Purpose: "informational", Subject: "secret", State: "secret", Variables: map[string]string{"name": "secret"}}
	out.Opening = &calllog.Opening{Text: "secret", Complete: true}
	others.From = "+14155550143"
	full := calllog.Entry{Seq: 1, AtMS: 20, Kind: calllog.KindTool, Event: calllog.EventCallback, Text: "secret", Heard: calllog.HeardFull, HeardTo: 3, Emotions: map[string]float64{"secret": 1},
		Digit: "secret", Name: "tool", Arguments: json.RawMessage(`{"secret": 1}`), Result: "secret", Error: "secret", MS: 7,
		EmotionsSource: "secret", EmotionLabels: map[string]string{"secret": "secret"}, Measures: map[string]float64{"secret": 1}}
	for _, c := range []calllog.Call{in, live, out, others} {
		e := full
		apply(t, s, calllog.Change{Call: &c}, calllog.Change{CallID: c.ID, Entry: &e}, calllog.Change{CallID: c.ID, Entry: &calllog.Entry{Seq: 2, Kind: calllog.KindInterruption}})
	}
	if err := db.SendCommand(t.Context(), "out", "say", "secret"); err != nil {
		t.Fatal(err)
	}
	_, rev, _, err := s.Since(t.Context(), "in", 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, waits := eraseRows(t, db, theirs); !slices.Equal(waits, []string{"call live to end"}) {
			t.Errorf("it waits for %q", waits)
		}
	}
	if seen, _, _, err := s.Since(t.Context(), "in", rev); err != nil || len(seen) != 2 {
		t.Errorf("whoever watches is shown %+v, %v", seen, err)
	}
	ended := noon.Add(-time.Second) // the live one breaks, and some of others comes late
	live.Outcome, live.EndedAt, live.Version = calllog.OutcomeFailed, &ended, 2
	in.Version = 9
	apply(t, s, calllog.Change{Call: &live}, entry("live", 3, "late"), entry("in", 3, "secret"), entry("in", 1, "secret"), calllog.Change{Call: &in})
	if c := get(t, s, "live"); c.From != theirs || len(c.Entries) != 3 {
		t.Errorf("while it lived its log lost %+v", c)
	}
	if _, waits := eraseRows(t, db, theirs); len(waits) > 0 {
		t.Errorf("it waits for %q", waits)
	}
	for _, id := range []string{"in", "live", "out"} {
		c := get(t, s, id)
		c.Entries = slices.DeleteFunc(c.Entries, func(e calllog.Entry) bool { return e.Seq == 3 && id == "live" })
		if all := fmt.Sprintf("%+v %+v %+v", c, c.Order, c.Opening); strings.Contains(all, "secret") || strings.Contains(all, theirs) || strings.Contains(all, "late") || len(c.Entries) != 2 {
			t.Errorf("%s: %s", id, all)
		}
		if e := c.Entries[0]; e.Text != calllog.Erased || e.Kind != calllog.KindTool || e.AtMS != 20 || e.Heard != calllog.HeardFull || e.Name != "tool" || e.MS != 7 {
			t.Errorf("%s: %+v", id, e)
		}
		if c.ChatGroupID != "" || len(c.ChatIDs) > 0 || c.Variables != nil || c.Status != calllog.StatusCompleted || c.Outcome == "" {
			t.Errorf("%s: %+v", id, c)
		}
		if o := c.Order; id == "out" && (o == nil || o.PermitID != "permit_1" || o.Purpose != "informational") || c.Opening != nil && (c.Opening.Text != calllog.Erased || !c.Opening.Complete) {
			t.Errorf("%s: of the order is left %+v, of the opening %+v", id, c.Order, c.Opening)
		}
	}
	if c := get(t, s, "others"); c.Entries[0].Text != "secret" || c.ChatGroupID != "group" || c.From != others.From {
		t.Errorf("another's call: %+v", c)
	}
	if got, err := s.Earlier(t.Context(), lately); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", ids(got), err)
	}
	eraseRows(t, db, "+14155550999")
}

// A person of more calls than one transaction erases.
func TestManyCallsAreErased(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	var changes []calllog.Change
	for i := range 250 {
		c := inboundCall(fmt.Sprintf("call_%d", i), 5)
		changes = append(changes, calllog.Change{Call: &c}, entry(c.ID, 1, "secret"))
	}
	apply(t, db.Calls(), changes...)
	r, waits := eraseRows(t, db, theirs)
	if r, err := db.Erasures().Get(t.Context(), r.ID); err != nil || len(waits) > 0 || r.Erased["calls"] != 250 || r.Erased["entries"] != 250 {
		t.Errorf("%+v, %q, %v", r, waits, err)
	}
	if ids, err := db.Erasures().CallsOf(t.Context(), r.ID); err != nil || len(ids) != 250 {
		t.Errorf("%d calls, %v", len(ids), err)
	}
}

// What lives of a person beside calls is waited for, and all else is deleted: permits that others
// use, reminders, and answers that were kept.
func TestWhatIsBesideCallsIsErased(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	list := []remind.Reminder{someReminder(t, 0), someReminder(t, 1), someReminder(t, 2)}
	list[1].Order.To = list[0].Order.To
	if _, err := db.Reminders().Add(t.Context(), list, nobody); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Reminders().Claim(t.Context(), list[0].ID, "call_1", list[0].Due); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	number := list[0].Order.To.E164()
	person := [32]byte([]byte(fmt.Sprintf("%-32s", number)))
	for i, of := range [][32]byte{{}, {}, {1}} {
		if err := db.Permits().AddPermit(t.Context(), permits.Record{ID: fmt.Sprint("permit_", i), Person: of, Sealed: []byte("sealed"), ExpiresAt: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Permits().EndPermit(t.Context(), "permit_0"); err != nil {
		t.Fatal(err)
	}
	for i, of := range [][32]byte{person, {1}, {}} {
		if _, err := db.Claim(t.Context(), keyOf(fmt.Sprint(i)), keyOf("body"), "call", time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := db.KeepAnswer(t.Context(), keyOf(fmt.Sprint(i)), []byte("answer"), of); err != nil {
			t.Fatal(err)
		}
	}
	left := func(permits, reminders, answers int) {
		t.Helper()
		var got [3]int
		if err := sqlConn(t, url).QueryRow(t.Context(), `select (select count(*) from external_permits), (select count(*) from reminders), (select count(*) from idempotency_keys)`).
			Scan(&got[0], &got[1], &got[2]); err != nil || got != [3]int{permits, reminders, answers} {
			t.Errorf("left are %d permits, reminders and answers, %v", got, err)
		}
	}
	r, waits := eraseRows(t, db, number)
	if want := []string{"reminder rem_0000, whose call is under way", "permit permit_1 to end"}; !slices.Equal(waits, want) {
		t.Errorf("it waits for %q", waits)
	}
	left(2, 2, 2)
	if _, err := db.Reminders().Cancel(t.Context(), list[0].ID, "over"); err != nil {
		t.Fatal(err)
	}
	if err := db.Permits().EndPermit(t.Context(), "permit_1"); err != nil {
		t.Fatal(err)
	}
	if _, waits := eraseRows(t, db, number); len(waits) > 0 {
		t.Errorf("it waits for %q", waits)
	}
	left(1, 1, 2)
	if r, err := db.Erasures().Get(t.Context(), r.ID); err != nil || r.Erased["reminders"] != 2 || r.Erased["permits"] != 2 || r.Erased["answers"] != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
