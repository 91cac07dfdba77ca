// Package build tells what program this is: its version, and how it was built.
package build

import (
	"runtime"
	"runtime/debug"
)

// Version is that of the release, or "dev". [github.com/patchcord/patchcord/bridge.Main] sets it before anything
// else runs.
var Version = "dev"

// Commit is that of the release, set likewise; empty if only Go knows it.
var Commit string

// Info is what the program says of its build.
type Info struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	CGO     bool   `json:"cgo"`
}

// This tells what was built.
func This() Info {
	b := Info{Version, Commit, runtime.Version(), cgo}
	if info, ok := debug.ReadBuildInfo(); ok && b.Commit == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Commit = s.Value
			}
		}
	}
	return b
}
