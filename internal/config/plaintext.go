package config

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/patchcord/patchcord/internal/loopback"
	"github.com/patchcord/patchcord/postgres"
)

// ErrPlaintext is what is wrong with an address that others on the way can read along.
var ErrPlaintext = errors.New("everything sent there would be unencrypted: want https or wss; http is only allowed on this machine, unless BRIDGE_INSECURE is on")

// InTheClear refuses http and ws to a host that is not this machine.
func (c *Config) InTheClear(address string) error {
	u, err := url.Parse(address)
	if err != nil || c.insecure() || u.Scheme == "https" || u.Scheme == "wss" || loopback.Is(u.Hostname()) {
		return nil // an address of the wrong form is another check's
	}
	return ErrPlaintext
}

func (c *Config) insecure() bool { return c.Insecure == "on" }

// checkTransit finds the settings that would send calls, keys or people's data in the clear.
func (c *Config) checkTransit() (problems []error) {
	for _, s := range []struct{ name, value string }{{"TWILIO_API_URL", c.TwilioAPIURL}, {"HUME_API_URL", c.HumeAPIURL}, {"REALTIME_URL", c.RealtimeURL}} {
		if err := c.InTheClear(s.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return append(problems, c.CheckDatabaseTransit()...)
}

// CheckDatabaseTransit is the same for the database, of which a command may need no more.
func (c *Config) CheckDatabaseTransit() (problems []error) {
	for _, s := range []struct{ name, value string }{{"DATABASE_URL", c.DatabaseURL}, {"BRIDGE_MIGRATE_URL", c.MigrateURL}} {
		if !isPostgresURL(s.value) || c.insecure() { // what is none is another check's
			continue
		}
		if err := postgres.CheckTransit(s.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w, or BRIDGE_INSECURE=on", s.name, err))
		}
	}
	return problems
}
