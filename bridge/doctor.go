package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
)

type doctorCmd struct {
	Fix  bool `help:"Set the webhooks of the account's numbers that bridge.yaml names. Nothing else is ever changed."`
	JSON bool `help:"Print one object a line."`
}

func (*doctorCmd) Help() string {
	return "Each line says what was looked at and, if it is not well, what to do. Nothing is written: no file, no row, and no private Postgres is started; commands of MCP servers get a temporary folder. " +
		"The exit code is 0 when nothing has to be mended, 2 if it is in the configuration."
}

// doctorPatience is how long one check may take: as long as serve gives an MCP server to start.
const doctorPatience = 30 * time.Second

// Run looks at everything and says all of it.
func (d *doctorCmd) Run(ctx context.Context, own ownTools) error {
	sick := 0
	say := func(f finding) {
		if f.State == wrong {
			sick++
		}
		if d.JSON {
			_ = printJSON(f) // nobody is left to tell
			return
		}
		plain.Printf("%-8s %-24s %s\n", f.State, f.What, f.Say)
	}
	c, problems := examine(own...)
	for _, p := range problems {
		say(finding{"configuration", wrong, p.Error()})
	}
	if len(problems) == 0 {
		say(finding{"configuration", well, fmt.Sprintf("%d agent(s), %d number(s)", len(c.file.Agents), len(c.file.Numbers))})
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
		return &exitError{exitUsage, fmt.Sprintf("%d thing(s) to mend", sick)}
	case sick > 0:
		return fmt.Errorf("%d thing(s) to mend", sick)
	}
	return nil
}

// checks is what is looked at. A configuration that is wrong hides only what can't be made of it.
func (d *doctorCmd) checks(whole bool) (list []func(context.Context, *config) []finding) {
	list = append(list, checkPlaceholders, checkPosture)
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
func checkFiles(_ context.Context, c *config) []finding {
	r, err := newRegistry(c)
	if err == nil {
		_, err = newProfiles(c, r, zerolog.Nop())
	}
	var bad *configError
	if errors.As(err, &bad) {
		var all []finding
		for _, p := range bad.problems {
			all = append(all, finding{"bridge.yaml", wrong, p.Error()})
		}
		return all
	} else if err != nil {
		return []finding{{"bridge.yaml", wrong, err.Error()}}
	}
	all := []finding{{"bridge.yaml", well, "every clip, prompt and tool can be used"}}
	if c.MasterKey == "" {
		all = append(all, finding{"BRIDGE_MASTER_KEY", warning, "not set: a key is kept in " + c.DataDir + ". Set one before there are several instances"})
	}
	if len(c.file.Numbers) == 0 {
		all = append(all, finding{"numbers", warning, "no number has an agent: every call in will be rejected"})
	}
	return append(all, checkRecordings(c)...)
}

func checkDatabase(ctx context.Context, c *config) []finding {
	if c.DatabaseURL == "" {
		all := []finding{privateServer(ctx, c)}
		if c.APIToken == "" {
			all = append(all, finding{"BRIDGE_API_TOKEN", warning, "it is not set: serve starts without it only where there are keys (bridge keys)"})
		}
		return all
	}
	if err := writable(c.DataDir); err != nil {
		return []finding{{"BRIDGE_DATA_DIR", wrong, inLine(err)}}
	}
	db, err := openDatabase(ctx, c, zerolog.Nop())
	if err != nil {
		return []finding{{"database", wrong, inLine(err)}}
	}
	defer db.close()
	all := []finding{{"database", well, "Postgres answers"}}
	if err := db.asOwner(ctx, func(owner *postgres.DB) error { return checkSchema(ctx, c, owner) }); err != nil {
		all[0] = finding{"database", wrong, migrateSetting(c) + ": " + inLine(err)}
	}
	return append(append(all, servingRole(ctx, db)...), checkKeys(ctx, c, db)...)
}

// checkSchema holds the schema to what serve will want.
func checkSchema(ctx context.Context, c *config, db *postgres.DB) error {
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
func servingRole(ctx context.Context, db *database) []finding {
	role, err := db.ServingRole(ctx)
	switch {
	case err != nil:
		return []finding{{"database role", wrong, inLine(err)}}
	case role.Weakens() != "":
		return []finding{{"database role", warning, role.Weakens() + "; " + apart}}
	}
	return []finding{{"database role", well, "the service connects as " + role.Name + ", which owns nothing and only adds to the ledger"}}
}

// checkClock compares our clock with that of whom we speak to, whose signatures
// and tokens depend on it.
func checkClock(ctx context.Context, c *config) []finding {
	skew, err := clockSkew(ctx, c.TwilioAPIURL)
	switch {
	case err != nil:
		return []finding{{"clock", warning, "it could not be compared with Twilio's: " + inLine(err)}}
	case skew > 30*time.Second || skew < -30*time.Second:
		return []finding{{"clock", wrong, fmt.Sprintf("it is %s off Twilio's: set up time synchronisation", skew.Round(time.Second))}}
	}
	return []finding{{"clock", well, "it agrees with Twilio's"}}
}
