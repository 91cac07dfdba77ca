package cli

import (
	"errors"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
)

// client asks a running service.
type client struct{ api.Client }

// apiFlags say where the service is. Defaults come from its own settings, so
// that a command beside the service needs none.
type apiFlags struct {
	URL  string `help:"Address of the service. Defaults to BRIDGE_LISTEN on this machine." placeholder:"URL"`
	JSON bool   `help:"Print one JSON object a line."`
}

func (f *apiFlags) open() (*client, error) {
	c, err := config.LoadEnvironment()
	if err != nil {
		return nil, err
	}
	if c.APIToken == "" {
		return nil, &config.Error{Problems: []error{errors.New("BRIDGE_API_TOKEN: required to call the service")}}
	}
	base, err := c.ServiceAddress(strings.TrimRight(f.URL, "/"))
	if err != nil {
		return nil, &config.Error{Problems: []error{err}}
	}
	return &client{api.Client{URL: base, Key: c.APIToken, Via: consent.ViaCLI}}, nil
}

// checkLimit looks at how many rows a list is to have at most.
func checkLimit(n int) error {
	if n < 1 {
		return &exitError{exitUsage, "--limit: want 1 or more"}
	}
	return nil
}
