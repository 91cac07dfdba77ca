package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Reports add up in any order, and the first that says a thing counts. Chats of an erased
// call are gone, and what comes late of them is not kept.
func TestChatsOfACall(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	note := func(sid string, c calllog.Chat) {
		t.Helper()
		if err := db.NoteChat(t.Context(), sid, c); err != nil {
			t.Fatal(err)
		}
	}
	has := func(sid string, want ...calllog.Chat) {
		t.Helper()
		got, err := db.ChatsOf(t.Context(), sid)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", sid, err, diff)
		}
	}
	c := full()
	apply(t, db.Calls(), calllog.Change{Call: &c})
	ended := calllog.Chat{ID: "c1", EndedAt: at(90), Seconds: 90, EndReason: "USER_ENDED"}
	note("CA01", ended)
	note("CA01", calllog.Chat{ID: "c2", StartedAt: at(91)})
	has("CA01", ended, calllog.Chat{ID: "c2", StartedAt: at(91)})
	note("CA01", calllog.Chat{ID: "c1", StartedAt: at(0)})
	note("CA01", calllog.Chat{ID: "c1", StartedAt: at(5), EndedAt: at(95), Seconds: 7, EndReason: "ERROR"}) // contradicts what is known
	note("CA02", calllog.Chat{ID: "c1", Seconds: 1})                                                        // a chat has one call
	note("CA01", calllog.Chat{ID: "nul \x00"})
	ended.StartedAt = at(0)
	has("CA01", ended, calllog.Chat{ID: "c2", StartedAt: at(91)}, calllog.Chat{ID: "nul \ufffd"})
	has("CA02")
	has("")

	eraseRows(t, db, c.To)
	note("CA01", calllog.Chat{ID: "c1", EndedAt: at(90)})
	has("CA01")
}

// A year later nobody reads them.
func TestOldChatsAreRemoved(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	for i, id := range []string{"old", "new"} {
		if err := db.NoteChat(t.Context(), "CA01", calllog.Chat{ID: id, Seconds: 1}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			query(t, url, "update hume_chats set seen_at = now() - interval '367 days'")
		}
	}
	if got, err := db.ChatsOf(t.Context(), "CA01"); err != nil || len(got) != 1 || got[0].ID != "new" {
		t.Errorf("got %+v, %v", got, err)
	}
}
