package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/migrations"
)

// ServingRole is the role that a DB is connected as, and what it may do beyond what
// a service needs.
type ServingRole struct {
	Name      string
	Superuser bool
	MakesAny  bool     // it may make roles, or act as one that reaches the server's files and programs
	Owns      bool     // it owns tables of ours, their schema or the database, or may act as who does
	Creates   bool     // it may make tables and functions in the schema
	Excess    []string // rights such as "UPDATE on consent_ledger", unless one of the above says it already
}

// Weakens says in a sentence what the role could do to the ledger. It is empty for a
// role that only serves.
func (r ServingRole) Weakens() string {
	switch {
	case r.Superuser:
		return fmt.Sprintf("the service connects as %s, a superuser: it could rewrite the consent ledger, and run programs on the database's machine", r.Name)
	case r.Owns:
		return fmt.Sprintf("the service connects as %s, which owns the tables, their schema or the database: it could switch off the ledger's protection and rewrite it", r.Name)
	case r.MakesAny:
		return fmt.Sprintf("the service connects as %s, which may create roles or access the server's files: it could grant itself the right to rewrite the consent ledger", r.Name)
	case r.Creates:
		return fmt.Sprintf("the service connects as %s, which may create functions and tables in the schema", r.Name)
	case len(r.Excess) > 0:
		return fmt.Sprintf("the service connects as %s, which has more privileges than it needs: %s", r.Name, strings.Join(r.Excess, ", "))
	}
	return ""
}

const readServing = `
	select current_user::text, me.rolsuper,
		me.rolcreaterole or exists (select from pg_roles p where p.rolname in
			('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files') and pg_has_role(p.oid, 'MEMBER')),
		pg_has_role(d.datdba, 'MEMBER') or pg_has_role(n.nspowner, 'MEMBER'), has_schema_privilege(n.oid, 'CREATE'), '{}'::text[]
	from pg_roles me, pg_database d, pg_namespace n
	where me.rolname = current_user and d.datname = current_database() and n.nspname = current_schema()`

// A right on one column is a right.
const readPowers = `
	select c.relname, pg_has_role(c.relowner, 'MEMBER'), array(select p from unnest($1::text[]) p where has_table_privilege(c.oid, p)
		or p in ('INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(c.oid, p) order by 1)
	from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`

var powers = []string{"DELETE", "INSERT", "REFERENCES", "TRIGGER", "TRUNCATE", "UPDATE"}

// ServingRole reads what the role of this connection may do.
func (db *DB) ServingRole(ctx context.Context) (ServingRole, error) {
	r, err := db.servingRole(ctx)
	if err != nil {
		return r, fmt.Errorf("postgres: read the role's rights: %w", err)
	}
	return r, nil
}

func (db *DB) servingRole(ctx context.Context) (r ServingRole, err error) {
	rows, err := db.pool.Query(ctx, readServing)
	if err != nil {
		return r, err
	}
	if r, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[ServingRole]); err != nil {
		return r, err
	}
	if rows, err = db.pool.Query(ctx, readPowers, powers); err != nil {
		return r, err
	}
	var table string
	var owns bool
	var has []string
	_, err = pgx.ForEachRow(rows, []any{&table, &owns, &has}, func() error {
		if !migrations.Made(table) {
			return nil
		}
		r.Owns = r.Owns || owns
		for _, p := range has {
			if !slices.Contains(rightsOf(table), p) {
				r.Excess = append(r.Excess, p+" on "+table)
			}
		}
		return nil
	})
	if r.Superuser || r.Owns {
		r.Excess = nil
	}
	return r, err
}
