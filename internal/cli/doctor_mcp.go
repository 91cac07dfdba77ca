package cli

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/tools"
)

// checkMCP reaches each MCP server and lists its tools. Commands get temporary folders.
func checkMCP(ctx context.Context, c *config.Config) []config.Finding {
	names := slices.Sorted(maps.Keys(c.File.MCP))
	if len(names) == 0 {
		return nil
	}
	c, clean, err := service.WithoutTrace(c)
	if err != nil {
		return []config.Finding{{What: "mcp", State: config.Wrong, Say: config.InLine(err)}}
	}
	found := make([][]config.Finding, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { found[i] = probeMCP(ctx, c, name) })
	}
	wg.Wait()
	if err := clean(); err != nil {
		found = append(found, []config.Finding{{What: "mcp", State: config.Warning, Say: "could not delete a temporary folder: " + config.InLine(err)}})
	}
	return slices.Concat(found...)
}

func probeMCP(ctx context.Context, c *config.Config, name string) []config.Finding {
	what := "mcp " + name
	server, err := service.NewMCPServer(c, name, c.File.MCP[name])
	if err != nil {
		return nil // said already
	}
	if command := c.File.MCP[name].Command; len(command) > 0 && !strings.ContainsRune(command[0], filepath.Separator) {
		if _, err := exec.LookPath(command[0]); err != nil {
			return []config.Finding{{What: what, State: config.Warning, Say: "program not found: " + command[0] + "; serve starts without this server, and agents without its tools"}}
		}
	}
	list, leftOut, err := server.Probe(ctx)
	if err != nil {
		return []config.Finding{{What: what, State: config.Wrong, Say: "not usable: " + config.InLine(err)}}
	}
	pinned := ""
	if all, _ := service.ReadPins(c); all[name] == nil { // mcpServer has read them, too
		pinned = ", which are not pinned: with bridge tools pin, you review a change before a model reads it"
	}
	all := append([]config.Finding{{What: what, State: config.Well, Say: fmt.Sprintf("connected, %d tool(s)%s", len(list), pinned)}}, kept(what, c.File.MCP[name], sandbox.Best())...)
	for _, why := range leftOut {
		all = append(all, config.Finding{What: what, State: config.Warning, Say: "a tool is left out: " + why.String()})
	}
	listed := func(tool string) bool {
		return slices.ContainsFunc(list, func(t tools.Info) bool { return t.Name == tool })
	}
	for _, a := range slices.Sorted(maps.Keys(c.File.Agents)) {
		for _, tool := range c.File.Agents[a].Tools {
			if strings.HasPrefix(tool, name+".") && tool != name+".*" && !listed(tool) {
				all = append(all, config.Finding{What: what, State: config.Warning, Say: fmt.Sprintf("agent %s lists %s, which the server does not have", a, tool)})
			}
		}
	}
	return all
}

// kept says what keeps a server's command from our secrets.
func kept(what string, m config.MCPBlock, best sandbox.Kind) []config.Finding {
	switch {
	case len(m.Command) == 0:
		return nil
	case m.Sandbox == "off":
		return []config.Finding{{What: what, State: config.Warning, Say: "sandbox: off: its command can read everything that the service can, including the master key and .env"}}
	case best == sandbox.Landlock:
		return []config.Finding{{What: what, State: config.Well, Say: "Landlock keeps its command from reading the service's secrets"}}
	case best == sandbox.User:
		return []config.Finding{{What: what, State: config.Well, Say: "its command runs as nobody to keep it from reading the service's secrets: this kernel has no Landlock"}}
	}
	return []config.Finding{{What: what, State: config.Warning, Say: "its command can read the service's files, including the master key: this kernel has no Landlock, and only root can start it as another user"}}
}
