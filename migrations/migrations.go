// Package migrations holds the schema of the database as numbered SQL files,
// and brings a database to it with goose. One step is not a file: the tables of
// the job queue, which are river's (river.go).
//
// It knows none of the program's types. Several instances may start at once: a
// session lock in Postgres lets one migrate while the others wait.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Up applies all that is missing, in order, and returns what it applied.
func Up(ctx context.Context, db *sql.DB) ([]*goose.MigrationResult, error) {
	p, err := provider(db)
	if err != nil {
		return nil, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return done, fmt.Errorf("migrations: up: %w", err)
	}
	return done, nil
}

// Down takes back the newest migration, with the data that it held.
func Down(ctx context.Context, db *sql.DB) (*goose.MigrationResult, error) {
	p, err := provider(db)
	if err != nil {
		return nil, err
	}
	undone, err := p.Down(ctx)
	if err != nil {
		return undone, fmt.Errorf("migrations: down: %w", err)
	}
	return undone, nil
}

// Status returns every migration, and which of them the database has. It writes nothing.
func Status(ctx context.Context, db *sql.DB) ([]*goose.MigrationStatus, error) {
	p, err := provider(db)
	if err != nil {
		return nil, err
	}
	var begun bool
	if err := db.QueryRowContext(ctx, "select to_regclass('goose_db_version') is not null").Scan(&begun); err != nil {
		return nil, fmt.Errorf("migrations: status: %w", err)
	}
	if !begun { // goose would make its table to look into it
		var all []*goose.MigrationStatus
		for _, s := range p.ListSources() {
			all = append(all, &goose.MigrationStatus{Source: s, State: goose.StatePending})
		}
		return all, nil
	}
	status, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrations: status: %w", err)
	}
	return status, nil
}

// Name is what a step is called: its file, or what stands for one.
func Name(s *goose.Source) string {
	if s.Version == riverStep {
		return riverName
	}
	return s.Path
}

func provider(db *sql.DB) (*goose.Provider, error) {
	// Try each second, for five minutes; goose's own pace is five seconds.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("migrations: lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(river()))
	if err != nil {
		return nil, fmt.Errorf("migrations: read the files: %w", err)
	}
	return p, nil
}
