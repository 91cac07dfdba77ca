package bridge

import (
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/routing"
)

// newRouters makes the clients of the endpoints that are asked who answers. The secrets sign
// the questions.
func newRouters(c *config, secrets [][]byte) (map[string]call.Router, error) {
	all := map[string]call.Router{}
	for n, b := range c.file.Numbers {
		if b.ask == nil {
			continue
		}
		client, err := routing.New(routing.Endpoint{URL: b.ask.URL, Timeout: b.ask.Timeout, Secrets: secrets})
		if err != nil {
			return nil, err
		}
		all[n] = client
	}
	return all, nil
}
