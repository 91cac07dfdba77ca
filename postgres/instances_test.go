package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func closeOrphans(t *testing.T, db *postgres.DB, self string, want int) {
	t.Helper()
	n, err := db.CloseOrphans(t.Context(), self, time.Minute)
	if err != nil || n != want {
		t.Errorf("CloseOrphans closed %d calls, %v; want %d", n, err, want)
	}
}

// on is a call of a bridge that began some time ago.
func on(id, instance string, ago time.Duration) calllog.Change {
	c := ringing(id, 1)
	c.Instance, c.StartedAt = instance, time.Now().Add(-ago)
	return calllog.Change{Call: c}
}

func TestCloseOrphans(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	s := db.Calls()
	for _, instance := range []string{"alive", "dead"} {
		if err := db.Beat(t.Context(), instance); err != nil {
			t.Fatal(err)
		}
	}
	query(t, url, "update instances set beat_at = now() - interval '2 minutes' where name = 'dead'")
	done := on("done", "dead", time.Hour)
	done.Call.Outcome = calllog.OutcomeTransferred
	apply(t, s,
		on("of the living", "alive", time.Hour),
		on("of the dead", "dead", 90*time.Second), entry("of the dead", 1, "one"), entry("of the dead", 2, "two"),
		on("of nobody known", "never beat", time.Hour),
		on("of a newcomer", "not beaten yet", time.Second),
		done)

	closeOrphans(t, db, "", 2)
	closeOrphans(t, db, "", 0)
	for id, want := range map[string]string{
		"of the living": "", "of the dead": calllog.OutcomeFailed, "of nobody known": calllog.OutcomeFailed,
		"of a newcomer": "", "done": calllog.OutcomeTransferred,
	} {
		if got := get(t, s, id); got.Outcome != want {
			t.Errorf("the call %s has the outcome %q, want %q", id, got.Outcome, want)
		}
	}
	orphan := get(t, s, "of the dead")
	if orphan.Status != calllog.StatusCompleted || orphan.EndedAt == nil || time.Since(*orphan.EndedAt) > time.Minute {
		t.Errorf("the orphan is %s, ended at %v", orphan.Status, orphan.EndedAt)
	}
	if got := texts(orphan.Entries); !slices.Equal(got, []string{"one", "two", "the bridge stopped during the call"}) {
		t.Errorf("the orphan's entries are %q", got)
	}
	note := orphan.Entries[2]
	if note.Kind != calllog.KindNote || note.Seq != 3 || note.AtMS < 89_000 || note.AtMS > 150_000 {
		t.Errorf("the note is %+v", note)
	}
}

func TestCloseOwnOrphansAtStart(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	s := db.Calls()
	for _, instance := range []string{"self", "other"} {
		if err := db.Beat(t.Context(), instance); err != nil {
			t.Fatal(err)
		}
	}
	apply(t, s, on("mine", "self", time.Second), on("theirs", "other", time.Second), on("of no bridge", "", time.Second))
	closeOrphans(t, db, "self", 1)
	if got := get(t, s, "mine"); got.Outcome != calllog.OutcomeFailed || len(got.Entries) != 1 || got.Entries[0].Seq != 1 {
		t.Errorf("my call is %q with %q", got.Outcome, texts(got.Entries))
	}
}

// A bridge that was only cut off for a while has the last word.
func TestALivingOwnerTakesItsCallBack(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	s := db.Calls()
	apply(t, s, on("a", "cut off", time.Hour), entry("a", 1, "one"))
	closeOrphans(t, db, "", 1)

	late := on("a", "cut off", time.Hour)
	late.Call.Version, late.Call.Status = 2, calllog.StatusInProgress
	apply(t, s, late, entry("a", 2, "two"))
	got := get(t, s, "a")
	if got.Outcome != "" || got.EndedAt != nil || got.Status != calllog.StatusInProgress {
		t.Errorf("the call is %s, %q", got.Status, got.Outcome)
	}
	if got := texts(got.Entries); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the entries are %q; the owner's second should have replaced the note", got)
	}

	final := on("a", "cut off", time.Hour)
	final.Call.Version, final.Call.Outcome = 3, calllog.OutcomeAgentEnded
	apply(t, s, final)
	closeOrphans(t, db, "", 0)
}

func TestOldInstancesAreForgotten(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	for _, instance := range []string{"old", "new"} {
		if err := db.Beat(t.Context(), instance); err != nil {
			t.Fatal(err)
		}
	}
	query(t, url, "update instances set beat_at = now() - interval '31 days' where name = 'old'")
	closeOrphans(t, db, "", 0)
	var left string
	query(t, url, "select string_agg(name, ',') from instances", &left)
	if left != "new" {
		t.Errorf("the instances are %q", left)
	}
}
