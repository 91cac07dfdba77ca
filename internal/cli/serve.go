package cli

import (
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

type serveCmd struct{}

func (*serveCmd) Help() string {
	return "SIGTERM or Ctrl-C refuses new calls and waits for the live ones, at most BRIDGE_DRAIN_TIMEOUT. A second signal ends them. " +
		"After SIGTERM an idle bridge goes on to answer for BRIDGE_DRAIN_DELAY, and /readyz says 503, so that a balancer sends its calls elsewhere."
}

// Run serves until it is told to stop.
func (*serveCmd) Run(own ownTools) error {
	c, err := config.Load(own...)
	if err != nil {
		return err
	}
	return service.Serve(c)
}
