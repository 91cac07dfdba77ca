package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
)

type doctorCmd struct {
	JSON bool `help:"Print one object a line."`
}

func (*doctorCmd) Help() string {
	return "Each line says what was looked at and, if it is not well, what to do. The exit code is 0 when nothing has to be mended."
}

// finding is what the doctor found in one place.
type finding struct {
	What  string `json:"what"`
	State string `json:"state"` // ok | warning | wrong
	Say   string `json:"say"`
}

const (
	well    = "ok"
	warning = "warning"
	wrong   = "wrong"
)

// doctorPatience is how long one check may take.
const doctorPatience = 15 * time.Second

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
		plain.Printf("%-8s %-22s %s\n", f.State, f.What, f.Say)
	}
	c, err := load(own...)
	var bad *configError
	if errors.As(err, &bad) {
		for _, p := range bad.problems {
			say(finding{"configuration", wrong, p.Error()})
		}
		return &exitError{exitUsage, fmt.Sprintf("%d thing(s) to mend", sick)}
	} else if err != nil {
		return err
	}
	say(finding{"configuration", well, fmt.Sprintf("%d agent(s), %d number(s)", len(c.file.Agents), len(c.file.Numbers))})
	for _, check := range []func(context.Context, *config) []finding{checkFiles, checkPosture, checkPolicy, checkMCP, checkDatabase, checkLedger, checkLookups, checkRouters, checkTwilio, checkVoices, checkClock} {
		bounded, cancel := context.WithTimeout(ctx, doctorPatience)
		for _, f := range check(bounded, c) {
			say(f)
		}
		cancel()
	}
	if sick > 0 {
		return fmt.Errorf("%d thing(s) to mend", sick)
	}
	return nil
}

// checkFiles makes what bridge.yaml names: clips, prompts and tools.
func checkFiles(_ context.Context, c *config) []finding {
	r, err := c.registry()
	if err == nil {
		_, err = c.profiles(r, zerolog.Nop())
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
		return []finding{privateServer(c)}
	}
	if err := writable(c.DataDir); err != nil {
		return []finding{{"BRIDGE_DATA_DIR", wrong, inLine(err)}}
	}
	db, err := c.openDatabase(ctx, zerolog.Nop())
	if err != nil {
		return []finding{{"database", wrong, inLine(err)}}
	}
	defer db.close()
	all := []finding{{"database", well, "Postgres answers"}}
	if err := db.asOwner(ctx, func(owner *postgres.DB) error { return c.checkSchema(ctx, owner) }); err != nil {
		all[0] = finding{"database", wrong, c.migrateSetting() + ": " + inLine(err)}
	}
	return append(append(all, servingRole(ctx, db)...), checkKeys(ctx, c, db)...)
}

// checkSchema holds the schema to what serve will want.
func (c *config) checkSchema(ctx context.Context, db *postgres.DB) error {
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

// inLine is an error in one line.
func inLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// writable tells whether the data folder can be used.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".doctor")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
