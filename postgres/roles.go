package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The two roles. They belong to the server, and so to all of its databases.
const (
	OwnerRole = "patchcord_owner" // owns the tables and migrates
	AppRole   = "patchcord_app"   // serves: it is no superuser and owns nothing
)

// roles is what a connection may do about the two roles in its database.
type roles struct {
	User       string // the connection's own role
	Database   string
	Schema     string // where the tables are: the first of the search path
	Super      bool
	MayMake    bool     // make roles
	Owner      bool     // there is an OwnerRole
	App        bool     // there is an AppRole
	AppLogin   bool     // and it may log in
	MayBeOwner bool     // the connection may act as OwnerRole
	Serves     bool     // the connection has AppRole's rights and not OwnerRole's: it must not get them
	OwnerReady bool     // OwnerRole can make tables in the schema
	AppReady   bool     // AppRole can reach what is in the schema
	MayConnect bool     // both can connect to the database
	Others     []string // roles that serve, or did when they owned the tables, without being a member of AppRole
}

// mayAct asks whether the connection may act as a role: since 16 not all members may.
const mayAct = `coalesce(pg_has_role(o.oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false)`

const readRoles = `
	select me.rolname, current_database()::text, n.nspname, me.rolsuper, me.rolcreaterole or me.rolsuper,
		o.oid is not null, a.oid is not null, coalesce(a.rolcanlogin, false),
		` + mayAct + `,
		coalesce(pg_has_role(a.oid, 'USAGE'), false) and not ` + mayAct + `,
		coalesce(has_schema_privilege(o.oid, n.oid, 'CREATE') and has_schema_privilege(o.oid, n.oid, 'USAGE'), false),
		coalesce(has_schema_privilege(a.oid, n.oid, 'USAGE'), false),
		coalesce(has_database_privilege(o.oid, current_database(), 'CONNECT') and has_database_privilege(a.oid, current_database(), 'CONNECT'), false),
		array(select r.rolname from pg_roles r
			where not r.rolsuper and r.rolname not in (me.rolname, $1, $2)
				and not coalesce(pg_has_role(r.oid, o.oid, 'USAGE'), false) and not coalesce(pg_has_role(r.oid, a.oid, 'USAGE'), false)
				and (r.rolname = $3 or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = n.oid and c.relname = 'consent_ledger')))
	from pg_roles me join pg_namespace n on n.nspname = current_schema()
		left join pg_roles o on o.rolname = $1
		left join pg_roles a on a.rolname = $2
	where me.rolname = current_user`

// look reads how things are. Serving is the role that the service connects as, if
// that is known.
func (r *roles) look(ctx context.Context, conn *pgx.Conn, serving string) error {
	rows, err := conn.Query(ctx, readRoles, OwnerRole, AppRole, serving)
	if err != nil {
		return fmt.Errorf("read the roles: %w", err)
	}
	*r, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[roles])
	if err != nil {
		return fmt.Errorf("read the roles (does the search_path name a schema that exists?): %w", err)
	}
	return nil
}

// missing is the SQL that makes the two roles ready for the schema. Password is how
// AppRole's is written, empty if it is not known.
func (r *roles) missing(password string) []string {
	var list []string
	add := func(missing bool, format string, args ...any) {
		if missing {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	login := "nologin"
	if password != "" {
		login = "login password " + quoteLiteral(password)
	}
	quote := func(name string) string { return pgx.Identifier{name}.Sanitize() }
	add(!r.Owner, "create role %s nologin", OwnerRole)
	add(!r.App, "create role %s %s", AppRole, login)
	add(r.App && !r.AppLogin && password != "", "alter role %s %s", AppRole, login)
	add(!r.MayBeOwner && !r.Super, "grant %s to %s", OwnerRole, quote(r.User))
	add(!r.MayConnect, "grant connect on database %s to %s, %s", quote(r.Database), OwnerRole, AppRole)
	add(!r.OwnerReady, "grant usage, create on schema %s to %s", quote(r.Schema), OwnerRole)
	add(!r.AppReady, "grant usage on schema %s to %s", quote(r.Schema), AppRole)
	for _, other := range r.Others {
		add(true, "grant %s to %s", AppRole, quote(other))
	}
	return list
}

func quoteLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
