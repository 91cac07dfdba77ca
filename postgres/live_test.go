package postgres_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// query runs SQL beside the pool, for what only time could bring about.
func query(t *testing.T, url, sql string, results ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if len(results) > 0 {
		err = conn.QueryRow(t.Context(), sql).Scan(results...)
	} else {
		_, err = conn.Exec(t.Context(), sql)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestATokenIsRedeemedOnce(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	bridges := []*postgres.DB{postgrestest.Open(t, url), postgrestest.Open(t, url)}
	for round := range 10 {
		hash := sha256.Sum256([]byte{byte(round)})
		var first atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				won, err := bridges[i%2].RedeemToken(t.Context(), hash, time.Now().Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if won {
					first.Add(1)
				}
			})
		}
		all.Wait()
		if first.Load() != 1 {
			t.Errorf("one token was redeemed %d times", first.Load())
		}
	}
}

func TestExpiredTokensAreRemoved(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	for i, age := range []time.Duration{2 * time.Hour, 30 * time.Minute, 0} {
		if _, err := db.RedeemToken(t.Context(), [32]byte{byte(i)}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	var left int
	query(t, url, "select count(*) from used_tokens", &left)
	if left != 2 {
		t.Errorf("%d tokens are kept, want the 2 that expired within the hour", left)
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	stepOf := func(document string) string { return strings.ReplaceAll(document, "Response", "step") }
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	want := func(sid, document string, found bool) {
		t.Helper()
		got, ok, err := db.TakeNext(t.Context(), sid)
		if err != nil || got.Document != document || got.Step != stepOf(document) || ok != found {
			t.Errorf("TakeNext(%q) is %q, %t, %v; want %q, %t", sid, got, ok, err, document, found)
		}
	}
	set := func(sid, document string) {
		t.Helper()
		if err := db.SetNext(t.Context(), sid, postgres.Next{Document: document, Step: stepOf(document)}); err != nil {
			t.Fatal(err)
		}
	}
	want("CA1", "", false)
	want("nul \x00", "", false)
	set("CA1", "<Response/>")
	set("CA1", "<Response><Hangup/></Response>") // the later counts
	set("CA2", "<Response/>")
	want("CA1", "<Response><Hangup/></Response>", true)
	want("CA1", "", false) // taken

	query(t, url, "update call_next set created_at = now() - interval '11 minutes'")
	want("CA2", "", false)
	set("CA3", "<Response/>")
	var rows int
	query(t, url, "select count(*) from call_next", &rows)
	if rows != 1 {
		t.Errorf("%d documents are kept, want the new one alone", rows)
	}
	query(t, url, "update call_next set created_at = now() - interval '11 minutes'")
	set("CA3", "<Response>again</Response>")
	want("CA3", "<Response>again</Response>", true)
}

// listen starts a bridge that holds the calls, and returns the commands that it
// gets from now on.
func listen(t *testing.T, url string, calls ...string) <-chan string {
	t.Helper()
	db := postgrestest.Open(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	var before int
	query(t, url, "select count(*) from pg_stat_activity where "+listening, &before)
	got, done := make(chan string, 100), make(chan error)
	go func() {
		done <- db.ListenCommands(ctx, func(callID, verb, text string) bool {
			if !slices.Contains(calls, callID) {
				return false
			}
			got <- fmt.Sprint(callID, " ", verb, " ", text)
			return true
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("ListenCommands: %v, want that it was cancelled", err)
		}
	})
	waitFor(t, url, fmt.Sprintf("select count(*) > %d from pg_stat_activity where %s", before, listening))
	return got
}

// listening finds the connections of ListenCommands by what they last did.
const listening = `datname = current_database() and pid <> pg_backend_pid()
	and query ~* '^(listen|select id, call_id|delete from call_commands)'`

// waitFor asks the database until it says yes.
func waitFor(t *testing.T, url, sql string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		var yes bool
		if query(t, url, sql, &yes); yes {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", sql)
		}
	}
}

const noCommands = "select not exists (select from call_commands)"

func TestCommandsReachWhoHoldsTheCall(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	one, two := listen(t, url, "call-1"), listen(t, url, "call-2")
	sender := postgrestest.Open(t, url)
	for _, id := range []string{"call-1", "call-2", "call-1"} {
		if err := sender.SendCommand(t.Context(), id, "say", "to "+id); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct {
		bridge <-chan string
		text   string
	}{{one, "call-1 say to call-1"}, {two, "call-2 say to call-2"}, {one, "call-1 say to call-1"}} {
		if got := <-want.bridge; got != want.text {
			t.Errorf("a bridge got %q, want %q", got, want.text)
		}
	}
	waitFor(t, url, noCommands)
	if len(one)+len(two) != 0 {
		t.Error("a command came twice")
	}
}

func TestCommandsAreReadAfterALostConnection(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := listen(t, url, "call-1")
	sender := postgrestest.Open(t, url)
	query(t, url, "select pg_terminate_backend(pid) from pg_stat_activity where "+listening)
	if err := sender.SendCommand(t.Context(), "call-1", "hangup", ""); err != nil {
		t.Fatal(err)
	}
	if got := <-l; got != "call-1 hangup " {
		t.Errorf("the bridge got %q", got)
	}
	waitFor(t, url, noCommands)
}

func TestUnclaimedCommandsDie(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	sender := postgrestest.Open(t, url)
	send := func(text string) {
		t.Helper()
		if err := sender.SendCommand(t.Context(), "call-1", "say", text); err != nil {
			t.Fatal(err)
		}
	}
	send("too old")
	query(t, url, "update call_commands set created_at = now() - interval '31 seconds'")
	l := listen(t, url, "call-1")
	send("new") // removes the old one, too
	if got := <-l; got != "call-1 say new" {
		t.Errorf("the bridge got %q", got)
	}
	waitFor(t, url, noCommands)
}
