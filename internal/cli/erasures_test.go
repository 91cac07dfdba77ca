package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// What is known of a person: how it is found out.
var theirs = []string{person, person[2:], "Dana Ferris", "purple elephant"}

// callWith is a call of the person, with words, and what waits to be written of it.
func callWith(id, instance string) []calllog.Change {
	began, ended := time.Now().Add(-time.Hour), time.Now().Add(-50*time.Minute)
	return []calllog.Change{
		{Call: &calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, TwilioCallSID: "CA" + id, From: person, To: ours, Agent: "reminders", Voice: "evi", ChatIDs: []string{"chat"}, ChatGroupID: "group",
			Status: calllog.StatusCompleted, Outcome: calllog.OutcomeCallerHungUp, StartedAt: began, AnsweredAt: &began, EndedAt: &ended, Instance: instance,
			Variables: map[string]string{"name": "Dana Ferris"}, Opening: &calllog.Opening{Text: "Hello Dana Ferris."}}},
		{CallID: id, Entry: &calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: "I am Dana Ferris, I want a purple elephant, on " + person, Emotions: map[string]float64{"joy": 1}}},
		{CallID: id, Entry: &calllog.Entry{Seq: 2, Kind: calllog.KindTool, Name: "order_status", Arguments: json.RawMessage(`{"name": "Dana Ferris"}`), Result: "a purple elephant"}},
	}
}

// lines is changes as a spool has them.
func lines(t testing.TB, changes ...calllog.Change) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, c := range changes {
		if err := json.NewEncoder(&b).Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// fill writes files of a data folder.
func fill(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for name, b := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// traces is where something of the person is: in any row of any table, in any file of the
// folders, or in its name.
func traces(t testing.TB, url string, dirs ...string) (found []string) {
	t.Helper()
	conn, err := pgx.Connect(with(t), postgrestest.SuperuserURL(t, url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(with(t), `set bytea_output = 'escape'`); err != nil {
		t.Fatal(err)
	}
	rows, _ := conn.Query(with(t), `select c.oid::regclass::text from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace`)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 20 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		rows, _ := conn.Query(with(t), `select t::text from `+table+` t`)
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if holdsOne(text) {
				found = append(found, table+": "+text)
			}
		}
	}
	for _, dir := range dirs {
		if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if holdsOne(string(b) + path) {
				found = append(found, path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func holdsOne(text string) bool {
	return slices.ContainsFunc(theirs, func(s string) bool { return strings.Contains(text, s) })
}

// second is another instance on the same database, with a data folder of its own.
func (b *bench) second(dir string) *service.Service {
	b.Helper()
	c, err := config.Load()
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	c.DataDir, c.Listen = dir, l.Addr().String()
	l.Close()
	s, err := service.Start(b.Context(), c, zerolog.Nop())
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	b.Cleanup(func() {
		if err := errors.Join(s.Stop(), <-served); err != nil {
			b.Error(err)
		}
	})
	return s
}

// post asks the service for something that no command asks for.
func (b *bench) post(path, body string, header ...string) {
	b.Helper()
	r, err := http.NewRequestWithContext(with(b), "POST", "http://"+b.s.Listener.Addr().String()+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if c, err := config.Load(); err == nil {
		r.Header.Set("Authorization", "Bearer "+c.APIToken)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusBadRequest {
		b.Fatalf("%s: %d", path, res.StatusCode)
	}
}

// A person with calls, a recording, messages, a reminder, answers that were kept, and what waits
// on the disks of two instances, one of which is away: nothing of them is anywhere once both
// have done their part, and an opt-out that waited on a disk still holds.
func TestEraseMeansEverywhere(t *testing.T) {
	b := serving(t)
	b.cleared()
	one, err := filepath.Abs("data")
	if err != nil {
		t.Fatal(err)
	}
	two := filepath.Join(t.TempDir(), "two")
	revoked, err := consent.Encode(consent.Fact{Type: consent.Revoke, Number: mustParse(t, person), Seller: "riverbend", Scope: consent.AllAutomated, OccurredAt: time.Now().Add(-time.Hour).UTC(), Source: "phone", Note: "Dana Ferris called"})
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile("data/master.key")
	if err != nil {
		t.Fatal(err)
	}
	fill(t, two, map[string][]byte{
		"master.key":                        key,
		"instance":                          []byte("instance_two\n"),
		"spool/calls.ndjson":                lines(t, callWith("call_two", "instance_two")...),
		"spool/rejected.ndjson":             append(lines(t, callWith("call_rejected", "instance_two")...), "half a purple elephant\n"...),
		"spool/consent.ndjson":              append(revoked, '\n'),
		"recordings/call_two.wav":           []byte("the sound of a purple elephant"),
		"recordings/call_rejected.wav":      []byte("purple elephant"),
		"recordings/call_one.message-1.wav": []byte("purple elephant"),
		"recordings/call_others.wav":        []byte("somebody else"),
	})
	fill(t, one, map[string][]byte{
		"recordings/call_one.wav":           []byte("a purple elephant, from left and right"),
		"recordings/call_one.message-1.wav": []byte("purple elephant"),
	})
	if err := b.s.DB.Beat(with(t), "instance_two"); err != nil {
		t.Fatal(err)
	}
	for _, c := range callWith("call_one", b.s.Instance.Name) {
		b.s.Writer.Put(c)
	}
	exits(t, exitDone, append([]string{"remind"}, ask(person, "--at", time.Now().AddDate(0, 0, 3).UTC().Format(time.RFC3339), "--var", "name=Dana Ferris")...))
	exits(t, exitDone, []string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational", "--source", "phone", "--text", "Yes, said Dana Ferris.", "--verified-by", "call-in", "--note", "Dana Ferris"})
	b.post("/v1/calls", `{"to":"`+person+`","from":"`+ours+`","agent":"reminders","purpose":"telemarketing","contains_marketing":true,"variables":{"name":"Dana Ferris"}}`, "Idempotency-Key", "a key")
	if err := b.s.Writer.Flush(with(t)); err != nil {
		t.Fatal(err)
	}
	if got := traces(t, b.url, one, two); len(got) < 10 {
		t.Fatalf("before it: %q", got)
	}

	exits(t, exitDone, []string{"consent", "hold", "add", person, "--name", "26-118", "--reason", "a lawsuit"}, "hold placed, in row ")
	erase := []string{"consent", "erase", person, "--why", "the person asked", "--yes", "--wait", "10ms"}
	exits(t, exitFailed, erase, "nothing was erased", "26-118", "a lawsuit")
	list := exits(t, exitDone, []string{"consent", "hold", "list", "--json"}, "26-118", "a lawsuit").out
	var hold struct{ Seq int64 }
	if err := json.Unmarshal([]byte(list), &hold); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, []string{"consent", "hold", "release", fmt.Sprint(hold.Seq), "--reason", "settled"}, "hold released")

	exits(t, exitFailed, erase, "\nwaiting for instance instance_two to delete the data on its disk",
		"1 calls", "1 messages", "1 recordings", "1 reminders",
		"what remains", "opt-outs", "backups", "away for more than 30 days", "not finished yet; it continues in the background. Run the command again to see the progress.")
	for _, trace := range traces(t, b.url, one) {
		t.Errorf("one instance has done its part, and there is %s", trace)
	}
	b.second(two)
	exits(t, exitDone, append(erase, "--wait", "1m"), "what remains") // it may find all done
	for _, trace := range traces(t, b.url, one, two) {
		t.Errorf("there is %s", trace)
	}
	if _, err := os.Stat(filepath.Join(two, "recordings/call_others.wav")); err != nil {
		t.Error(err)
	}
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "DENIED", "revoked")
	if known := exits(t, exitDone, []string{"consent", "show", "--json", person}, `"type":"revoke"`).out; strings.Contains(known, "Dana") {
		t.Errorf("the ledger knows %s", known)
	}
	exits(t, exitDone, []string{"consent", "verify"}, "OK")
	var answers, numbers int
	conn, err := pgx.Connect(with(t), b.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(with(t), `select (select count(*) from idempotency_keys where answer is not null), (select count(*) from erasures where sealed is not null)`).Scan(&answers, &numbers); err != nil || answers+numbers > 0 {
		t.Errorf("%d answers and %d sealed numbers are left, %v", answers, numbers, err)
	}
}

// Facts that wait on a disk are brought to the ledger before anything is erased: an opt-out among
// them must not go with the rest.
func TestWhatWaitsIsBroughtBeforeErasing(t *testing.T) {
	b := serving(t)
	_, facts := waiting(t)
	d := service.Disk{Writer: b.s.Writer, Facts: facts, Ledger: b.s.Gate.PGLedger, Recordings: b.s.Recordings}
	if err := d.Flush(with(t)); err != nil || facts.Waiting() > 0 {
		t.Errorf("%d wait, %v", facts.Waiting(), err)
	}
	if got := b.history(person); len(got) != 1 || got[0].Type != consent.Revoke {
		t.Errorf("the ledger has %+v", got)
	}
}
