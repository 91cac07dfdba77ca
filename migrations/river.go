package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// The step that makes river's tables, and the version of river's own schema that
// it goes up to. A newer river gets a step of its own: what a step means never
// changes.
const (
	riverStep    = 7
	riverName    = "00007_river.go"
	riverVersion = 8
	riverNone    = -1 // down to nothing
)

// river is the step that makes the tables of the job queue. Their SQL is river's
// own, and so is the record of versions beside them, which river's tools read. A
// step that was cut short can be run again: what is there already stays.
func river() *goose.Migration {
	return goose.NewGoMigration(riverStep,
		&goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
			return migrateRiver(ctx, db, rivermigrate.DirectionUp, riverVersion)
		}},
		&goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
			return migrateRiver(ctx, db, rivermigrate.DirectionDown, riverNone)
		}})
}

func migrateRiver(ctx context.Context, db *sql.DB, d rivermigrate.Direction, target int) error {
	m, err := rivermigrate.New(riverpgxv5.New(nil), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("river: %w", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("river: %w", err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		for more := true; more; {
			if err := pgx.BeginFunc(ctx, c.(*stdlib.Conn).Conn(), func(tx pgx.Tx) error {
				//nolint:staticcheck // it is deprecated for those who put several versions into one transaction
				r, err := m.MigrateTx(ctx, tx, d, &rivermigrate.MigrateOpts{TargetVersion: target, MaxSteps: 1})
				more = err == nil && len(r.Versions) > 0
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("river: %w", err)
	}
	return nil
}
