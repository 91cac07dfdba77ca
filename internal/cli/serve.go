package cli

import (
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

type serveCmd struct{}

func (*serveCmd) Help() string {
	return "On SIGTERM or Ctrl-C the service refuses new calls and waits for live ones, at most BRIDGE_DRAIN_TIMEOUT. A second signal ends them. " +
		"After SIGTERM an idle service keeps answering for BRIDGE_DRAIN_DELAY while /readyz returns 503, so that a load balancer sends calls elsewhere."
}

// Run serves until it is told to stop.
func (*serveCmd) Run(own ownTools) error {
	c, err := config.Load(own...)
	if err != nil {
		return err
	}
	return service.Serve(c)
}
