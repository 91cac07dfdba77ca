// Package bridge is the program. The command bridge is [Main] and nothing else, and so is a program of yours that
// brings tools written in Go: docs/TOOLS.md shows one.
package bridge

import (
	"github.com/patchcord/patchcord/internal/build"
	"github.com/patchcord/patchcord/internal/cli"
	"github.com/patchcord/patchcord/tools"
)

// version and commit are set when a release is built: -X github.com/patchcord/patchcord/bridge.version=….
var version, commit = "dev", ""

// Main runs one command with its arguments, without the program's name, and returns the exit code. The tools given
// join those of bridge.yaml under their names: an agent that lists one may use it. Call it once, from main.
func Main(args []string, own ...tools.Tool) int {
	build.Version, build.Commit = version, commit
	return cli.Main(args, own...)
}
