package bridge

import (
	"context"
	"maps"
	"net"
	"slices"

	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/routing"
)

// checkLookups tells whether the hosts of the look-ups are there. Nobody's number is
// asked about.
func checkLookups(ctx context.Context, c *config) (all []finding) {
	for _, name := range slices.Sorted(maps.Keys(c.file.Lookups)) {
		e := lookup.Endpoint{URL: c.file.Lookups[name].URL}
		if e.Check() != nil {
			continue // the configuration's check has said so
		}
		f := finding{"lookup " + name, well, e.Host() + " is there; it is asked when a call would be held for want of its answer"}
		if _, err := net.DefaultResolver.LookupHost(ctx, e.Host()); err != nil {
			f.State, f.Say = wrong, e.Host()+" can't be resolved: calls are held for want of its answer"
		}
		all = append(all, f)
	}
	return all
}

// checkRouters tells whether the hosts that are asked who answers are there. Nobody's call
// is asked about.
func checkRouters(ctx context.Context, c *config) (all []finding) {
	for _, n := range slices.Sorted(maps.Keys(c.file.Numbers)) {
		b := c.file.Numbers[n]
		if b.ask == nil {
			continue
		}
		host := routing.Endpoint{URL: b.ask.URL}.Host()
		f := finding{"who answers", well, host + " is there; it is asked who answers, and " + b.agent + " does where it doesn't say"}
		if _, err := net.DefaultResolver.LookupHost(ctx, host); err != nil {
			f.State, f.Say = wrong, host+" can't be resolved: "+b.agent+" answers every call to that number"
		}
		all = append(all, f)
	}
	return all
}
