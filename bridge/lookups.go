package bridge

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/lookup"
)

type lookupBlock struct {
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers"`
}

// lookup checks an endpoint of lookups.
func (k *checker) lookup(name string, b lookupBlock) {
	if !slices.Contains(lookup.Kinds, lookup.Kind(name)) {
		k.wrong(fmt.Sprintf("want one of %v", lookup.Kinds), "lookups", name)
	}
	if err := (lookup.Endpoint{URL: b.URL}).Check(); err != nil {
		k.wrong(err.Error(), "lookups", name, "url")
	}
	k.headers(b.Headers, "lookups", name, "headers")
}

// lookups puts what bridge.yaml names before the gate's decisions; nil if it names none.
// The caller closes it.
func (c *config) lookups(g *consent.Gate, log zerolog.Logger) (*lookup.Service, error) {
	if len(c.file.Lookups) == 0 {
		return nil, nil
	}
	endpoints := map[lookup.Kind]lookup.Endpoint{}
	for name, b := range c.file.Lookups {
		endpoints[lookup.Kind(name)] = lookup.Endpoint{URL: b.URL, Headers: c.expand(b.Headers)}
	}
	s, err := lookup.New(lookup.Config{Endpoints: endpoints, Gate: g, Logger: log})
	if err != nil {
		return nil, err
	}
	g.LookUp = s.Before
	return s, nil
}

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
