package bridge

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/tools"
)

// checkMCP reaches each MCP server and lists its tools. Commands get temporary folders.
func checkMCP(ctx context.Context, c *config) []finding {
	names := slices.Sorted(maps.Keys(c.file.MCP))
	if len(names) == 0 {
		return nil
	}
	c, clean, err := withoutTrace(c)
	if err != nil {
		return []finding{{"mcp", wrong, inLine(err)}}
	}
	found := make([][]finding, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { found[i] = probeMCP(ctx, c, name) })
	}
	wg.Wait()
	if err := clean(); err != nil {
		found = append(found, []finding{{"mcp", warning, "a temporary folder is left: " + inLine(err)}})
	}
	return slices.Concat(found...)
}

func probeMCP(ctx context.Context, c *config, name string) []finding {
	what := "mcp " + name
	server, err := newMCPServer(c, name, c.file.MCP[name])
	if err != nil {
		return nil // said already
	}
	if command := c.file.MCP[name].Command; len(command) > 0 && !strings.ContainsRune(command[0], filepath.Separator) {
		if _, err := exec.LookPath(command[0]); err != nil {
			return []finding{{what, warning, "there is no program " + command[0] + " on this machine: serve starts without it, and agents without its tools"}}
		}
	}
	list, leftOut, err := server.Probe(ctx)
	if err != nil {
		return []finding{{what, wrong, "it can't be used: " + inLine(err)}}
	}
	pinned := ""
	if all, _ := readPins(c); all[name] == nil { // mcpServer has read them, too
		pinned = ", which are not pinned: bridge tools pin has a change looked at before a model reads it"
	}
	all := append([]finding{{what, well, fmt.Sprintf("it answers and has %d tool(s)%s", len(list), pinned)}}, kept(what, c.file.MCP[name], sandbox.Best())...)
	for _, why := range leftOut {
		all = append(all, finding{what, warning, "a tool is left out: " + why.String()})
	}
	listed := func(tool string) bool {
		return slices.ContainsFunc(list, func(t tools.Info) bool { return t.Name == tool })
	}
	for _, a := range slices.Sorted(maps.Keys(c.file.Agents)) {
		for _, tool := range c.file.Agents[a].Tools {
			if strings.HasPrefix(tool, name+".") && tool != name+".*" && !listed(tool) {
				all = append(all, finding{what, warning, fmt.Sprintf("agent %s lists %s, which the server does not have", a, tool)})
			}
		}
	}
	return all
}

// kept says what keeps a server's command from our secrets.
func kept(what string, m mcpBlock, best sandbox.Kind) []finding {
	switch {
	case len(m.Command) == 0:
		return nil
	case m.Sandbox == "off":
		return []finding{{what, warning, "sandbox: off: its command can read all that the service can, the master key and .env too"}}
	case best == sandbox.Landlock:
		return []finding{{what, well, "its command is kept from the service's secrets by Landlock"}}
	case best == sandbox.User:
		return []finding{{what, well, "its command is kept from the service's secrets by running as nobody: this kernel has no Landlock"}}
	}
	return []finding{{what, warning, "nothing keeps its command from the service's files, the master key too: this kernel has no Landlock, and only root can start it as another user"}}
}
