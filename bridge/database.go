package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// database is the Postgres that the service uses, and the private server behind
// it where there is one.
type database struct {
	*postgres.DB // as the role that serves; nil until open
	private      *pgserver.Private
	serving      string // its URL
	owner        string // the URL of the role that migrates
}

// openDatabase connects to DATABASE_URL, or starts a private server.
func (c *config) openDatabase(ctx context.Context, log zerolog.Logger) (*database, error) {
	d, err := c.findDatabase(ctx, log)
	if err != nil {
		return nil, err
	}
	return d, d.open(ctx)
}

// findDatabase tells where the database is, and starts the private server if it is
// there. The caller closes it, unless open fails.
func (c *config) findDatabase(ctx context.Context, log zerolog.Logger) (*database, error) {
	if problems := c.checkDatabaseTransit(); len(problems) > 0 {
		return nil, &configError{problems}
	}
	if c.DatabaseURL != "" {
		return &database{serving: c.DatabaseURL, owner: cmp.Or(c.MigrateURL, c.DatabaseURL)}, nil
	}
	p, err := pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: c.DataDir, Log: log, Sync: true})
	if err != nil {
		return nil, err
	}
	log.Warn().Str("folder", c.DataDir).Msg("DATABASE_URL is not set; a private Postgres is used, which lives and ends with this process. Set DATABASE_URL before other instances or backups are wanted")
	return &database{private: p, serving: p.URLs.App, owner: p.URLs.Owner}, nil
}

// open connects as the role that serves.
func (d *database) open(ctx context.Context) error {
	db, err := postgres.Open(ctx, d.serving)
	if err != nil {
		return errors.Join(err, d.stop())
	}
	d.DB = db
	return nil
}

// asOwner does something as the role that migrates, on connections that end with it.
func (d *database) asOwner(ctx context.Context, do func(*postgres.DB) error) error {
	db, err := postgres.Open(ctx, d.owner)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// migrate brings the schema up to date.
func (d *database) migrate(ctx context.Context) (m postgres.Migration, err error) {
	err = d.asOwner(ctx, func(db *postgres.DB) error {
		m, err = db.Migrate(ctx, d.serving)
		return err
	})
	return m, err
}

// startDatabase is openDatabase for the service: the schema is brought up to date by
// its owner, who has gone when this returns, and what the serving role could do to
// the ledger is said.
func (c *config) startDatabase(ctx context.Context, log zerolog.Logger) (*database, error) {
	d, err := c.findDatabase(ctx, log)
	if err != nil {
		return nil, err
	}
	var m postgres.Migration
	if c.Migrate == "on" {
		if m, err = d.migrate(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", c.migrateSetting(), err), d.stop())
		}
	}
	if err := d.open(ctx); err != nil {
		return nil, err
	}
	role, err := d.ServingRole(ctx)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	if weak := role.Weakens(); weak != "" {
		log.Warn().Str("role", role.Name).Str("problem", weak).Msg("the database role can do more than serve: " + apart)
	} else if len(m.ByHand) > 0 {
		log.Warn().Str("role", m.Role).Msg("the database roles are not set up: bridge migrate up prints the SQL for an administrator")
	}
	return d, nil
}

// apart is what to do about a serving role that may do too much.
const apart = "let DATABASE_URL name " + postgres.AppRole + ", and BRIDGE_MIGRATE_URL " + postgres.OwnerRole +
	"; bridge migrate up makes them or prints the SQL for an administrator"

// migrateSetting names what gives the connection with which the schema is changed.
func (c *config) migrateSetting() string {
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
func (d *database) watch(ctx context.Context, log zerolog.Logger) {
	if d.private == nil {
		return
	}
	select {
	case <-d.private.Done():
		log.Error().Msg("the private Postgres has died; log entries are kept on disk until the bridge is started again")
	case <-ctx.Done():
	}
}

func (d *database) close() error {
	if d.DB != nil {
		d.Close()
	}
	return d.stop()
}

func (d *database) stop() error {
	if d.private == nil {
		return nil
	}
	return d.private.Stop()
}

// makeDataDir makes the data folder, which holds speech and keys, for its
// owner's eyes only. A private Postgres does not run as root, and has to get
// through the folder to its own; what lies in it is closed one by one.
func (c *config) makeDataDir() error {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 && c.DatabaseURL == "" {
		mode = 0o711
	}
	if err := os.MkdirAll(c.DataDir, mode); err != nil {
		return fmt.Errorf("BRIDGE_DATA_DIR: %w", err)
	}
	return nil
}
