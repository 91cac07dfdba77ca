package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/tools"
)

type toolsCmd struct {
	List toolsListCmd `cmd:"" help:"List the agents' tools: from bridge.yaml, the program and MCP servers, and the built-in ones."`
	Run  toolsRunCmd  `cmd:"" help:"Run one tool as an agent would and show its result."`
	Pin  toolsPinCmd  `cmd:"" help:"Pin the tools of MCP servers, so that a changed tool is left out until someone reviews it."`
	Sync toolsSyncCmd `cmd:"" help:"Mirror tools and prompts to the voice agent's account; shows the changes first."`
}

// readTools reads bridge.yaml for its tools. The settings that only serve needs may
// be missing. What is wrong with a single tool is left to who asks.
func readTools(own ownTools) (*config.Config, error) {
	return readFor(own, func(...string) bool { return false })
}

// loadTools is readTools, with every tool, every MCP server and the agents' lists checked.
func loadTools(own ownTools) (*config.Config, error) {
	return readFor(own, aboutTools)
}

func readFor(own ownTools, about func(path ...string) bool) (*config.Config, error) {
	vars, problems := config.Variables(os.Environ(), ".env")
	e, more := config.ParseEnvironment(vars)
	c := &config.Config{Environment: e, Vars: vars, Dir: filepath.Dir(e.Config), Own: own}
	problems = append(problems, more...)
	if u, err := url.Parse(c.HumeAPIURL); err != nil || u.Host == "" {
		problems = append(problems, errors.New("HUME_API_URL: want an absolute URL"))
	} else if err := c.InTheClear(c.HumeAPIURL); err != nil {
		problems = append(problems, fmt.Errorf("HUME_API_URL: %w", err))
	}
	if problems = append(problems, c.ReadFile(about)...); len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	return c, nil
}

// aboutTools tells whether a place of bridge.yaml matters to its tools.
func aboutTools(path ...string) bool {
	switch {
	case len(path) == 0:
		return false
	case path[0] == "agents":
		return len(path) > 2 && (path[2] == "tools" || path[2] == "prompt_file")
	}
	return path[0] == "tools" || path[0] == "mcp"
}

// serversPatience is how long a command waits until the MCP servers have been reached.
const serversPatience = 10 * time.Second

// makeTools makes the registry for a command that ends soon, and waits for its MCP
// servers, of which each is tried once. The caller closes it.
func makeTools(ctx context.Context, c *config.Config) (*tools.Registry, error) {
	r, err := service.NewRegistry(c)
	var wrong *config.Error
	switch {
	case errors.As(err, &wrong):
		return r, err
	case err != nil:
		return nil, fmt.Errorf("set up the tools: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, serversPatience)
	defer cancel()
	r.Start(zerolog.Nop())
	_ = r.Tried(ctx) // whose tools are missing is seen in what follows
	return r, nil
}
