package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// reminds waits until a reminder is as it should be.
func (b *bench) reminds(id, what string, is func(api.Reminder) bool) (r api.Reminder) {
	b.Helper()
	for changed := b.remindersChange(); ; {
		out := exits(b, exitDone, []string{"remind", "show", id, "--json"}).out
		r = api.Reminder{}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			b.Fatal(err)
		}
		if is(r) {
			return r
		}
		if err := changed(); err != nil {
			b.Fatalf("the reminder is not %s: %+v: %v", what, r, err)
		}
	}
}

// remindersChange waits for the next change of a reminder, from now on; the database tells of it.
func (b *bench) remindersChange() func() error {
	b.Helper()
	ctx := with(b)
	owner, err := pgx.Connect(ctx, postgrestest.OwnerURL(b.T, b.url))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { owner.Close(context.Background()) })
	if _, err := owner.Exec(ctx, `
		create or replace function tell_of_reminder() returns trigger language plpgsql as $$ begin perform pg_notify('reminder_changed', new.id::text); return new; end $$;
		create or replace trigger tell_of_reminder after update on reminders for each row execute function tell_of_reminder();
		listen reminder_changed`); err != nil {
		b.Fatal(err)
	}
	return func() error {
		_, err := owner.WaitForNotification(ctx)
		return err
	}
}

// schedule schedules a call and returns its id.
func (b *bench) schedule(args ...string) string {
	b.Helper()
	out := exits(b, exitDone, append([]string{"remind", "--json"}, ask(person, args...)...)).out
	var r api.Reminder
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		b.Fatal(err)
	}
	return r.ID
}

// A reminder rings through the gate and Twilio; who is busy is called again later, if
// the law's caps let it.
func TestReminderRings(t *testing.T) {
	b := serving(t)
	b.cleared()
	id := b.schedule("--in", "500ms", "--var", "name=Dana")
	r := b.reminds(id, "scheduled again", func(r api.Reminder) bool { return r.Status == "scheduled" && r.Attempts == 1 })
	if len(b.callee.Calls()) != 1 || len(r.CallIDs) != 1 || r.Reason != "the last call ended: busy" || r.NextAt.Before(time.Now().Add(20*time.Minute)) {
		t.Errorf("%d calls, %+v", len(b.callee.Calls()), r)
	}
	exits(t, exitDone, []string{"calls", "show", r.CallIDs[0]}, "busy")
	exits(t, exitDone, []string{"remind", "list", "--status", "scheduled", "--to", person}, id)
	exits(t, exitDone, []string{"remind", "cancel", id}, "cancelled")
	exits(t, exitFailed, []string{"remind", "cancel", "rem_none"}, "no reminder whose id begins")

	// The cap of one call a day is the gate's: the next one is put off by it.
	r = b.reminds(b.schedule("--in", "0s"), "deferred", func(r api.Reminder) bool { return r.Status == "deferred" })
	if len(b.callee.Calls()) != 1 || len(r.Rules) == 0 || !strings.HasPrefix(r.Rules[0], "frequency") {
		t.Errorf("%d calls, %+v", len(b.callee.Calls()), r)
	}
}

// Who says stop is not reminded: within a second nothing is scheduled any more.
func TestRevocationCancelsReminders(t *testing.T) {
	b := serving(t)
	b.cleared()
	id := b.schedule("--in", "1h")
	exits(t, exitDone, []string{"consent", "revoke", "--seller", "riverbend", person})
	told := time.Now()
	b.reminds(id, "cancelled", func(r api.Reminder) bool { return r.Status == "cancelled" })
	if took := time.Since(told); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	r := b.reminds(b.schedule("--in", "0s"), "refused", func(r api.Reminder) bool { return r.Status == "refused" })
	if !strings.Contains(strings.Join(r.Rules, " "), "revoked") || len(b.callee.Calls()) != 0 {
		t.Errorf("%+v, %d calls", r, len(b.callee.Calls()))
	}
}

// Twilio fails to create a call: nobody was rung, and nothing is counted.
func TestReminderOutlivesTwiliosFailure(t *testing.T) {
	b := serving(t)
	b.cleared()
	b.callee.Will(twiliotest.CreateRefused)
	r := b.reminds(b.schedule("--in", "0s"), "put off", func(r api.Reminder) bool { return len(r.CallIDs) == 1 && r.Status == "scheduled" })
	if r.Attempts != 0 || r.Reason != "a call failed before the telephone rang" {
		t.Errorf("%+v", r)
	}
}

// The dry run and the import of a file meet the real service.
func TestImportOfReminders(t *testing.T) {
	b := serving(t)
	b.cleared()
	due := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	file := "to,due_at,state,zone,var.name\n" + person + "," + due + ",NY,America/New_York,Dana\n"
	for i := range 5 {
		file += fmt.Sprintf("+1212235%04d,%s,NY,America/New_York,No. %d\n", 3000+i, due, i)
	}
	file += person + ",1999-01-01T00:00:00Z,NY,America/New_York,Old\n" + person + "," + due + ",New York,America/New_York,Long\n"
	if err := os.WriteFile("people.csv", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"remind", "import", "people.csv", "--agent", "reminders", "--no-marketing"}
	exits(t, exitFailed, append(args, "--dry-run"), "of 6: 1 may be called when due, 0 later, 5 never; reasons:", "consent.missing", "line 8: due_at: in the past", "line 9: location.state")
	exits(t, exitFailed, args, "6 scheduled, 0 already existed", "2 lines can't be scheduled as they are", "line 8: due_at: in the past")
	exits(t, exitFailed, args, "0 scheduled, 6 already existed")
	exits(t, exitDone, []string{"remind", "list"}, "+12122353004")
}
