package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/tools"
)

type toolsPinCmd struct {
	Servers []string `arg:"" optional:"" help:"Only these MCP servers of bridge.yaml."`
	DryRun  bool     `help:"Show differences from the pins; write nothing."`
	Yes     bool     `short:"y" help:"Write the file without asking."`
	JSON    bool     `help:"Print one JSON object a line: each new, changed or removed tool."`
}

func (*toolsPinCmd) Help() string {
	return "Lists the tools of each MCP server and shows differences from the pins: + new, ~ changed, - removed. Then writes " + service.PinsFile + " beside bridge.yaml, with the " +
		"description, schema and hash of each tool; keep it under version control. From then on, new and changed tools are left out until they are pinned. " +
		"The exit code is 0 if everything matches the pins or was written; 1 if a server can't be reached, you answered no, or --dry-run found a difference."
}

// pinPatience is how long a server may take to list its tools.
const pinPatience = 30 * time.Second

// pinChange is a tool that is not as it was pinned.
type pinChange struct {
	Server string     `json:"server"`
	Tool   string     `json:"tool"`
	Change string     `json:"change"` // new | changed | gone
	Was    *tools.Pin `json:"was,omitempty"`
	Now    *tools.Pin `json:"now,omitempty"`
}

// Run compares, shows, asks and writes.
func (t *toolsPinCmd) Run(ctx context.Context, own ownTools) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := loadTools(own)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(c.File.MCP))
	for _, name := range t.Servers {
		if !slices.Contains(names, name) {
			text := "unknown MCP server " + name + " in " + c.Config
			if close := config.Suggest(name, names); len(close) > 0 {
				text += ": did you mean " + strings.Join(close, " or ") + "?"
			}
			return &exitError{exitUsage, text}
		}
	}
	old, err := service.ReadPins(c)
	if err != nil {
		return &config.Error{Problems: []error{err}}
	}
	all := service.Pins{}
	var changes []pinChange
	for _, name := range names {
		all[name] = old[name]
		if len(t.Servers) > 0 && !slices.Contains(t.Servers, name) {
			if old[name] == nil {
				delete(all, name)
			}
			continue
		}
		if all[name], err = offersOf(ctx, c, name); err != nil {
			return fmt.Errorf("mcp %s: %w", name, err)
		}
		changes = append(changes, compare(name, old[name], all[name])...)
	}
	for _, change := range changes {
		if err := t.show(change); err != nil {
			return err
		}
	}
	return t.finish(c, all, changes, len(all) != len(old))
}

// finish asks and writes.
func (t *toolsPinCmd) finish(c *config.Config, all service.Pins, changes []pinChange, other bool) error {
	say := func(text string) {
		if !t.JSON {
			plain.Println(text)
		}
	}
	switch {
	case len(changes) == 0 && !other:
		say("all tools match their pins")
		return nil
	case t.DryRun:
		say("nothing was written: this is a dry run")
		return &exitError{exitFailed, ""}
	case !t.Yes && !term.IsTerminal(int(os.Stdin.Fd())):
		return &exitError{exitUsage, "nothing was written: confirming requires a terminal; use --yes or --dry-run"}
	case !t.Yes && !confirmed(os.Stdin, os.Stderr, fmt.Sprintf("Pin %d change(s)?", len(changes))):
		return &exitError{exitFailed, "nothing was written"}
	}
	if err := service.WritePins(c, all); err != nil {
		return fmt.Errorf("write %s: %w", service.PinsFile, err)
	}
	say("written: " + c.Path(service.PinsFile))
	return nil
}

// offersOf asks a server for its tools, whatever is pinned of it.
func offersOf(ctx context.Context, c *config.Config, name string) (map[string]tools.Pin, error) {
	server, err := service.NewMCPServer(c, name, c.File.MCP[name])
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, pinPatience)
	defer cancel()
	list, err := server.Offers(ctx)
	if errors.Is(err, context.Canceled) {
		return nil, errors.New("interrupted; nothing was written")
	}
	return list, err
}

// compare finds the tools that are not as they were pinned, by name.
func compare(server string, old, now map[string]tools.Pin) (list []pinChange) {
	names := slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(now))))))
	for _, name := range names {
		was, before := old[name]
		is, after := now[name]
		switch {
		case !before:
			list = append(list, pinChange{server, name, "new", nil, &is})
		case !after:
			list = append(list, pinChange{server, name, "gone", &was, nil})
		case was.SHA256 != is.SHA256:
			list = append(list, pinChange{server, name, "changed", &was, &is})
		}
	}
	return list
}

// show prints a change: of a tool that has changed, what was and what is.
func (t *toolsPinCmd) show(c pinChange) error {
	if t.JSON {
		return printJSON(c)
	}
	name := c.Server + "." + c.Tool
	switch c.Change {
	case "new":
		plain.Printf("%s  %s\n", paint(green, "+ "+name), c.Now.Description)
	case "gone":
		plain.Printf("%s\n", paint(red, "- "+name))
	default:
		plain.Printf("%s\n", paint(yellow, "~ "+name))
		for _, part := range []struct{ what, was, is string }{
			{"description", c.Was.Description, c.Now.Description}, {"schema", string(c.Was.Schema), string(c.Now.Schema)},
		} {
			if part.was != part.is {
				plain.Printf("    %s was  %s\n    %s is   %s\n", part.what, part.was, part.what, part.is)
			}
		}
	}
	return nil
}
