package service

import (
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/tools"
)

// NewMCPServer makes the server that bridge.yaml describes.
func NewMCPServer(c *config.Config, name string, m config.MCPBlock) (*tools.MCP, error) {
	pinned, err := ReadPins(c)
	if err != nil {
		return nil, err
	}
	s := tools.MCPConfig{Name: name, URL: m.URL, Timeout: m.Timeout, Pins: pinned[name]}
	if m.URL != "" {
		s.Headers = c.Expand(m.Headers)
		return tools.NewMCP(s)
	}
	if err := setCommand(c, &s, m); err != nil {
		return nil, err
	}
	return tools.NewMCP(s)
}
