package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
)

type doctorCmd struct {
	Fix  bool `help:"Set the webhooks of the numbers in bridge.yaml at Twilio. Changes nothing else."`
	JSON bool `help:"Print one object a line."`
}

func (*doctorCmd) Help() string {
	return "Each line names a check and, if it fails, what to do. Writes nothing, neither files nor rows, and does not start a private Postgres; commands of MCP servers get a temporary folder. " +
		"The exit code is 0 if there is nothing to fix, and 2 if a problem is in the configuration."
}

// doctorPatience is how long one check may take: as long as serve gives an MCP server to start.
const doctorPatience = 30 * time.Second

// Run looks at everything and says all of it.
func (d *doctorCmd) Run(ctx context.Context, own ownTools) error {
	sick := 0
	say := func(f config.Finding) {
		if f.State == config.Wrong {
			sick++
		}
		if d.JSON {
			_ = printJSON(f) // nobody is left to tell
			return
		}
		plain.Printf("%-8s %-24s %s\n", f.State, f.What, f.Say)
	}
	c, problems := config.Examine(own...)
	for _, p := range problems {
		say(config.Finding{What: "configuration", State: config.Wrong, Say: p.Error()})
	}
	if len(problems) == 0 {
		say(config.Finding{What: "configuration", State: config.Well, Say: fmt.Sprintf("%d agent(s), %d number(s)", len(c.File.Agents), len(c.File.Numbers))})
	}
	for _, check := range d.checks(len(problems) == 0) {
		bounded, cancel := context.WithTimeout(ctx, doctorPatience)
		for _, f := range check(bounded, c) {
			say(f)
		}
		cancel()
	}
	switch {
	case len(problems) > 0:
		return &exitError{exitUsage, fmt.Sprintf("%d thing(s) to fix", sick)}
	case sick > 0:
		return fmt.Errorf("%d thing(s) to fix", sick)
	}
	return nil
}

// checks is what is looked at. A configuration that is wrong hides only what can't be made of it.
func (d *doctorCmd) checks(whole bool) (list []func(context.Context, *config.Config) []config.Finding) {
	list = append(list, config.CheckPlaceholders, config.CheckPosture)
	if whole {
		list = append(list, checkFiles, checkPolicy, checkMCP)
	}
	list = append(list, checkDatabase, checkLedger, checkHosts)
	if whole {
		list = append(list, checkLookups, checkRouters)
	}
	list = append(list, d.checkTwilio, checkPublic)
	if whole {
		list = append(list, checkVoices)
	}
	return append(list, checkClock)
}

// checkFiles makes what bridge.yaml names: clips, prompts and tools.
func checkFiles(_ context.Context, c *config.Config) []config.Finding {
	r, err := service.NewRegistry(c)
	if err == nil {
		_, err = service.NewProfiles(c, r, zerolog.Nop())
	}
	var bad *config.Error
	if errors.As(err, &bad) {
		var all []config.Finding
		for _, p := range bad.Problems {
			all = append(all, config.Finding{What: "bridge.yaml", State: config.Wrong, Say: p.Error()})
		}
		return all
	} else if err != nil {
		return []config.Finding{{What: "bridge.yaml", State: config.Wrong, Say: err.Error()}}
	}
	all := []config.Finding{{What: "bridge.yaml", State: config.Well, Say: "every clip, prompt and tool is usable"}}
	if c.MasterKey == "" {
		all = append(all, config.Finding{What: "BRIDGE_MASTER_KEY", State: config.Warning, Say: "not set: the key is kept in " + c.DataDir + ". Set it before you run several instances"})
	}
	if len(c.File.Numbers) == 0 {
		all = append(all, config.Finding{What: "numbers", State: config.Warning, Say: "no number has an agent: every inbound call will be rejected"})
	}
	return append(all, checkRecordings(c)...)
}

func checkDatabase(ctx context.Context, c *config.Config) []config.Finding {
	if c.DatabaseURL == "" {
		all := []config.Finding{privateServer(ctx, c)}
		if c.APIToken == "" {
			all = append(all, config.Finding{What: "BRIDGE_API_TOKEN", State: config.Warning, Say: "not set: serve starts without it only if there are keys (bridge keys)"})
		}
		return all
	}
	if err := service.Writable(c.DataDir); err != nil {
		return []config.Finding{{What: "BRIDGE_DATA_DIR", State: config.Wrong, Say: config.InLine(err)}}
	}
	db, err := service.OpenDatabase(ctx, c, zerolog.Nop())
	if err != nil {
		return []config.Finding{{What: "database", State: config.Wrong, Say: config.InLine(err)}}
	}
	defer func() { _ = db.Shutdown() }()
	all := []config.Finding{{What: "database", State: config.Well, Say: "Postgres is reachable"}}
	if err := db.AsOwner(ctx, func(owner *postgres.DB) error { return checkSchema(ctx, c, owner) }); err != nil {
		all[0] = config.Finding{What: "database", State: config.Wrong, Say: service.MigrateSetting(c) + ": " + config.InLine(err)}
	}
	return append(append(all, servingRole(ctx, db)...), checkKeys(ctx, c, db)...)
}

// checkSchema holds the schema to what serve will want.
func checkSchema(ctx context.Context, c *config.Config, db *postgres.DB) error {
	role, err := db.MigratingRole(ctx)
	if err != nil {
		return err
	}
	sql := db.SQLAs(role)
	defer sql.Close()
	steps, err := migrations.Status(ctx, sql)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.State != goose.StateApplied && c.Migrate == "off" {
			return errors.New("the schema is not up to date, and BRIDGE_MIGRATE is off: run bridge migrate up")
		}
	}
	return nil
}

// servingRole tells what the role that serves could do to the ledger.
func servingRole(ctx context.Context, db *service.Database) []config.Finding {
	role, err := db.ServingRole(ctx)
	switch {
	case err != nil:
		return []config.Finding{{What: "database role", State: config.Wrong, Say: config.InLine(err)}}
	case role.Weakens() != "":
		return []config.Finding{{What: "database role", State: config.Warning, Say: role.Weakens() + "; " + service.ApartHint}}
	}
	return []config.Finding{{What: "database role", State: config.Well, Say: "the service connects as " + role.Name + ", which owns no tables and can only add to the ledger"}}
}

// checkClock compares our clock with that of whom we speak to, whose signatures
// and tokens depend on it.
func checkClock(ctx context.Context, c *config.Config) []config.Finding {
	skew, err := clockSkew(ctx, c.TwilioAPIURL)
	switch {
	case err != nil:
		return []config.Finding{{What: "clock", State: config.Warning, Say: "can't compare it with Twilio's: " + config.InLine(err)}}
	case skew > 30*time.Second || skew < -30*time.Second:
		return []config.Finding{{What: "clock", State: config.Wrong, Say: fmt.Sprintf("differs from Twilio's by %s: set up time synchronization", skew.Round(time.Second))}}
	}
	return []config.Finding{{What: "clock", State: config.Well, Say: "matches Twilio's"}}
}
