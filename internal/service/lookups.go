package service

import (
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/lookup"
)

// openLookups puts what bridge.yaml names before the gate's decisions; nil if it names none.
// The caller closes it.
func openLookups(c *config.Config, g *consent.Gate, log zerolog.Logger) (*lookup.Service, error) {
	if len(c.File.Lookups) == 0 {
		return nil, nil
	}
	endpoints := map[lookup.Kind]lookup.Endpoint{}
	for name, b := range c.File.Lookups {
		endpoints[lookup.Kind(name)] = lookup.Endpoint{URL: b.URL, Headers: c.Expand(b.Headers)}
	}
	s, err := lookup.New(lookup.Config{Endpoints: endpoints, Gate: g, Logger: log})
	if err != nil {
		return nil, err
	}
	g.LookUp = s.Before
	return s, nil
}
