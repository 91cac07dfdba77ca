package cli

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply all pending migrations."`
	Down   migrateDownCmd   `cmd:"" help:"Roll back the last migration, dropping what it created."`
	Status migrateStatusCmd `cmd:"" help:"Show each migration and whether it was applied."`
}

func (*migrateCmd) Help() string {
	return "Connects with BRIDGE_MIGRATE_URL, or DATABASE_URL if that is empty. \"up\" also creates the two database roles, " +
		"patchcord_owner and patchcord_app; if it lacks the privileges, it prints the SQL for an administrator."
}

type (
	migrateUpCmd     struct{}
	migrateDownCmd   struct{}
	migrateStatusCmd struct {
		JSON bool `help:"Print one object a line."`
	}
)

// withDatabase finds the database for one command.
func withDatabase(ctx context.Context, do func(*service.Database) error) error {
	c, err := config.LoadEnvironment()
	if err != nil {
		return err
	}
	for _, p := range c.CheckEnvironment() {
		if setting := config.SettingOf(p); setting == "DATABASE_URL" || setting == "BRIDGE_MIGRATE_URL" {
			return &config.Error{Problems: []error{p}}
		}
	}
	if err := service.MakeDataDir(c); err != nil {
		return err
	}
	if urls, err := pgserver.FindPrivate(c.DataDir); err == nil && c.DatabaseURL == "" {
		c.DatabaseURL, c.MigrateURL = urls.App, urls.Owner // the service has it running
	}
	c.LogLevel = "error"
	db, err := service.FindDatabase(ctx, c, service.NewLogger(c, os.Stderr))
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Shutdown())
}

func (*migrateUpCmd) Run(ctx context.Context) error {
	return withDatabase(ctx, func(db *service.Database) error {
		m, err := db.MigrateUp(ctx)
		for _, name := range m.Applied {
			plain.Println("applied", name)
		}
		if err == nil && len(m.Applied) == 0 {
			plain.Println("nothing to do")
		}
		if len(m.ByHand) > 0 {
			plain.Printf("-- The role %s may not set up the two database roles. Have an administrator of the database run\n-- the following; then run bridge migrate up again.\n", m.Role)
			for _, statement := range m.ByHand {
				plain.Printf("%s;\n", plain.Lines(statement))
			}
		}
		return err
	})
}

// withSchema opens the database as its owner, for goose.
func withSchema(ctx context.Context, do func(db *sql.DB, role string) error) error {
	return withDatabase(ctx, func(d *service.Database) error {
		return d.AsOwner(ctx, func(db *postgres.DB) error {
			role, err := db.MigratingRole(ctx)
			if err != nil {
				return err
			}
			schema := db.SQLAs(role)
			defer schema.Close()
			return do(schema, role)
		})
	})
}

func (*migrateDownCmd) Run(ctx context.Context) error {
	return withSchema(ctx, func(db *sql.DB, _ string) error {
		r, err := migrations.Down(ctx, db)
		switch {
		case errors.Is(err, goose.ErrNoNextVersion):
			plain.Println("nothing to roll back")
			return nil
		case r != nil:
			plain.Println("rolled back", migrations.Name(r.Source))
		}
		return err
	})
}

func (c *migrateStatusCmd) Run(ctx context.Context) error {
	return withSchema(ctx, func(db *sql.DB, role string) error {
		list, err := migrations.Status(ctx, db)
		if err == nil && !c.JSON {
			plain.Println("role    ", role)
		}
		for _, s := range list {
			if c.JSON {
				row := map[string]any{"step": migrations.Name(s.Source), "state": s.State, "applied_at": s.AppliedAt, "role": role}
				if err := printJSON(row); err != nil {
					return err
				}
				continue
			}
			plain.Printf("%-8s %s\n", s.State, migrations.Name(s.Source))
		}
		return err
	})
}
