package bridge

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/tools"
)

// mcpName leaves room for a dot and a tool's name within the 64 characters that agents allow.
var mcpName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

// server holds an MCP server to what tools.NewMCP takes, by line.
func (k *checker) server(name string, m mcpBlock) {
	at := func(path ...string) []string { return append([]string{"mcp", name}, path...) }
	if !mcpName.MatchString(name) {
		k.wrong("want lower-case letters, digits, - and _ in the name, at most 32", at()...)
	}
	if (m.URL == "") == (len(m.Command) == 0) {
		k.wrong("want either url or command", at()...)
	}
	if m.URL != "" {
		u, err := url.Parse(m.URL)
		switch {
		case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
			k.wrong("want an absolute URL, such as https://mcp.example/", at("url")...)
		case u.User != nil:
			k.wrong("want no user and no password in it: use headers", at("url")...)
		case k.c.inTheClear(m.URL) != nil:
			k.wrong(errPlaintext.Error(), at("url")...)
		}
		if len(m.Env) > 0 {
			k.wrong("it is for a command", at("env")...)
		}
	}
	if len(m.Command) > 0 {
		if m.Command[0] == "" {
			k.wrong("want the program's name first", at("command")...)
		}
		if len(m.Headers) > 0 {
			k.wrong("it is for a url", at("headers")...)
		}
	}
	for i, v := range m.Env {
		if k.c.vars[v] == "" {
			k.wrong("the environment has no "+v, at("env", fmt.Sprint(i))...)
		}
	}
	if m.Timeout < 0 || m.Timeout > toolSlowest {
		k.wrong(fmt.Sprintf("want more than 0 and at most %s", toolSlowest), at("timeout")...)
	}
	k.oneOf(m.Sandbox, sandboxes, at("sandbox")...)
	if m.Sandbox != "" && m.URL != "" {
		k.wrong("it is for a command", at("sandbox")...)
	}
	k.headers(m.Headers, at("headers")...)
	for tool := range k.f.Tools {
		if strings.HasPrefix(tool, name+".") {
			k.wrong("names that begin with "+name+". are those of the MCP server's tools", "tools", tool)
		}
	}
}

// mcpServer makes the server that bridge.yaml describes.
func (c *config) mcpServer(name string, m mcpBlock) (*tools.MCP, error) {
	pinned, err := c.readPins()
	if err != nil {
		return nil, err
	}
	s := tools.MCPConfig{Name: name, URL: m.URL, Timeout: m.Timeout, Pins: pinned[name]}
	if m.URL != "" {
		s.Headers = c.expand(m.Headers)
		return tools.NewMCP(s)
	}
	if err := c.command(&s, m); err != nil {
		return nil, err
	}
	return tools.NewMCP(s)
}

// checkMCP reaches each MCP server and lists its tools. Commands get temporary folders.
func checkMCP(ctx context.Context, c *config) []finding {
	names := slices.Sorted(maps.Keys(c.file.MCP))
	if len(names) == 0 {
		return nil
	}
	c, clean, err := c.withoutTrace()
	if err != nil {
		return []finding{{"mcp", wrong, inLine(err)}}
	}
	found := make([][]finding, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { found[i] = c.probe(ctx, name) })
	}
	wg.Wait()
	if err := clean(); err != nil {
		found = append(found, []finding{{"mcp", warning, "a temporary folder is left: " + inLine(err)}})
	}
	return slices.Concat(found...)
}

func (c *config) probe(ctx context.Context, name string) []finding {
	what := "mcp " + name
	server, err := c.mcpServer(name, c.file.MCP[name])
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
	if all, _ := c.readPins(); all[name] == nil { // mcpServer has read them, too
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
