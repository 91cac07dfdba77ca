package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
)

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply what is missing."`
	Down   migrateDownCmd   `cmd:"" help:"Take the last step back. It drops what that step made."`
	Status migrateStatusCmd `cmd:"" help:"Show each step and whether it was applied."`
}

type (
	migrateUpCmd     struct{}
	migrateDownCmd   struct{}
	migrateStatusCmd struct {
		JSON bool `help:"Print one object a line."`
	}
)

// withDatabase opens the database for one command.
func withDatabase(ctx context.Context, do func(*database) error) error {
	c, err := loadEnvironment()
	if err != nil {
		return err
	}
	if err := c.makeDataDir(); err != nil {
		return err
	}
	if url, err := postgres.FindPrivate(c.DataDir); err == nil && c.DatabaseURL == "" {
		c.DatabaseURL = url // the service has it running
	}
	c.LogLevel = "error"
	db, err := c.openDatabase(ctx, c.logger(os.Stderr))
	if err != nil {
		return err
	}
	defer db.close()
	return do(db)
}

func (*migrateUpCmd) Run(ctx context.Context) error {
	return withDatabase(ctx, func(db *database) error {
		sql := db.SQL()
		defer sql.Close()
		done, err := migrations.Up(ctx, sql)
		for _, r := range done {
			fmt.Println("applied", migrations.Name(r.Source))
		}
		if err == nil && len(done) == 0 {
			fmt.Println("nothing to do")
		}
		return err
	})
}

func (*migrateDownCmd) Run(ctx context.Context) error {
	return withDatabase(ctx, func(db *database) error {
		sql := db.SQL()
		defer sql.Close()
		r, err := migrations.Down(ctx, sql)
		switch {
		case errors.Is(err, goose.ErrNoNextVersion):
			fmt.Println("nothing to take back")
			return nil
		case r != nil:
			fmt.Println("taken back", migrations.Name(r.Source))
		}
		return err
	})
}

func (c *migrateStatusCmd) Run(ctx context.Context) error {
	return withDatabase(ctx, func(db *database) error {
		sql := db.SQL()
		defer sql.Close()
		list, err := migrations.Status(ctx, sql)
		for _, s := range list {
			if c.JSON {
				if err := printJSON(map[string]any{"step": migrations.Name(s.Source), "state": s.State, "applied_at": s.AppliedAt}); err != nil {
					return err
				}
				continue
			}
			fmt.Printf("%-8s %s\n", s.State, migrations.Name(s.Source))
		}
		return err
	})
}
