package service

import (
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/postgres"
)

// openPermits makes the gate for calls that others place.
func openPermits(c *config.Config, g *Gate, db *postgres.DB, master []byte, secrets [][]byte, log zerolog.Logger) (*permits.Service, error) {
	key, err := subkey(master, "external permits")
	if err != nil {
		return nil, err
	}
	return permits.New(permits.Config{Gate: g.Gate, Store: db.Permits(), Sellers: c.Sellers(), Key: key, Secrets: secrets, Log: log})
}
