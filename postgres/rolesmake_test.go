package postgres_test

import (
	"context"
	neturl "net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// bare is a database on a server that has neither of the two roles, and its owner, who
// is no superuser. As each is one of a server, subtests take it in turn.
type bare struct {
	superuser string // URL
	owner     string
}

const plainOwner = "plain"

func withRole(t *testing.T, url, user, password string) string {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	u.User = neturl.UserPassword(user, password)
	return u.String()
}

func newBare(t *testing.T, server *pgserver.Private) bare {
	t.Helper()
	run := func(statements ...string) {
		conn, err := pgx.Connect(context.Background(), server.URLs.Superuser)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		for _, s := range statements {
			if _, err := conn.Exec(context.Background(), s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	run(`drop owned by patchcord_owner, patchcord_app`, `drop role patchcord_owner, patchcord_app`,
		`create role plain login password 'only here'`, `create database bare owner plain`)
	t.Cleanup(func() {
		run(`drop database bare with (force)`, `drop role plain`, `drop role if exists patchcord_owner, patchcord_app`,
			`create role patchcord_owner`, `create role patchcord_app`)
	})
	superuser := strings.Replace(server.URLs.Superuser, "/postgres?", "/bare?", 1)
	return bare{superuser: superuser, owner: withRole(t, superuser, plainOwner, "only here")}
}

func migrateFor(t *testing.T, url, serving string) postgres.Migration {
	t.Helper()
	db := postgrestest.Open(t, url)
	defer db.Close()
	m, err := db.Migrate(t.Context(), serving)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// serves holds a connection to what the role that serves may do.
func serves(t *testing.T, url string) {
	t.Helper()
	db := postgrestest.Open(t, url)
	role, err := db.ServingRole(t.Context())
	if err != nil || role.Weakens() != "" {
		t.Errorf("%+v, %v", role, err)
	}
	record(t, openLedger(t, db), grant(person(1)))
	if _, err := sqlConn(t, url).Exec(t.Context(), `update consent_ledger set body = ''`); err == nil {
		t.Error("a row was changed")
	}
}

// older makes the schema as a program did that knew one role.
func older(t *testing.T, url, role string) {
	t.Helper()
	db := postgrestest.Open(t, url)
	defer db.Close()
	schema := db.SQLAs(role)
	defer schema.Close()
	if _, err := migrations.Up(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	record(t, openLedger(t, db), revoke(person(1)))
}

func TestMigrateMakesTheRoles(t *testing.T) {
	t.Parallel()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: t.TempDir()})
	for name, test := range map[string]func(*testing.T, bare){
		"a superuser, for a role that is not there yet":   superuserMakesBoth,
		"a superuser alone":                               superuserAlone,
		"the owner of the database, who may make roles":   makerOfRoles,
		"the owner of the database, who may not":          plainOwnerPrints,
		"an older database of its owner, by a superuser":  takesOverFromOwner,
		"an older database of a superuser":                takesOverFromSuperuser,
		"a password that has more than one form":          refusesPassword,
		"by the role that serves, before there is schema": servingRoleCannot,
	} {
		t.Run(name, func(t *testing.T) { test(t, newBare(t, server)) })
	}
}

func superuserMakesBoth(t *testing.T, b bare) {
	serving := withRole(t, b.superuser, postgres.AppRole, `it's "a" \pass$word`)
	if m := migrateFor(t, b.superuser, serving); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 || len(m.Applied) == 0 {
		t.Errorf("%+v", m)
	}
	serves(t, serving)
	if m := migrateFor(t, b.superuser, serving); len(m.Applied) > 0 || len(m.ByHand) > 0 {
		t.Errorf("the second time: %+v", m)
	}
	// A role that can log in keeps its password.
	migrateFor(t, b.superuser, withRole(t, b.superuser, postgres.AppRole, "another"))
	serves(t, serving)
	if m := migrateFor(t, serving, serving); m.Role != postgres.AppRole || len(m.ByHand) > 0 {
		t.Errorf("by the role that serves, with nothing to do: %+v", m)
	}
}

func superuserAlone(t *testing.T, b bare) {
	if m := migrateFor(t, b.superuser, b.superuser); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	db := postgrestest.Open(t, b.superuser)
	role, err := db.ServingRole(t.Context())
	if err != nil || !role.Superuser || !strings.Contains(role.Weakens(), "superuser") {
		t.Errorf("%+v, %v", role, err)
	}
	record(t, openLedger(t, db), grant(person(1)))
	// The role is there, and gets its password when DATABASE_URL names it.
	serving := withRole(t, b.superuser, postgres.AppRole, "later")
	migrateFor(t, b.superuser, serving)
	serves(t, serving)
}

func makerOfRoles(t *testing.T, b bare) {
	if _, err := sqlConn(t, b.superuser).Exec(t.Context(), `alter role plain createrole`); err != nil {
		t.Fatal(err)
	}
	serving := withRole(t, b.superuser, postgres.AppRole, "secret")
	if m := migrateFor(t, b.owner, serving); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	serves(t, serving)
	role, err := postgrestest.Open(t, b.owner).ServingRole(t.Context())
	if err != nil || !role.Owns || role.Weakens() == "" {
		t.Errorf("the maker of the roles is %+v, %v", role, err)
	}
}

// What is printed for an administrator is all that is needed.
func plainOwnerPrints(t *testing.T, b bare) {
	m := migrateFor(t, b.owner, b.owner)
	if m.Role != plainOwner || len(m.ByHand) == 0 || len(m.Applied) == 0 {
		t.Errorf("%+v", m)
	}
	db := postgrestest.Open(t, b.owner)
	record(t, openLedger(t, db), grant(person(2)))
	if role, err := db.ServingRole(t.Context()); err != nil || !role.Owns {
		t.Errorf("%+v, %v", role, err)
	}
	admin := sqlConn(t, b.superuser)
	for _, s := range m.ByHand {
		if _, err := admin.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if m = migrateFor(t, b.owner, b.owner); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("after an administrator has run it: %+v", m)
	}
	serves(t, withRole(t, b.superuser, postgres.AppRole, "choose one"))
}

// The instances of before, which serve as the old role, go on serving. It owns the
// database still.
func takesOverFromOwner(t *testing.T, b bare) {
	older(t, b.owner, plainOwner)
	if m := migrateFor(t, b.superuser, b.owner); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	db := postgrestest.Open(t, b.owner)
	record(t, openLedger(t, db), grant(person(1)))
	if _, err := sqlConn(t, b.owner).Exec(t.Context(), `update consent_ledger set body = ''`); err == nil {
		t.Error("a row was changed")
	}
	if role, err := db.ServingRole(t.Context()); err != nil || !role.Owns || !strings.Contains(role.Weakens(), "owns the tables, their schema or the database") {
		t.Errorf("%+v, %v", role, err)
	}
}

// What other programs keep in the schema stays theirs.
func takesOverFromSuperuser(t *testing.T, b bare) {
	admin := sqlConn(t, b.superuser)
	if _, err := admin.Exec(t.Context(), `create table stranger (x bigserial); create function stranger_f() returns int language sql as 'select 1'`); err != nil {
		t.Fatal(err)
	}
	older(t, b.superuser, "patchcord")
	serving := withRole(t, b.superuser, postgres.AppRole, "secret")
	if m := migrateFor(t, b.superuser, serving); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	serves(t, serving)
	rows, err := admin.Query(t.Context(), `
		select relname::text from pg_class where relnamespace = 'public'::regnamespace and relowner = current_user::regrole and relkind in ('r', 'S')
		union all select proname from pg_proc where pronamespace = 'public'::regnamespace and proowner = current_user::regrole
		union all select typname from pg_type where typnamespace = 'public'::regnamespace and typowner = current_user::regrole and typtype = 'e' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || !slices.Equal(left, []string{"stranger", "stranger_f", "stranger_x_seq"}) {
		t.Errorf("the superuser still owns %q, %v", left, err)
	}
	if _, err := sqlConn(t, serving).Exec(t.Context(), `select from stranger`); err == nil {
		t.Error("the role that serves reads another program's table")
	}
}

func refusesPassword(t *testing.T, b bare) {
	serving := withRole(t, b.superuser, postgres.AppRole, "Straße\n")
	if m, err := postgrestest.Open(t, b.superuser).Migrate(t.Context(), serving); err == nil || strings.Contains(err.Error(), "Stra") {
		t.Errorf("%+v, %v", m, err)
	}
}

func servingRoleCannot(t *testing.T, b bare) {
	if _, err := sqlConn(t, b.superuser).Exec(t.Context(), `create role patchcord_app login password 'x'`); err != nil {
		t.Fatal(err)
	}
	m, err := postgrestest.Open(t, withRole(t, b.superuser, postgres.AppRole, "x")).Migrate(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), "BRIDGE_MIGRATE_URL") || len(m.ByHand) > 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

// Whatever somebody has granted since, the next migration takes away.
func TestMigrateTakesBackWhatWasGranted(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	for _, s := range []string{
		`grant update on consent_ledger to public`, `grant truncate on ledger_head to patchcord_app`,
		`grant update (seller) on consent_ledger to patchcord_app`, `grant trigger on calls to public`,
		`grant select on consent_ledger to patchcord_app with grant option`, `revoke insert on instances from patchcord_app`,
	} {
		if _, err := sqlConn(t, postgrestest.SuperuserURL(t, url)).Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	db := postgrestest.Open(t, url)
	want := []string{"TRIGGER on calls", "UPDATE on consent_ledger", "TRUNCATE on ledger_head"}
	if role, err := db.ServingRole(t.Context()); err != nil || !slices.Equal(role.Excess, want) || !strings.Contains(role.Weakens(), want[1]) {
		t.Errorf("%+v, %v", role, err)
	}
	if m := postgrestest.Migrate(t, postgrestest.OwnerURL(t, url)); m.Role != postgres.OwnerRole || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	serves(t, url)
	if _, err := sqlConn(t, url).Exec(t.Context(), `insert into instances values ('x', now())`); err != nil {
		t.Error(err)
	}
	var loose int
	if err := sqlConn(t, url).QueryRow(t.Context(), `select count(*) from pg_class c, aclexplode(c.relacl) x where x.grantee = 'patchcord_app'::regrole and x.is_grantable`).Scan(&loose); err != nil || loose > 0 {
		t.Errorf("%d rights may be passed on, %v", loose, err)
	}
}
