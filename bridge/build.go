package bridge

import (
	"runtime"
	"runtime/debug"
)

// version and commit are set when a release is built.
var version, commit = "dev", ""

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
