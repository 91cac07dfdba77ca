package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/patchcord/patchcord/migrations"
)

// makeTries bounds how often other databases of the server may be about to make the
// same roles at the same time. An advisory lock is of one database, and the roles
// are of all.
const makeTries = 20

// makeRoles sees to the two roles as far as conn may, and returns the SQL that it
// may not run. The password is AppRole's, in the form in which the server keeps it,
// or empty if it is not known.
func makeRoles(ctx context.Context, conn *pgx.Conn, serving, password string) (roles, []string, error) {
	var r roles
	for try := 1; ; try++ {
		if err := r.look(ctx, conn, serving); err != nil {
			return r, nil, err
		}
		list := r.missing(password)
		if len(list) == 0 || r.Serves {
			return r, nil, nil
		}
		byHand := r.missing(placeholder)
		if (!r.Owner || !r.App) && !r.MayMake {
			return r, byHand, nil
		}
		err := runAll(ctx, conn, list)
		switch {
		case err == nil:
			if err := r.look(ctx, conn, serving); err != nil {
				return r, nil, err
			}
			if len(r.missing(password)) > 0 { // a grant by someone who may not is only a warning
				return r, r.missing(placeholder), nil
			}
		case refused(err):
			return r, byHand, nil
		case !raced(err) || try == makeTries:
			return r, nil, fmt.Errorf("create the roles: %w", err)
		}
	}
}

// placeholder stands for a password in SQL that is shown.
const placeholder = "choose one"

// reown gives to OwnerRole what older programs made as whoever they connected as.
// It returns the SQL that conn may not run.
func reown(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	var list []string
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockRoles); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, listForeign, OwnerRole)
		if err != nil {
			return err
		}
		var name, statement string
		_, err = pgx.ForEachRow(rows, []any{&name, &statement}, func() error {
			if migrations.Made(name) {
				list = append(list, statement)
			}
			return nil
		})
		if err != nil || len(list) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, strings.Join(list, ";\n"))
		return err
	})
	if refused(err) {
		return list, nil
	} else if err != nil {
		return nil, fmt.Errorf("give the tables to %s: %w", OwnerRole, err)
	}
	return nil, nil
}

// lockRoles lets one connection at a time change who may do what in the database.
const lockRoles = `select set_config('lock_timeout', '30s', true), pg_advisory_xact_lock(hashtext('patchcord roles'))`

// listForeign lists what is in the schema and not OwnerRole's. A column's sequence
// goes with its table.
const listForeign = `
	with ours as (select oid from pg_roles where rolname = $1), here as (select current_schema()::regnamespace::oid as oid)
	select relname, format('alter table %s owner to %I', c.oid::regclass, $1) from pg_class c, ours, here
		where relnamespace = here.oid and relowner <> ours.oid and (relkind in ('r', 'p', 'v', 'm') or relkind = 'S'
			and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')))
	union all select proname, format('alter routine %s owner to %I', p.oid::regprocedure, $1) from pg_proc p, ours, here
		where pronamespace = here.oid and proowner <> ours.oid
	union all select typname, format('alter type %s owner to %I', t.oid::regtype, $1) from pg_type t, ours, here
		where typnamespace = here.oid and typowner <> ours.oid and typtype in ('e', 'd')`

// runAll runs statements in one transaction.
func runAll(ctx context.Context, conn *pgx.Conn, list []string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, strings.Join(list, ";\n"))
		return err
	})
}

// refused tells whether the role may not do something.
func refused(err error) bool { return hasCode(err, "42501") }

// raced tells whether somebody else did the same at the same time: "duplicate
// object", "unique violation", and "tuple concurrently updated", which has no code
// of its own.
func raced(err error) bool {
	var e *pgconn.PgError
	return hasCode(err, "42710", "23505") || errors.As(err, &e) && strings.Contains(e.Message, "concurrently")
}

func hasCode(err error, codes ...string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}
