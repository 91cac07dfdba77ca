package cli

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// The forger's people: one who agreed, one who said stop and agreed before, one who is
// nobody yet.
const (
	stopped = "+12122352672"
	nobody2 = "+12122352673"
)

// sql runs statements as a role, and returns the error of the first that fails.
func (b *bench) sql(url string, statements ...string) error {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// tables are those of the ledger.
var tables = []string{"consent_ledger", "ledger_people", "ledger_macs", "ledger_keys", "ledger_anchors", "ledger_evidence", "ledger_head"}

// keep copies the ledger as it is; putBack makes it that again, as a backup does.
func (b *bench) keep() {
	b.Helper()
	statements := []string{`create schema kept`}
	for _, t := range tables {
		statements = append(statements, `create table kept.`+t+` as table public.`+t)
	}
	if err := b.sql(postgrestest.SuperuserURL(b, b.s.DB.Serving), statements...); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) putBack() {
	b.Helper()
	statements := []string{`set session_replication_role = replica`}
	for _, t := range tables {
		statements = append(statements, `delete from public.`+t, `insert into public.`+t+` select * from kept.`+t)
	}
	if err := b.sql(postgrestest.SuperuserURL(b, b.s.DB.Serving), statements...); err != nil {
		b.Fatal(err)
	}
}

func checks(number string) []string { return append([]string{"consent", "check"}, ask(number)...) }

// victims has a ledger of some rows: a cleared person, and one who said stop between
// two facts. The first is rows {1} and {2}, the second {3} to {5}; at fills that in.
func (b *bench) victims() (at func(string) string) {
	b.Helper()
	before := b.ledgerRows()
	b.cleared()
	for _, args := range [][]string{
		{"consent", "grant", stopped, "--seller", "riverbend", "--purpose", "informational", "--source", "web_form", "--method", "web_form", "--text", "I agree to calls by an artificial voice, on 1 November."},
		{"consent", "revoke", stopped, "--seller", "riverbend", "--source", "phone"},
	} {
		exits(b, exitDone, args)
	}
	b.records(consent.Fact{Type: consent.NumberFact, Seller: "riverbend", LineType: "wireless", State: "NY", Zone: "America/New_York"})
	return func(statement string) string {
		for i := range int64(6) {
			statement = strings.ReplaceAll(statement, fmt.Sprintf("{%d}", i), fmt.Sprint(before+i))
		}
		return statement
	}
}

func (b *bench) records(f consent.Fact) {
	b.Helper()
	n, err := parseNumber(stopped)
	if err != nil {
		b.Fatal(err)
	}
	f.Number, f.OccurredAt, f.Source, f.Actor = n, time.Now(), "carrier_lookup", "api"
	if _, err := b.s.Gate.PGLedger.Record(with(b), f); err != nil {
		b.Fatal(err)
	}
}

const (
	tokenOf  = `(select token from ledger_people where seq = `
	rehashed = `update consent_ledger set hash = sha256(convert_to('patchcord consent ledger 1' || E'\n' || encode(prev, 'hex') || E'\n' || encode(sha256(body), 'hex') || E'\n', 'UTF8')) where seq = `
)

// What a forger does with the role that the service has: the database refuses it, or
// the next decision finds it.
func TestTheForgerWithTheServicesRole(t *testing.T) {
	b := serving(t)
	at := b.victims()
	b.keep()
	for name, s := range map[string]string{
		"a grant re-headed":      `update consent_ledger set token = ` + tokenOf + `{1}) where seq = {3}`,
		"a stop deleted":         `delete from consent_ledger where mark = 'stop'`,
		"the newest rows cut":    `delete from consent_ledger where seq > {2}`,
		"the head put back":      `update ledger_head set at = {2}, head = (select hash from consent_ledger where seq = {2})`,
		"a count changed":        `update ledger_people set nth = 1`,
		"a count gone":           `delete from ledger_people where seq > {2}`,
		"an anchor moved":        `update ledger_anchors set at = {1}`,
		"an anchor gone":         `delete from ledger_anchors`,
		"a row without a MAC":    `insert into consent_ledger select seq + 100, prev, hash, recorded_at, token, type, seller, mark, body from consent_ledger where seq = {1}`,
		"the triggers off":       `alter table consent_ledger disable trigger all`,
		"the triggers passed by": `set session_replication_role = replica`,
	} {
		if err := b.sql(b.s.DB.Serving, at(s)); err == nil || !strings.Contains(err.Error(), "permission denied") && !strings.Contains(err.Error(), "must be owner") && !strings.Contains(err.Error(), "consent_ledger_mac") && !strings.Contains(err.Error(), "only goes forward") {
			t.Errorf("%s: %v", name, err)
		}
	}
	exits(t, exitDone, []string{"consent", "verify"}, "OK")

	// To add is what the role is for. A row with a hash, a head and some MAC:
	err := b.sql(b.s.DB.Serving, at(`insert into consent_ledger select h.at + 1, h.head, sha256('x'), c.recorded_at, c.token, c.type, c.seller, c.mark, convert_to(replace(convert_from(c.body, 'UTF8'), '"seq":{1},', '"seq":' || h.at + 1 || ','), 'UTF8'), c.mac from consent_ledger c, ledger_head h where c.seq = {1}`))
	if err != nil {
		t.Fatal(err)
	}
	exits(t, exitRefused, checks(person), "ledger.integrity")
	b.putBack()
	exits(t, exitDone, []string{"consent", "verify"}, "OK")
}

// What a forger does with the role that owns the tables, who switches the triggers off
// and gives itself every right: the next decision about the person finds it, or the
// next verification.
func TestTheForgerWithTheOwnersRole(t *testing.T) {
	b := serving(t)
	at := b.victims()
	if err := b.s.Gate.PGLedger.Anchor(with(b), "anchors"); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, []string{"consent", "verify"}, "OK") // and the instance has seen everybody
	exits(t, exitRefused, checks(stopped), "revoked")
	exits(t, exitRefused, checks(nobody2), "consent.missing")
	b.keep()
	reheaded := func(what, from, to string) []string {
		return []string{`update consent_ledger set ` + what + `, body = convert_to(replace(convert_from(body, 'UTF8'), ` + from + `, ` + to + `), 'UTF8') where seq = {3}`, rehashed + `{3}`}
	}
	for _, test := range []struct {
		name, of string // the person whose decision finds it; empty if only verifying does
		do       []string
	}{
		{"a sealed grant re-headed to another person", person, reheaded(`token = `+tokenOf+`{1})`, `encode(token, 'hex')`, `encode(`+tokenOf+`{1}), 'hex')`)},
		{"a sealed grant re-headed to another seller", stopped, reheaded(`seller = 'harbor'`, `'"seller":"riverbend"'`, `'"seller":"harbor"'`)},
		{"a sealed grant re-headed to another time", stopped, reheaded(`recorded_at = recorded_at + interval '1 second'`, `to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`, `to_char((recorded_at + interval '1 second') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`)},
		{"a stop deleted from the middle", stopped, []string{`delete from consent_ledger where mark = 'stop'`}},
		{"a stop deleted, and the counts of an earlier state", stopped, []string{`delete from consent_ledger where token = ` + tokenOf + `{3}) and seq > {3}`, `delete from ledger_people where token = ` + tokenOf + `{3}) and seq > {3}`}},
		{"the newest rows cut, with head, counts and anchors", stopped, []string{`delete from consent_ledger where seq > {3}`, `delete from ledger_people where seq > {3}`, `delete from ledger_anchors where at > {3}`, `update ledger_head set at = {3}, head = (select hash from consent_ledger where seq = {3})`}},
		{"a row with a hash, without a MAC", person, []string{`alter table consent_ledger drop constraint consent_ledger_mac`,
			`insert into consent_ledger select h.at + 1, h.head, '', c.recorded_at, c.token, c.type, c.seller, c.mark, convert_to(replace(convert_from(c.body, 'UTF8'), '"seq":{1},', '"seq":' || h.at + 1 || ','), 'UTF8') from consent_ledger c, ledger_head h where c.seq = {1}`,
			rehashed + `(select at + 1 from ledger_head)`, `update ledger_head h set at = at + 1, head = (select hash from consent_ledger c where c.seq = h.at + 1)`}},
		{"a row copied into the place of another", stopped, []string{`update consent_ledger set (prev, hash, body, mac) = (select prev, hash, body, mac from consent_ledger where seq = {3}) where seq = {4}`}},
		{"an anchor moved", "", []string{`update ledger_anchors set at = at - 1`}},
		{"a person's count changed", stopped, []string{`update ledger_people set nth = nth + 7 where token = ` + tokenOf + `{3})`}},
	} {
		owner := append([]string{`grant all on all tables in schema public to current_user`, `alter table consent_ledger disable trigger user`, `alter table ledger_people disable trigger user`,
			`alter table ledger_anchors disable trigger user`, `alter table ledger_head disable trigger user`}, test.do...)
		for i := range owner {
			owner[i] = at(owner[i])
		}
		if err := b.sql(postgrestest.OwnerURL(t, b.s.DB.Serving), owner...); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if test.of != "" {
			if r := bridge(t, checks(test.of)...); r.code != exitRefused || !strings.Contains(r.out+r.err, "ledger.integrity") {
				t.Errorf("%s: the decision is %d, %s%s", test.name, r.code, r.out, r.err)
			}
		}
		if r := bridge(t, "consent", "verify"); r.code != exitFailed {
			t.Errorf("%s: it verifies: %s", test.name, r.out)
		}
		b.putBack()
		if r := bridge(t, "consent", "verify"); r.code != exitDone {
			t.Fatalf("%s, put back: %s%s", test.name, r.out, r.err)
		}
	}
}

// A grant, a dump, a stop, the dump put back: nobody is called, and there is a way out.
func TestRecoverFromARestoredBackup(t *testing.T) {
	b := serving(t)
	b.victims()
	exits(t, exitDone, []string{"consent", "recover", "--by", "dana", "--why", "a try"}, "nothing to recover")
	b.keep()
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend", "--source", "phone"})
	b.putBack()

	exits(t, exitRefused, checks(person), "ledger.integrity", "are missing", "bridge consent recover")
	exits(t, exitFailed, []string{"consent", "verify"}, "older copy", "are missing")
	b.api.SetMessages(twiliotest.Message{From: nobody2, To: ours, Body: "STOP", Direction: "inbound", Sent: time.Now()},
		twiliotest.Message{From: stopped, To: ours, Body: "see you then", Direction: "inbound", Sent: time.Now()})
	exits(t, exitDone, []string{"consent", "recover", "--by", "dana", "--why", "a try", "--dry-run"}, "are missing")
	exits(t, exitRefused, checks(person), "ledger.integrity")
	exits(t, exitDone, []string{"consent", "recover", "--by", "dana", "--why", "the disk was replaced"}, "1 opt-outs from texts", "people whose consent is recorded after it can be called; all others are held")
	exits(t, exitDone, []string{"consent", "verify"}, "OK")
	exits(t, exitDone, []string{"audit", "--right", "override", "--key", "cli:" + systemUser()}, "granted", "bridge consent recover")

	// The stop that was lost was in the memory of the service, that by text at Twilio.
	for number, source := range map[string]string{person: "phone", nobody2: "sms"} {
		found := false
		for _, f := range b.history(number) {
			found = found || f.Type == consent.Revoke && f.Source == source
		}
		if !found {
			t.Errorf("the stop by %s was not recorded again", source)
		}
	}
	exits(t, exitRefused, checks(person), "revoked", "ledger.restored")
	exits(t, exitRefused, checks("+12122352674"), "ledger.restored")
	exits(t, exitDone, []string{"consent", "recover", "--by", "dana", "--why", "again"}, "nothing to recover")
}
