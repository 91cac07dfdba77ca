package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/patchcord/patchcord/migrations"
)

// Migration is what Migrate did.
type Migration struct {
	Role    string   // as whom: OwnerRole, or the connection's own role where it may not be that one
	Applied []string // the steps that were missing
	ByHand  []string // SQL for an administrator; then Migrate again. Until then the roles are not apart
}

// Migrate brings the schema up to date, as far as the connection may: it makes the two
// roles, gives OwnerRole the tables that older programs made, applies the steps that
// are missing, and gives AppRole its rights. Serving is the URL with which the service
// connects, which may be db's own: if it names AppRole, that role is made with its
// password. Several instances may do it at once, and with several databases of a
// server.
func (db *DB) Migrate(ctx context.Context, serving string) (Migration, error) {
	m, err := db.migrate(ctx, serving)
	if err != nil {
		return m, fmt.Errorf("postgres: migrate: %w", err)
	}
	return m, nil
}

func (db *DB) migrate(ctx context.Context, serving string) (Migration, error) {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return Migration{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	user, password, err := credentials(serving)
	if err != nil {
		return Migration{}, err
	}
	r, byHand, err := makeRoles(ctx, conn, user, password)
	if err != nil {
		return Migration{}, err
	}
	m := Migration{Role: r.User, ByHand: byHand}
	if r.Serves {
		if m.Applied, err = db.apply(ctx, m.Role); err != nil {
			err = fmt.Errorf("the role %s can only serve; set BRIDGE_MIGRATE_URL to a role that may become %s: %w", r.User, OwnerRole, err)
		}
		return m, err
	}
	if len(m.ByHand) == 0 {
		if m.ByHand, err = reown(ctx, conn); err != nil {
			return m, err
		}
	}
	if len(m.ByHand) == 0 {
		m.Role = OwnerRole
	}
	if m.Applied, err = db.apply(ctx, m.Role); err != nil || !r.App {
		return m, err
	}
	err = grantAs(ctx, conn, m.Role)
	if refused(err) && len(m.ByHand) > 0 { // what is missing has been said
		err = nil
	}
	return m, err
}

// apply applies the steps that are missing, as role.
func (db *DB) apply(ctx context.Context, role string) ([]string, error) {
	conn := db.SQLAs(role)
	defer conn.Close()
	done, err := migrations.Up(ctx, conn)
	var names []string
	for _, d := range done {
		names = append(names, migrations.Name(d.Source))
	}
	return names, err
}

// MigratingRole is the role as which the schema is changed through this connection:
// OwnerRole if the connection may act as that one and the tables are its own.
func (db *DB) MigratingRole(ctx context.Context) (string, error) {
	var role string
	err := db.pool.QueryRow(ctx, `
		select case when `+mayAct+` and not exists (select from pg_class c
				where c.relnamespace = current_schema()::regnamespace and c.relname = 'goose_db_version' and c.relowner <> o.oid)
			then o.rolname else current_user end
		from (select) x left join pg_roles o on o.rolname = $1`, OwnerRole).Scan(&role)
	if err != nil {
		return "", fmt.Errorf("postgres: read the roles: %w", err)
	}
	return role, nil
}

// SQLAs opens the database as package migrations wants it: beside the pool, without
// its time limits, since a migration may take its time, and as a role that the
// connection may act as. The caller closes it.
func (db *DB) SQLAs(role string) *sql.DB {
	return stdlib.OpenDB(*db.pool.Config().ConnConfig, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set role "+pgx.Identifier{role}.Sanitize())
		return err
	}))
}

// credentials are the role of the serving URL, and its password in the form in which
// the server keeps it if that role is AppRole.
func credentials(serving string) (user, secret string, err error) {
	if serving == "" {
		return "", "", nil
	}
	cfg, err := pgx.ParseConfig(serving)
	if err != nil { // its text may hold the password
		return "", "", errBadURL
	}
	if cfg.User != AppRole || cfg.Password == "" {
		return cfg.User, "", nil
	}
	secret, err = scramSecret(cfg.Password)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", AppRole, err)
	}
	return cfg.User, secret, nil
}
