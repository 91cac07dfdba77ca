package service

import (
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/routing"
)

// newRouters makes the clients of the endpoints that are asked who answers. The secrets sign
// the questions.
func newRouters(c *config.Config, secrets [][]byte) (map[string]call.Router, error) {
	all := map[string]call.Router{}
	for n, b := range c.File.Numbers {
		if b.Ask == nil {
			continue
		}
		client, err := routing.New(routing.Endpoint{URL: b.Ask.URL, Timeout: b.Ask.Timeout, Secrets: secrets})
		if err != nil {
			return nil, err
		}
		all[n] = client
	}
	return all, nil
}
