//go:build !linux

package cli

// asIntruder has this test's binary be an MCP server. It tries what Linux alone offers.
const asIntruder = "intruder-mcp"

func intrude() {}
