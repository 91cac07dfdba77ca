package cli

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// What init writes, and what it keeps beside it, may hold secrets: neither git nor an image takes it.
func TestWhatInitWritesIsIgnored(t *testing.T) {
	for _, list := range []string{".gitignore", ".dockerignore"} {
		patterns := strings.Split(read(t, list), "\n")
		for _, name := range []string{".env", ".env.old-20261201-040000", "bridge.yaml", "bridge.yaml.old-20261201-040000"} {
			if !slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(strings.TrimPrefix(p, "/"), name); return ok }) {
				t.Errorf("%s lets %s through", list, name)
			}
		}
	}
}
