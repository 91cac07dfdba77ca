package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

const (
	serving = "DELETE INSERT SELECT UPDATE" // what a service does to tables of its own
	adding  = "INSERT SELECT"
)

// allowed is what the serving role may do with each table. A new table needs a row
// here: whoever adds it says what the service does with it, and why a forger may.
var allowed = map[string]string{
	"consent_ledger": adding,
	"ledger_anchors": adding, "ledger_macs": adding, "ledger_people": adding,
	"ledger_evidence":  adding,                 // with a row too many nobody's refusal is lifted
	"ledger_head":      "SELECT UPDATE",        // a trigger lets it go forward only
	"ledger_keys":      "DELETE INSERT SELECT", // to delete is to erase a person
	"goose_db_version": "SELECT", "river_migration": "SELECT",
	"external_events": adding, "external_permits": serving,
	"call_commands": serving, "call_entries": serving, "call_next": serving, "call_rate": serving, "calls": serving,
	"erasures": serving, "erasure_instances": serving, "erased_calls": serving,
	"hume_chats":       serving,
	"api_keys":         "INSERT SELECT UPDATE", // a key that was revoked stays, to name what it did
	"idempotency_keys": serving, "instances": serving, "used_tokens": serving,
	"reminder_attempts": serving, "reminder_pauses": serving, "reminders": serving,
	"river_job": serving, "river_leader": serving,
	"river_notification": serving, "river_queue": serving,
}

// Whatever gives the serving role a right is counted: a grant, one to everybody, one
// on a column, a membership, ownership.
func TestTheServingRoleMayNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	conn := sqlConn(t, url)
	rows, err := conn.Query(t.Context(), `
		select c.relname, r.rolname, string_agg(p, ' ' order by p) filter (where has_table_privilege(c.oid, p)
			or p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(c.oid, p)), pg_has_role(c.relowner, 'MEMBER')
		from pg_class c join pg_roles r on r.oid = c.relowner,
			unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') group by c.oid, r.rolname`)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var table, owner string
	var may *string
	var owns bool
	if _, err := pgx.ForEachRow(rows, []any{&table, &owner, &may, &owns}, func() error {
		seen[table] = true
		switch want, ok := allowed[table]; {
		case !ok:
			t.Errorf("%s is not in the list of what the serving role may do", table)
		case owner != postgres.OwnerRole || owns:
			t.Errorf("%s belongs to %s", table, owner)
		case may == nil || *may != want:
			t.Errorf("the serving role may %v on %s, want %s", may, table, want)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for table := range allowed {
		if !seen[table] {
			t.Errorf("there is no table %s", table)
		}
	}
	var others int
	if err := conn.QueryRow(t.Context(), `
		select count(*) from (
			select oid from pg_class where pg_has_role(relowner, 'MEMBER')
			union all select oid from pg_proc where pg_has_role(proowner, 'MEMBER')
			union all select oid from pg_type where pg_has_role(typowner, 'MEMBER')
			union all select oid from pg_namespace where pg_has_role(nspowner, 'MEMBER') or has_schema_privilege(oid, 'CREATE')
			union all select oid from pg_database where pg_has_role(datdba, 'MEMBER')
			union all select roleid from pg_auth_members where member = (select oid from pg_roles where rolname = current_user)) x`).Scan(&others); err != nil || others > 0 {
		t.Errorf("the serving role owns, may make or belongs to %d things, %v", others, err)
	}
	role, err := postgrestest.Open(t, url).ServingRole(t.Context())
	if err != nil || role.Name != postgres.AppRole || role.Weakens() != "" {
		t.Errorf("the serving role is %+v, %v", role, err)
	}
}

// Each is what a forger would try who has the service's connection.
func TestTheServingRoleIsRefused(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)), revoke(person(1)))
	if err := l.Anchor(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	var statements []string
	for _, table := range []string{"consent_ledger", "ledger_head", "ledger_keys", "ledger_anchors", "ledger_macs", "ledger_people", "calls"} {
		for _, s := range []string{"truncate %", "drop table %", "alter table % rename to x", "alter table % add column x int", "alter table % disable trigger all",
			"alter table % owner to patchcord_app", "create trigger x before insert on % for each row execute function ledger_refuse()",
			"create rule x as on insert to % do instead nothing", "create index on % (ctid)", "alter table % enable row level security",
			"create policy x on % using (false)", "create table x (like %, foreign key (seq) references %)", "comment on table % is ''"} {
			statements = append(statements, strings.ReplaceAll(s, "%", table))
		}
	}
	statements = append(statements,
		`drop trigger ledger_append_only on consent_ledger`, `drop trigger ledger_forward on ledger_head`,
		`update consent_ledger set seller = 'x'`, `update consent_ledger set body = '' where false`, `delete from consent_ledger`,
		`insert into consent_ledger select * from consent_ledger on conflict (seq) do update set body = ''`,
		`merge into consent_ledger l using consent_ledger x on l.seq = x.seq when matched then delete`,
		`select * from consent_ledger for update`, `do $$ begin lock table consent_ledger in access exclusive mode; end $$`,
		`update ledger_anchors set at = 1`, `delete from ledger_anchors`, `update ledger_macs set mac = ''`, `delete from ledger_macs`,
		`update ledger_people set seq = 1`, `delete from ledger_people`, `update ledger_keys set wrapped = ''`,
		`delete from ledger_head`, `insert into ledger_head (at, head) values (9, '')`, `update ledger_head set at = 1`,
		`update goose_db_version set version_id = 1`, `delete from goose_db_version`,
		`set session_replication_role = replica`, `set role patchcord_owner`, `set session authorization patchcord_owner`,
		`alter role patchcord_app superuser`, `alter role patchcord_owner password 'x'`, `alter role patchcord_app createrole`,
		`grant patchcord_owner to patchcord_app`, `create role x`, `drop role patchcord_owner`, `alter role patchcord_app set session_replication_role = replica`,
		`create function x() returns int language sql as 'select 1'`, `create or replace function ledger_refuse() returns trigger language plpgsql as 'begin return new; end'`,
		`drop function ledger_refuse() cascade`, `alter function ledger_refuse() rename to x`,
		`create table x ()`, `create temporary table consent_ledger ()`, `create schema x`, `create view x as select 1`, `drop schema public cascade`,
		`do $$ begin execute 'truncate consent_ledger'; end $$`, `create extension dblink`, `alter database postgres set session_replication_role = replica`,
		`copy consent_ledger to program 'cat'`, `copy calls from '/etc/passwd'`, `copy calls to '/tmp/x'`, `select pg_read_file('/etc/passwd')`, `select pg_ls_dir('.')`,
		`select lo_import('/etc/passwd')`, `alter system set fsync = off`, `select pg_reload_conf()`, `select rolpassword from pg_authid`,
		`load 'auto_explain'`, `reassign owned by patchcord_owner to patchcord_app`)
	conn := sqlConn(t, url)
	for _, s := range statements {
		_, err := conn.Exec(t.Context(), s)
		var refused *pgconn.PgError
		// 42501 is "insufficient privilege"; extensions may not be there at all, a right to
		// set a parameter has a code of its own in older versions.
		if !errors.As(err, &refused) || refused.Code != "42501" && !(refused.Code == "0A000" && strings.HasPrefix(s, "create extension")) {
			t.Errorf("%s: %v", s, err)
		}
	}
	// A grant that was refused is only a warning.
	var public int
	if _, err := conn.Exec(t.Context(), `grant all on all tables in schema public to public`); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), `select count(*) from pg_class c, aclexplode(c.relacl) x where c.relnamespace = 'public'::regnamespace and x.grantee = 0`).Scan(&public); err != nil || public > 0 {
		t.Errorf("the serving role has given %d rights to everybody, %v", public, err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}

// Roles are of the whole server. Each of many databases makes them at the same time.
func TestManyDatabasesMakeTheRolesAtOnce(t *testing.T) {
	t.Parallel()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: t.TempDir()})
	admin := sqlConn(t, server.URLs.Superuser)
	if _, err := admin.Exec(t.Context(), `drop owned by patchcord_owner, patchcord_app; drop role patchcord_owner, patchcord_app`); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		name := "d" + string(rune('a'+i))
		if _, err := admin.Exec(t.Context(), "create database "+name); err != nil {
			t.Fatal(err)
		}
		db := postgrestest.Open(t, strings.Replace(server.URLs.Superuser, "/postgres?", "/"+name+"?", 1))
		all.Go(func() {
			m, err := db.Migrate(t.Context(), "")
			if err != nil || m.Role != postgres.OwnerRole || len(m.ByHand) > 0 || !slices.Contains(m.Applied, "00003_ledger.sql") {
				t.Errorf("%s: %+v, %v", name, m, err)
			}
		})
	}
	all.Wait()
}
