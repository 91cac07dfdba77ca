package service

import (
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/server"
)

// NewDirectory is who calls on whose behalf, and from which numbers.
func NewDirectory(c *config.Config) server.Directory {
	d := server.Directory{Sellers: c.Sellers(), Agents: map[string]server.DirectoryAgent{}, Numbers: map[phone.Number]string{}, TextsFrom: c.TextsFrom()}
	for name, a := range c.File.Agents {
		d.Agents[name] = server.DirectoryAgent{Seller: a.Seller, Purpose: consent.Purpose(a.Purpose), NoMarketing: a.ContainsMarketing != nil && !*a.ContainsMarketing, Tools: a.Tools}
	}
	for number, agent := range c.File.Answers() {
		if n, err := phone.Parse(number); err == nil {
			d.Numbers[n] = agent
		}
	}
	return d
}
