package postgres_test

import (
	"bytes"
	neturl "net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// ownedURL is an empty database of a role that is no superuser.
func ownedURL(t *testing.T) string {
	t.Helper()
	admin := postgrestest.EmptyURL(t)
	u, err := neturl.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	name := "owner_of" + strings.ReplaceAll(u.Path, "/", "_")
	conn := sqlConn(t, admin)
	for _, s := range []string{`create role ` + name + ` login password 'only here'`, `alter database ` + pgx.Identifier{u.Path[1:]}.Sanitize() + ` owner to ` + name, `alter schema public owner to ` + name} {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	u.User = neturl.UserPassword(name, "only here")
	return u.String()
}

// Nobody but a superuser gets past the grants, the triggers and the head's order:
// not even the tables' owner, as whom the service runs.
func TestTheOwnerOfTheTablesOnlyAdds(t *testing.T) {
	t.Parallel()
	url := ownedURL(t)
	postgrestest.Migrate(t, url)
	db := postgrestest.Open(t, url)
	l := openLedger(t, db)
	record(t, l, grant(person(1)), revoke(person(1)), decision(person(1), 5))
	if err := l.Anchor(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Erase(t.Context(), person(1), ""); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 4 {
		t.Fatalf("the ledger holds %+v", r)
	}

	conn := sqlConn(t, url)
	refused := []string{
		`update consent_ledger set seller = 'x'`,
		`update consent_ledger set body = '' where false`,
		`delete from consent_ledger`,
		`truncate consent_ledger`,
		`update ledger_anchors set at = 1`,
		`delete from ledger_anchors`,
		`truncate ledger_anchors`,
		`update ledger_people set nth = 1`,
		`delete from ledger_people`,
		`truncate ledger_people`,
		`update ledger_macs set mac = ''`,
		`delete from ledger_macs`,
		`truncate ledger_macs`,
		`update ledger_keys set wrapped = ''`,
		`truncate ledger_keys`,
		`delete from ledger_head`,
		`truncate ledger_head`,
		`update ledger_head set at = 1`,
		`update ledger_head set head = decode(repeat('11', 32), 'hex')`,
		`insert into ledger_head (at, head) values (9, '')`,
		`set session_replication_role = replica`,
	}
	for _, s := range refused {
		if _, err := conn.Exec(t.Context(), s); err == nil {
			t.Errorf("%s: it was let through", s)
		}
	}
	// An owner may give itself the grant again: then the trigger is there.
	if _, err := conn.Exec(t.Context(), `grant update, delete, truncate on consent_ledger, ledger_anchors, ledger_people, ledger_macs, ledger_keys, ledger_head to current_user`); err != nil {
		t.Fatal(err)
	}
	for _, s := range refused {
		if _, err := conn.Exec(t.Context(), s); err == nil {
			t.Errorf("%s: it was let through by the triggers", s)
		}
	}
	if r := verify(t, l); !r.OK || r.Rows != 4 {
		t.Errorf("the ledger holds %+v", r)
	}

	sqlDB := db.SQL()
	defer sqlDB.Close()
	for {
		undone, err := migrations.Down(t.Context(), sqlDB)
		if err != nil {
			if !strings.Contains(err.Error(), "holds rows") {
				t.Errorf("a ledger with rows is taken back: %v", err)
			}
			break
		}
		if undone.Source.Version == 3 {
			t.Fatal("a ledger with rows was taken back")
		}
	}
}

func TestAnEmptyLedgerMayBeTakenBack(t *testing.T) {
	t.Parallel()
	url := ownedURL(t)
	postgrestest.Migrate(t, url)
	db := postgrestest.Open(t, url)
	sqlDB := db.SQL()
	defer sqlDB.Close()
	for {
		undone, err := migrations.Down(t.Context(), sqlDB)
		if err != nil {
			t.Fatal(err)
		}
		if undone.Source.Version == 3 {
			break
		}
	}
	postgrestest.Migrate(t, url)
}

// Under another key nobody who said no would be found.
func TestAnotherMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	openLedger(t, db)
	for name, change := range map[string]func([]byte, []byte) ([]byte, []byte){
		"token": func(token, wrap []byte) ([]byte, []byte) { return bytes.Repeat([]byte{9}, 32), wrap },
		"wrap":  func(token, wrap []byte) ([]byte, []byte) { return token, bytes.Repeat([]byte{9}, 32) },
		"short": func(token, wrap []byte) ([]byte, []byte) { return token[:16], wrap },
	} {
		cfg := ledgerConfig()
		cfg.TokenKey, cfg.WrapKey = change(cfg.TokenKey, cfg.WrapKey)
		if l, err := db.Ledger(t.Context(), cfg); err == nil {
			l.Close()
			t.Errorf("%s: another key was taken", name)
		}
	}
	openLedger(t, db)
}

// A clock that is wrong is told to whoever decides, and time never falls in the chain.
func TestClocksThatDisagree(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	cfg := ledgerConfig()
	cfg.Now = func() time.Time { return time.Now().Add(-45 * time.Second) }
	l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	record(t, l, grant(person(1)))
	if s := look(t, l, person(1)); s.ClockSkew < 44*time.Second || s.ClockSkew > 46*time.Second {
		t.Errorf("a clock that is 45 s late is %v off", s.ClockSkew)
	}
	_, err = l.Transact(t.Context(), person(1), func(s consent.Snapshot) []consent.Fact {
		if s.ClockSkew < 44*time.Second {
			t.Errorf("the decision sees a skew of %v", s.ClockSkew)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
