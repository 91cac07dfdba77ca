package bridge

import (
	"runtime"
	"runtime/debug"

	"github.com/patchcord/patchcord/internal/plain"
)

// version and commit are set when a release is built.
var version, commit = "dev", ""

type versionCmd struct {
	JSON bool `help:"Print JSON."`
}

type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	CGO     bool   `json:"cgo"`
}

// thisBuild tells what was built.
func thisBuild() build {
	b := build{version, commit, runtime.Version(), cgo}
	if info, ok := debug.ReadBuildInfo(); ok && b.Commit == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Commit = s.Value
			}
		}
	}
	return b
}

func (c *versionCmd) Run() error {
	b := thisBuild()
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
