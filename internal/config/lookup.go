package config

import (
	"fmt"
	"slices"

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
