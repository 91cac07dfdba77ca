package config

import (
	"slices"
	"strings"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Sellers is bridge.yaml's, as the gate knows them, each with those of the others that a
// person takes for the same caller. The numbers were checked.
func (c *Config) Sellers() map[string]consent.Seller {
	all, was := map[string]consent.Seller{}, map[string][]string{}
	for name, s := range c.File.Sellers {
		full := consent.Seller{Name: name, LegalName: s.LegalName, RegisteredName: s.RegisteredName, Group: s.Affiliates}
		if full.RegisteredName == "" {
			full.RegisteredName = s.LegalName
		}
		full.Callback, _ = phone.Parse(s.CallbackNumber)
		full.TollfreeOptout, _ = phone.Parse(s.TollfreeOptout)
		all[name], was[name] = full, s.Was
	}
	consent.Relate(all, was)
	return all
}

// TextsFrom is the number from which each seller sends texts, if it has one.
func (c *Config) TextsFrom() map[string]phone.Number {
	all := map[string]phone.Number{}
	for name, s := range c.File.Sellers {
		if n, err := phone.Parse(s.TextsFrom); err == nil {
			all[name] = n
		}
	}
	return all
}

// Seller is one of them.
func (c *Config) Seller(name string) consent.Seller { return c.Sellers()[name] }

// calls tells whether an agent is there to place calls: it has a purpose for them, or
// no number that people could reach it by.
func (c *Config) calls(agent string) bool {
	for _, a := range c.File.Answers() {
		if a == agent {
			return c.File.Agents[agent].Purpose != ""
		}
	}
	return true
}

// BadOpenings is what the openings leave out of those agents that place calls, by
// the agent's name.
func (c *Config) BadOpenings() map[string]string {
	bad := map[string]string{}
	for name, a := range c.File.Agents {
		if a.Opening == nil || !c.calls(name) {
			continue // without one it is built from the seller
		}
		if list := call.OpeningLacks(a.Opening.Text, c.Seller(a.Seller)); len(list) > 0 {
			slices.Sort(list)
			bad[name] = "its opening does not say " + strings.Join(list, ", ") + ": the bridge adds it before the opening, in English"
		}
	}
	return bad
}
