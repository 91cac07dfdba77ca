package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/tools"
)

type toolsListCmd struct {
	JSON bool `help:"Print one JSON object a line, with the schema of the arguments."`
}

func (*toolsListCmd) Help() string {
	return "Reads BRIDGE_CONFIG; the service need not be running. The kind is http (from bridge.yaml), go (from the program), mcp (from an MCP server) or built-in. " +
		"Unusable tools are listed with the reason; the exit code is then 2."
}

// Run lists the tools.
func (l *toolsListCmd) Run(ctx context.Context, own ownTools) error {
	c, err := readTools(own)
	if err != nil {
		return err
	}
	sick := c.CheckFile(aboutTools)
	var r *tools.Registry
	if len(sick) == 0 {
		if r, err = makeTools(ctx, c); err == nil {
			defer closeTools(ctx, r)
		} else {
			sick = append(sick, err)
		}
	}
	rows := c.ToolRows(r)
	if l.JSON {
		for _, row := range rows {
			if err := printJSON(row); err != nil {
				return err
			}
		}
	} else {
		printTools(rows)
	}
	if len(sick) > 0 {
		return &config.Error{Problems: sick}
	}
	n := 0
	for _, row := range rows {
		if row.Unfit != "" {
			n++
		}
	}
	if n > 0 {
		return &exitError{exitUsage, fmt.Sprintf("%d unusable tool(s)", n)}
	}
	return nil
}

func printTools(rows []config.ToolRow) {
	t := newTable()
	t.AppendHeader(table.Row{"name", "kind", "timeout", "agents", "description"})
	for _, row := range rows {
		timeout := "–"
		if row.Timeout > 0 {
			timeout = (time.Duration(row.Timeout) * time.Millisecond).String()
		}
		agents := strings.Join(row.Agents, ", ")
		if agents == "" {
			agents = "–"
		}
		var note any = firstWords(row.Description)
		if row.Unfit != "" {
			note = paint(red, "unusable: "+row.Unfit)
		}
		t.AppendRow(table.Row{row.Name, row.Kind, timeout, agents, note})
	}
	t.Render()
	if len(rows) == 0 {
		plain.Println("no tools")
	}
}

// toolsPatience is how long a command waits for what a tool left running.
const toolsPatience = 2 * time.Second

// closeTools gives a registry back. A handler that goes on is not waited for: the
// process ends.
func closeTools(ctx context.Context, r *tools.Registry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), toolsPatience)
	defer cancel()
	_ = r.Close(ctx)
}
