package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/migrations"
)

// rights is what AppRole may do with a table, where that is less than what a service
// does with tables of its own. A table of the ledger that is not here is only added to.
var rights = map[string][]string{
	"consent_ledger":   {"INSERT", "SELECT"},
	"ledger_head":      {"SELECT", "UPDATE"},           // its one row is there already
	"ledger_keys":      {"DELETE", "INSERT", "SELECT"}, // to delete a person's key is to erase the person
	"external_events":  {"INSERT", "SELECT"},
	"api_keys":         {"INSERT", "SELECT", "UPDATE"}, // a key that was revoked stays, to name what it did
	"goose_db_version": {"SELECT"},
	"river_migration":  {"SELECT"},
}

// rightsOf is what AppRole may do with a table, in the order of the alphabet.
func rightsOf(table string) []string {
	if exact, ok := rights[table]; ok {
		return exact
	}
	if strings.HasPrefix(table, "ledger_") {
		return []string{"INSERT", "SELECT"}
	}
	return []string{"DELETE", "INSERT", "SELECT", "UPDATE"}
}

// grantee is a table or sequence, and what AppRole may do with it now.
type grantee struct {
	At       string // its name, quoted
	Name     string // the table that it is, or whose column it counts for
	Sequence bool
	Has      []string
	Loose    bool // others than the owner and AppRole may change it, or a right is on a column or may be passed on
}

const listGrants = `
	with app as (select oid from pg_roles where rolname = $1)
	select c.oid::regclass::text, coalesce(p.relname, c.relname), c.relkind = 'S',
		array(select privilege_type from aclexplode(c.relacl) x where x.grantee = app.oid order by 1),
		exists (select from aclexplode(c.relacl) x where x.grantee = 0 and x.privilege_type <> 'SELECT' or x.grantee = app.oid and x.is_grantable)
			or exists (select from pg_attribute t, aclexplode(t.attacl) x where t.attrelid = c.oid and x.grantee in (0, app.oid))
	from app, pg_class c
		left join pg_depend d on c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
		left join pg_class p on p.oid = d.refobjid
	where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')`

// grantAs is grant in a transaction of role.
func grantAs(ctx context.Context, conn *pgx.Conn, role string) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockRoles); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "set local role "+pgx.Identifier{role}.Sanitize()); err != nil {
			return err
		}
		return grant(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("grant %s its privileges: %w", AppRole, err)
	}
	return nil
}

// grant gives AppRole on every table what rights says, and takes all else from it.
// It is run after each migration, by whoever owns the tables; where nothing has
// changed it writes nothing.
func grant(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, listGrants, AppRole)
	if err != nil {
		return err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[grantee])
	if err != nil {
		return err
	}
	var change strings.Builder
	for _, g := range list {
		what, want := "table", rightsOf(g.Name)
		if g.Sequence {
			what, want = "sequence", []string{"SELECT", "USAGE"}
		}
		if !migrations.Made(g.Name) || !g.Loose && slices.Equal(g.Has, want) {
			continue
		}
		fmt.Fprintf(&change, "revoke all on %s %s from public, %s;\n", what, g.At, AppRole)
		fmt.Fprintf(&change, "grant %s on %s %s to %s;\n", strings.Join(want, ", "), what, g.At, AppRole)
	}
	if change.Len() == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, change.String())
	return err
}
