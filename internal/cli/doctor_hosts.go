package cli

import (
	"context"
	"maps"
	"net"
	"slices"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/routing"
)

// checkLookups tells whether the hosts of the look-ups are there. Nobody's number is
// asked about.
func checkLookups(ctx context.Context, c *config.Config) (all []config.Finding) {
	for _, name := range slices.Sorted(maps.Keys(c.File.Lookups)) {
		e := lookup.Endpoint{URL: c.File.Lookups[name].URL}
		if e.Check() != nil {
			continue // the configuration's check has said so
		}
		f := config.Finding{What: "lookup " + name, State: config.Well, Say: e.Host() + " resolves; queried when a call would be held for lack of its answer"}
		if _, err := net.DefaultResolver.LookupHost(ctx, e.Host()); err != nil {
			f.State, f.Say = config.Wrong, e.Host()+" can't be resolved: calls that need its answer are held"
		}
		all = append(all, f)
	}
	return all
}

// checkRouters tells whether the hosts that are asked who answers are there. Nobody's call
// is asked about.
func checkRouters(ctx context.Context, c *config.Config) (all []config.Finding) {
	for _, n := range slices.Sorted(maps.Keys(c.File.Numbers)) {
		b := c.File.Numbers[n]
		if b.Ask == nil {
			continue
		}
		host := routing.Endpoint{URL: b.Ask.URL}.Host()
		f := config.Finding{What: "who answers", State: config.Well, Say: host + " resolves; it chooses who answers, with " + b.Agent + " as the default"}
		if _, err := net.DefaultResolver.LookupHost(ctx, host); err != nil {
			f.State, f.Say = config.Wrong, host+" can't be resolved: "+b.Agent+" answers every call to that number"
		}
		all = append(all, f)
	}
	return all
}
