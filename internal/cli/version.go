package cli

import (
	"github.com/patchcord/patchcord/internal/build"
	"github.com/patchcord/patchcord/internal/plain"
)

type versionCmd struct {
	JSON bool `help:"Print JSON."`
}

func (c *versionCmd) Run() error {
	b := build.This()
	if c.JSON {
		return printJSON(b)
	}
	with := map[bool]string{true: "on", false: "off"}[b.CGO]
	plain.Printf("bridge %s (commit %s, %s, cgo %s)\n", b.Version, orNone(b.Commit), b.Go, with)
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
