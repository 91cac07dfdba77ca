package pgserver_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// bridgeDir is set for the copies of the test binary that play a bridge with a
// private server.
const bridgeDir = "POSTGRES_TEST_BRIDGE"

// TestMain runs tests that take over 20 s: they make, kill and recover servers, each by initdb.
func TestMain(m *testing.M) {
	if dir := os.Getenv(bridgeDir); dir != "" {
		if err := playBridge(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	postgrestest.Main(m)
}

// playBridge runs a private server in dir, prints its addresses, and stops it at
// the end of the input.
func playBridge(dir string) error {
	server, err := pgserver.StartPrivate(context.Background(), pgserver.PrivateConfig{Dir: dir, Sync: true})
	if err != nil {
		return err
	}
	fmt.Println(server.URLs.App, server.URLs.Owner)
	io.Copy(io.Discard, os.Stdin)
	return server.Stop()
}
