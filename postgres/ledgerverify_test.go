package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func verify(t testing.TB, l *postgres.Ledger) proof.VerifyResult {
	t.Helper()
	r, err := l.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// asOwner runs statements past grants and triggers, as whoever owns the machine can.
func asOwner(t testing.TB, url string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, postgrestest.SuperuserURL(t, url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, s := range append([]string{`set session_replication_role = replica`}, statements...) {
		if _, err := conn.Exec(ctx, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Each is done to a ledger of 20 rows whose row 10 was anchored.
func TestVerifyFinds(t *testing.T) {
	t.Parallel()
	flip := func(column string, seq int) string {
		return fmt.Sprintf(`update consent_ledger set %[1]s = set_byte(%[1]s, 0, get_byte(%[1]s, 0) # 1) where seq = %d`, column, seq)
	}
	rehash := `update consent_ledger set hash = sha256(convert_to('patchcord consent ledger 1' || E'\n' || encode(prev, 'hex') || E'\n' || encode(sha256(body), 'hex') || E'\n', 'UTF8')) where seq = 20`
	tests := []struct {
		name string
		do   []string
		bad  int64
	}{
		{"a byte of a body", []string{flip("body", 7)}, 7},
		{"the last byte of a body", []string{`update consent_ledger set body = set_byte(body, length(body) - 1, 0) where seq = 7`}, 7},
		{"a byte of a token", []string{flip("token", 1)}, 1},
		{"a byte of a hash", []string{flip("hash", 7)}, 7},
		{"a byte of a prev", []string{flip("prev", 7)}, 7},
		{"a prev that is empty", []string{`update consent_ledger set prev = '' where seq = 1`}, 1},
		{"a type", []string{`update consent_ledger set type = 'grant' where seq = 2`}, 2},
		{"a seller", []string{`update consent_ledger set seller = 'other' where seq = 20`}, 20},
		{"a mark", []string{`update consent_ledger set mark = '' where seq = 2`}, 2},
		{"a time, by a microsecond", []string{`update consent_ledger set recorded_at = recorded_at - interval '1 microsecond' where seq = 5`}, 5},
		{"a time without end", []string{`update consent_ledger set recorded_at = 'infinity' where seq = 5`}, 5},
		{"a seq", []string{`update consent_ledger set seq = 99 where seq = 20`}, 20},
		{"a row that is gone", []string{`delete from consent_ledger where seq = 6`}, 6},
		{"the first row gone", []string{`delete from consent_ledger where seq = 1`}, 1},
		{"two rows that changed places", []string{`update consent_ledger set seq = -seq where seq in (6, 7)`, `update consent_ledger set seq = 13 + seq where seq < 0`}, 6},
		{"a row put in between", []string{`update consent_ledger set seq = -seq where seq > 6`, `update consent_ledger set seq = 1 - seq where seq < 0`, `insert into consent_ledger select 7, prev, hash, recorded_at, token, type, seller, mark, body, mac from consent_ledger where seq = 6`}, 7},
		{"a row twice, without a primary key", []string{`alter table consent_ledger drop constraint consent_ledger_pkey`, `insert into consent_ledger select * from consent_ledger where seq = 6`}, 6},
		{"a row put behind the last", []string{`insert into consent_ledger select 21, hash, hash, recorded_at, token, type, seller, mark, body, mac from consent_ledger where seq = 20`}, 21},
		{"the last row gone", []string{`delete from consent_ledger where seq = 20`}, 20},
		{"the last rows gone, and the head put back, but not the counts", []string{`delete from consent_ledger where seq > 8`, `update ledger_head set at = 8, head = (select hash from consent_ledger where seq = 8)`}, 10},
		{"the last rows gone, and the head put back", []string{`delete from consent_ledger where seq > 8`, `delete from ledger_people where seq > 8`, `update ledger_head set at = 8, head = (select hash from consent_ledger where seq = 8)`}, 9},
		{"all rows gone, and the head put back", []string{`delete from consent_ledger`, `delete from ledger_people`, `update ledger_head set at = 0, head = decode(repeat('00', 32), 'hex')`}, 1},
		{"the last row hashed anew", []string{flip("body", 20), rehash, `update ledger_head set head = (select hash from consent_ledger where seq = 20)`}, 20},
		{"a head that names another row", []string{`update ledger_head set head = set_byte(head, 3, get_byte(head, 3) # 1)`}, 20},
		{"a head that is too far", []string{`update ledger_head set at = 21`}, 21},
		{"no head", []string{`delete from ledger_head`}, 0},
		{"an anchor's hash", []string{`update ledger_anchors set head = set_byte(head, 0, get_byte(head, 0) # 1)`}, 10},
		{"an anchor's row", []string{`update ledger_anchors set at = 11`}, 11},
		{"an anchor before all rows", []string{`update ledger_anchors set at = 0`}, 0},
		{"an anchor of a row to come", []string{`update ledger_anchors set at = 1000`}, 1000},
		{"a data key", []string{`update ledger_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where token = (select token from consent_ledger where seq = 4)`}, 0},
		{"data keys that changed places", []string{`update ledger_keys k set wrapped = (select wrapped from ledger_keys o where o.token <> k.token limit 1)`}, 0},
		{"a MAC", []string{flip("mac", 7)}, 7},
		{"a row without its MAC", []string{`alter table consent_ledger drop constraint consent_ledger_mac`, `update consent_ledger set mac = null where seq = 7`}, 7},
		{"the MAC of another row", []string{`update consent_ledger set mac = (select mac from consent_ledger where seq = 6) where seq = 7`}, 7},
		{"all MACs gone", []string{`alter table consent_ledger drop constraint consent_ledger_mac`, `update consent_ledger set mac = null`}, 1},
		{"a row of the first version", []string{`update consent_ledger set body = set_byte(body, 5, 49) where seq = 20`, rehash, `update ledger_head set head = (select hash from consent_ledger where seq = 20)`}, 20},
		{"the count of a person's rows", []string{`update ledger_people set nth = 3 where seq = 12`}, 12},
		{"the place of a person's newest row", []string{`update ledger_people set seq = 11 where seq = 12`}, 12},
		{"a person's newest count gone", []string{`delete from ledger_people where seq = 12`}, 12},
		{"a person's counts gone", []string{`delete from ledger_people where seq in (11, 12)`}, 12},
		{"another person's count", []string{`update ledger_people set mac = (select mac from ledger_people where seq = 4) where seq = 2`}, 2},
		{"a count of nobody", []string{`insert into ledger_people values (sha256('x'), 1, 7, sha256('y'))`}, 7},
		{"a data key gone", []string{`delete from ledger_keys where token = (select token from consent_ledger where seq = 4)`}, 4},
		{"the id of a data key", []string{`update ledger_keys set id = set_byte(id, 0, get_byte(id, 0) # 1)`}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.URL(t)
			l := openLedger(t, postgrestest.Open(t, url))
			for i := range 10 {
				record(t, l, grant(person(i)), revoke(person(i)))
				if i == 4 {
					if err := l.Anchor(t.Context(), ""); err == nil {
						t.Fatal("an anchor without a folder was written")
					}
					if err := l.Anchor(t.Context(), t.TempDir()); err != nil {
						t.Fatal(err)
					}
				}
			}
			if r := verify(t, l); !r.OK || r.Rows != 20 || len(r.Head) != 64 {
				t.Fatalf("before: %+v", r)
			}
			asOwner(t, url, test.do...)
			r := verify(t, l)
			if r.OK || r.Problem == "" || r.FirstBad != test.bad {
				t.Fatalf("after: %+v, want it at row %d", r, test.bad)
			}
			if strings.Contains(r.Problem, "1415555") {
				t.Errorf("the problem names a number: %s", r.Problem)
			}
			if list, err := l.Snapshot(t.Context(), person(9)); err == nil && list[0].Broken == "" && list[0].Lost == "" {
				t.Error("a call could still be placed")
			}
		})
	}
}

// Whoever owns the database can rebuild the chain and its anchors; the file shows it.
func TestTheFileOfAnchorsFindsARebuiltLedger(t *testing.T) {
	t.Parallel()
	url, dir := postgrestest.URL(t), t.TempDir()
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)), revoke(person(1)))
	if err := l.Anchor(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	asOwner(t, url, `delete from consent_ledger where seq = 2`, `delete from ledger_people where seq = 2`, `delete from ledger_anchors`,
		`update ledger_head set at = 1, head = (select hash from consent_ledger where seq = 1)`)
	record(t, l, grant(person(1)))
	if r := verify(t, l); r.OK || r.FirstBad != 2 || !strings.Contains(r.Problem, "anchor") {
		t.Errorf("the ledger verifies as %+v", r)
	}
}

func TestAnchorsAreAddedToAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLedger(t, postgrestest.New(t))
	for range 2 {
		record(t, l, grant(person(1)))
		if err := l.Anchor(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(dir, "anchors.ndjson"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(`{"seq":1,"ha`) // a crash
		f.Close()
	}
	b, err := os.ReadFile(filepath.Join(dir, "anchors.ndjson"))
	if err != nil || bytes.Count(b, []byte(`"anchored_at"`)) != 2 || !bytes.Contains(b, []byte(`{"seq":2,"hash":"`)) {
		t.Errorf("the file holds %s, %v", b, err)
	}
	if r := verify(t, l); !r.OK {
		t.Errorf("the ledger verifies as %+v", r)
	}
	if s := look(t, l, person(1)); s.AnchoredAt.IsZero() {
		t.Error("the anchor is not known")
	}
}
