package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/postgres"
)

// database is the Postgres that the service uses, and the private server behind
// it where there is one.
type database struct {
	*postgres.DB
	private *postgres.Private
}

// openDatabase connects to DATABASE_URL, or starts a private server.
func (c *config) openDatabase(ctx context.Context, log zerolog.Logger) (*database, error) {
	d := &database{}
	url := c.DatabaseURL
	if url == "" {
		var err error
		if d.private, err = postgres.StartPrivate(ctx, postgres.PrivateConfig{Dir: c.DataDir, Log: log, Sync: true}); err != nil {
			return nil, err
		}
		url = d.private.URL()
		log.Warn().Str("folder", c.DataDir).Msg("DATABASE_URL is not set; a private Postgres is used, which lives and ends with this process. Set DATABASE_URL before other instances or backups are wanted")
	}
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	d.DB = db
	return d, nil
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
	d.Close()
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
