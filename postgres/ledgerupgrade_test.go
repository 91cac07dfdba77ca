package postgres_test

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// ledgerBefore is a ledger that the last version without MACs wrote.
//
//go:embed testdata/ledger-before.sql
var ledgerBefore string

// oldSchema is an empty database whose schema has no MACs.
func oldSchema(t *testing.T) string {
	t.Helper()
	url := postgrestest.URL(t)
	conn := postgrestest.Open(t, postgrestest.OwnerURL(t, url)).SQL()
	defer conn.Close()
	for {
		undone, err := migrations.Down(t.Context(), conn)
		if err != nil {
			t.Fatal(err)
		}
		if undone.Source.Version == 8 {
			return url
		}
	}
}

// before is a database with the ledger of the version before, changed by some
// statements, and the schema of this one.
func before(t *testing.T, changes ...string) string {
	t.Helper()
	url := oldSchema(t)
	asOwner(t, url, append([]string{ledgerBefore}, changes...)...)
	postgrestest.Migrate(t, postgrestest.OwnerURL(t, url))
	return url
}

// beforeConfig has the keys of that ledger.
func beforeConfig(t *testing.T) postgres.LedgerConfig {
	t.Helper()
	cfg, err := postgres.LedgerKeys([]byte("patchcord test master key 000001"))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func openBefore(t *testing.T, url string, cfg postgres.LedgerConfig) *postgres.Ledger {
	t.Helper()
	l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func subscribed(t *testing.T, i int) phone.Number {
	t.Helper()
	n, err := phone.Parse(fmt.Sprint("+1212235267", i))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// contents is the rows as they stand in the table, without their MACs.
func contents(t *testing.T, url string) (all string) {
	t.Helper()
	const query = `select coalesce(encode(sha256(string_agg(seq || encode(prev, 'hex') || encode(hash, 'hex') || recorded_at || encode(token, 'hex') || type || seller || mark || encode(body, 'hex'), '' order by seq)::bytea), 'hex'), '') from consent_ledger where seq <= 18`
	if err := sqlConn(t, url).QueryRow(t.Context(), query).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// The ledger of the version before is taken over at the first start, with its master
// key, by one of those that start at once: no row is changed, and all are whole.
func TestTheLedgerOfTheVersionBeforeIsTakenOver(t *testing.T) {
	t.Parallel()
	url := before(t)
	was := contents(t, url)
	cfg := beforeConfig(t)
	var log bytes.Buffer
	cfg.Log = zerolog.New(&log)

	looking := cfg
	looking.ReadOnly = true
	if s := look(t, openBefore(t, url, looking), subscribed(t, 1)); !strings.Contains(s.Broken, "earlier version") || s.AsOf != 18 {
		t.Errorf("a command that only looks is told %q, as of row %d", s.Broken, s.AsOf)
	}
	l, other := openBefore(t, url, cfg), openBefore(t, url, beforeConfig(t))
	if !strings.Contains(log.String(), `"rows":18`) {
		t.Errorf("the log says %s", log.String())
	}
	if now := contents(t, url); now != was {
		t.Error("a row was changed")
	}
	own, err := l.Own(t.Context(), consent.Upgraded)
	if err != nil || len(own) != 1 || own[0].Seq != 19 || *own[0].Rows != (consent.Rows{From: 1, To: 18, Head: "4960ca41edea595bb7840d760cfd421e5d5bbd0f9fd3c8b28e0398671c88c41c"}) {
		t.Fatalf("the upgrade is %+v, %v", own, err)
	}
	for _, l := range []*postgres.Ledger{l, other, openBefore(t, url, beforeConfig(t))} {
		if r := verify(t, l); !r.OK || r.Rows != 19 {
			t.Errorf("it verifies as %+v", r)
		}
		for i, want := range []int{1: 3, 2: 3, 3: 3, 4: 3, 5: 1} {
			if i == 0 {
				continue
			}
			if s := look(t, l, subscribed(t, i)); s.Broken != "" || len(s.Facts) != want {
				t.Errorf("number %d: %q, %d facts", i, s.Broken, len(s.Facts))
			}
		}
	}
	for i, rule := range map[int]string{2: "revoked", 3: "dnc.internal"} { // what lifted them does not name them
		d := consent.Builtin().Decide(consent.Request{To: subscribed(t, i), Seller: consent.Seller{Name: "riverbend"}, Purpose: consent.Informational}, look(t, l, subscribed(t, i)), time.Now())
		if j := slices.IndexFunc(d.Results, func(r consent.Result) bool { return r.Rule == rule }); d.Results[j].Status != consent.Fail {
			t.Errorf("number %d: %+v", i, d.Results[j])
		}
	}
	held, _, err := l.Unclear(t.Context(), consent.HeldRenewal, 0)
	if err != nil || len(held) != 2 || held[0].Number != subscribed(t, 2) || held[0].Seq != 5 || held[1].Number != subscribed(t, 3) || held[1].Seq != 7 {
		t.Errorf("somebody has to decide about %+v, %v", held, err)
	}
	record(t, l, consent.Fact{Type: consent.Revoke, Number: subscribed(t, 1), Seller: "riverbend", OccurredAt: time.Now(), Source: "sms"})
	if s := look(t, other, subscribed(t, 1)); s.Broken != "" || len(s.Facts) != 4 || s.Facts[0].Evidence == nil {
		t.Errorf("after a new row: %q, %+v", s.Broken, s.Facts)
	}
	if r := verify(t, l); !r.OK || r.Rows != 20 {
		t.Errorf("it verifies as %+v", r)
	}
}

// What was forged before is not taken over as it is: calls are denied, and a refusal
// is still taken.
func TestAForgedLedgerIsNotTakenOver(t *testing.T) {
	t.Parallel()
	const copied = `insert into consent_ledger select 19, hash, sha256('x'), recorded_at, token, type, seller, mark, convert_to(replace(convert_from(body, 'UTF8'), '"seq":18,', '"seq":19,'), 'UTF8') from consent_ledger where seq = 18`
	const hashed = `update consent_ledger set hash = sha256(convert_to('patchcord consent ledger 1' || E'\n' || encode(prev, 'hex') || E'\n' || encode(sha256(body), 'hex') || E'\n', 'UTF8')) where seq = 19`
	for name, test := range map[string]struct {
		do   []string
		want string
	}{
		"a row changed":                        {[]string{`update consent_ledger set seller = 'x' where seq = 4`}, "row 4"},
		"a row gone":                           {[]string{`delete from consent_ledger where seq = 5`}, "row 5"},
		"a row copied, with a hash and a head": {[]string{copied, hashed, `update ledger_head set at = 19, head = (select hash from consent_ledger where seq = 19)`}, "is a copy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := before(t, test.do...)
			l := openBefore(t, url, beforeConfig(t))
			if got := broken(t, l, subscribed(t, 1)); !strings.Contains(got, test.want) {
				t.Errorf("a decision is told %q, want %q", got, test.want)
			}
			record(t, l, consent.Fact{Type: consent.Revoke, Number: subscribed(t, 1), Seller: "riverbend", OccurredAt: time.Now(), Source: "sms"})
			if got := look(t, l, subscribed(t, 1)).Facts; len(got) == 0 || got[len(got)-1].Type != consent.Revoke {
				t.Errorf("the refusal is not known: %+v", got)
			}
			if own, err := l.Own(t.Context(), consent.Upgraded); err != nil || len(own) != 0 {
				t.Errorf("it was taken over: %+v, %v", own, err)
			}
		})
	}
}

// After the upgrade nobody adds a row in the form of before: the database refuses one
// without a MAC, and there is none that fits.
func TestARowOfTheVersionBeforeIsAForgery(t *testing.T) {
	t.Parallel()
	url := before(t)
	l := openBefore(t, url, beforeConfig(t))
	_, err := sqlConn(t, url).Exec(t.Context(), `insert into consent_ledger select 20, prev, hash, recorded_at, token, type, seller, mark, body from consent_ledger where seq = 1`)
	if err == nil || !strings.Contains(err.Error(), "consent_ledger_mac") {
		t.Errorf("a row without a MAC: %v", err)
	}
	// The MAC of row 1 is for row 1.
	asOwner(t, url, `insert into consent_ledger select 20, prev, hash, recorded_at, token, type, seller, mark, convert_to(replace(convert_from(body, 'UTF8'), '"seq":1,', '"seq":20,'), 'UTF8'), (select mac from ledger_macs where seq = 1) from consent_ledger where seq = 1`)
	if r := verify(t, l); r.OK || r.FirstBad != 20 {
		t.Errorf("it verifies as %+v", r)
	}
}
