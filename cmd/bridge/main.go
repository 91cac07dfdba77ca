// Command bridge carries telephone calls to a voice agent and back.
package main

import (
	"os"

	"github.com/patchcord/patchcord/bridge"
)

func main() { os.Exit(bridge.Main(os.Args[1:])) }
