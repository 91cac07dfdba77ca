package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// mcpName leaves room for a dot and a tool's name within the 64 characters that agents allow.
var mcpName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

// server holds an MCP server to what tools.NewMCP takes, by line.
func (k *checker) server(name string, m MCPBlock) {
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
			k.wrong("the URL must not contain a user or password: use headers", at("url")...)
		case k.c.InTheClear(m.URL) != nil:
			k.wrong(ErrPlaintext.Error(), at("url")...)
		}
		if len(m.Env) > 0 {
			k.wrong("only valid with command", at("env")...)
		}
	}
	if len(m.Command) > 0 {
		if m.Command[0] == "" {
			k.wrong("want the program's name first", at("command")...)
		}
		if len(m.Headers) > 0 {
			k.wrong("only valid with url", at("headers")...)
		}
	}
	for i, v := range m.Env {
		if k.c.Vars[v] == "" {
			k.wrong("the environment has no "+v, at("env", fmt.Sprint(i))...)
		}
	}
	if m.Timeout < 0 || m.Timeout > toolSlowest {
		k.wrong(fmt.Sprintf("want more than 0 and at most %s", toolSlowest), at("timeout")...)
	}
	k.oneOf(m.Sandbox, sandboxes, at("sandbox")...)
	if m.Sandbox != "" && m.URL != "" {
		k.wrong("only valid with command", at("sandbox")...)
	}
	k.headers(m.Headers, at("headers")...)
	for tool := range k.f.Tools {
		if strings.HasPrefix(tool, name+".") {
			k.wrong("names that begin with "+name+". are reserved for the MCP server's tools", "tools", tool)
		}
	}
}

// sandboxes are the words for whether a command is kept from what it need not read.
var sandboxes = []string{"on", "off"}
