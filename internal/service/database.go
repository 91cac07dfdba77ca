package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// Database is the Postgres that the service uses, and the private server behind
// it where there is one.
type Database struct {
	*postgres.DB // as the role that serves; nil until open
	private      *pgserver.Private
	Serving      string // its URL
	owner        string // the URL of the role that migrates
}

// OpenDatabase connects to DATABASE_URL, or starts a private server.
func OpenDatabase(ctx context.Context, c *config.Config, log zerolog.Logger) (*Database, error) {
	d, err := FindDatabase(ctx, c, log)
	if err != nil {
		return nil, err
	}
	return d, d.open(ctx)
}

// FindDatabase tells where the database is, and starts the private server if it is
// there. The caller closes it, unless open fails.
func FindDatabase(ctx context.Context, c *config.Config, log zerolog.Logger) (*Database, error) {
	if problems := c.CheckDatabaseTransit(); len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	if c.DatabaseURL != "" {
		return &Database{Serving: c.DatabaseURL, owner: cmp.Or(c.MigrateURL, c.DatabaseURL)}, nil
	}
	p, err := pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: c.DataDir, Log: log, Sync: true})
	if err != nil {
		return nil, err
	}
	log.Warn().Str("folder", c.DataDir).Msg("DATABASE_URL is not set; using a private Postgres that runs only with this process. Set DATABASE_URL before you run several instances or need backups")
	return &Database{private: p, Serving: p.URLs.App, owner: p.URLs.Owner}, nil
}

// open connects as the role that serves.
func (d *Database) open(ctx context.Context) error {
	db, err := postgres.Open(ctx, d.Serving)
	if err != nil {
		return errors.Join(err, d.stop())
	}
	d.DB = db
	return nil
}

// AsOwner does something as the role that migrates, on connections that end with it.
func (d *Database) AsOwner(ctx context.Context, do func(*postgres.DB) error) error {
	db, err := postgres.Open(ctx, d.owner)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// MigrateUp brings the schema up to date.
func (d *Database) MigrateUp(ctx context.Context) (m postgres.Migration, err error) {
	err = d.AsOwner(ctx, func(db *postgres.DB) error {
		m, err = db.Migrate(ctx, d.Serving)
		return err
	})
	return m, err
}

// StartDatabase is openDatabase for the service: the schema is brought up to date by
// its owner, who has gone when this returns, and what the serving role could do to
// the ledger is said.
func StartDatabase(ctx context.Context, c *config.Config, log zerolog.Logger) (*Database, error) {
	d, err := FindDatabase(ctx, c, log)
	if err != nil {
		return nil, err
	}
	var m postgres.Migration
	if c.Migrate == "on" {
		if m, err = d.MigrateUp(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", MigrateSetting(c), err), d.stop())
		}
	}
	if err := d.open(ctx); err != nil {
		return nil, err
	}
	role, err := d.ServingRole(ctx)
	if err != nil {
		return nil, errors.Join(err, d.Shutdown())
	}
	if weak := role.Weakens(); weak != "" {
		log.Warn().Str("role", role.Name).Str("problem", weak).Msg("the database role has more privileges than serving needs: " + ApartHint)
	} else if len(m.ByHand) > 0 {
		log.Warn().Str("role", m.Role).Msg("the database roles are not set up: bridge migrate up prints the SQL for an administrator")
	}
	return d, nil
}

// ApartHint is what to do about a serving role that may do too much.
const ApartHint = "set DATABASE_URL for the role " + postgres.AppRole + ", and BRIDGE_MIGRATE_URL " + postgres.OwnerRole +
	"; bridge migrate up creates the roles or prints the SQL for an administrator"

// MigrateSetting names what gives the connection with which the schema is changed.
func MigrateSetting(c *config.Config) string {
	switch {
	case c.MigrateURL != "":
		return "BRIDGE_MIGRATE_URL"
	case c.DatabaseURL != "":
		return "DATABASE_URL"
	}
	return "the private Postgres"
}

// watch says loudly when the private server dies before it is stopped. Calls go
// on without it, and the log's spool keeps what they say until the next start.
func (d *Database) watch(ctx context.Context, log zerolog.Logger) {
	if d.private == nil {
		return
	}
	select {
	case <-d.private.Done():
		log.Error().Msg("the private Postgres exited; log entries go to disk until the service restarts")
	case <-ctx.Done():
	}
}

// Shutdown closes the connections, and stops the private server where there is one.
func (d *Database) Shutdown() error {
	if d.DB != nil {
		d.Close()
	}
	return d.stop()
}

func (d *Database) stop() error {
	if d.private == nil {
		return nil
	}
	return d.private.Stop()
}
