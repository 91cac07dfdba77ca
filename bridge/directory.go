package bridge

import (
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/server"
)

// newDirectory is who calls on whose behalf, and from which numbers.
func newDirectory(c *config) server.Directory {
	d := server.Directory{Sellers: c.sellers(), Agents: map[string]server.DirectoryAgent{}, Numbers: map[phone.Number]string{}, TextsFrom: c.textsFrom()}
	for name, a := range c.file.Agents {
		d.Agents[name] = server.DirectoryAgent{Seller: a.Seller, Purpose: consent.Purpose(a.Purpose), NoMarketing: a.ContainsMarketing != nil && !*a.ContainsMarketing, Tools: a.Tools}
	}
	for number, agent := range c.file.answers() {
		if n, err := phone.Parse(number); err == nil {
			d.Numbers[n] = agent
		}
	}
	return d
}
