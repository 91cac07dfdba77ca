package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/tools"
)

type toolsRunCmd struct {
	Name      string `arg:"" help:"The tool, from the list."`
	Arguments string `arg:"" optional:"" default:"{}" help:"Its arguments as a JSON object; - reads them from standard input."`
	JSON      bool   `help:"Print one JSON object."`
}

func (*toolsRunCmd) Help() string {
	return "Checks the arguments against the tool's schema, applies its timeout and limits, and sends a real request to an HTTP tool. " +
		"Prints the result as the agent would receive it; for a failure, the error for the log and the error for the agent. The exit code is 0 if the tool succeeded, 1 if it failed."
}

// ran is what came of a tool.
type ran struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Content string `json:"content,omitempty"`
	Error   string `json:"error,omitempty"`
	Say     string `json:"say,omitempty"` // what the agent would be told of the failure
	MS      int64  `json:"ms"`
}

// maxStdin bounds arguments that are read, in bytes; more than a tool takes.
const maxStdin = 1 << 20

// Run runs the tool.
func (t *toolsRunCmd) Run(ctx context.Context, own ownTools) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	arguments := []byte(t.Arguments)
	if t.Arguments == "-" {
		var err error
		if arguments, err = io.ReadAll(io.LimitReader(os.Stdin, maxStdin)); err != nil {
			return fmt.Errorf("read the arguments: %w", err)
		}
	}
	if !json.Valid(arguments) {
		return &exitError{exitUsage, "the arguments are not JSON"}
	}
	c, err := loadTools(own)
	if err != nil {
		return err
	}
	r, err := makeTools(ctx, c)
	if err != nil {
		return err
	}
	defer closeTools(ctx, r)
	if _, ok := r.Lookup(t.Name); !ok {
		return noSuchTool(c, t.Name, r)
	}
	id := "cli_" + rand.Text()
	a := r.Call(ctx, tools.Call{ID: id, CallID: id, Name: t.Name, Arguments: arguments})
	return t.show(ran{a.Name, a.OK, a.Content, a.Err, a.Say, a.Took.Milliseconds()})
}

func (t *toolsRunCmd) show(a ran) error {
	switch {
	case t.JSON:
		if err := printJSON(a); err != nil {
			return err
		}
	case a.OK:
		plain.Printf("%s\n", plain.Lines(a.Content)) // as many lines as the agent gets: nothing else is on standard output
		plain.Fprintf(os.Stderr, "%s answered in %d ms\n", a.Name, a.MS)
	default:
		plain.Fprintf(os.Stderr, "%s failed after %d ms: %s\nthe agent receives: %s\n", a.Name, a.MS, a.Error, a.Say)
	}
	if !a.OK {
		return &exitError{exitFailed, ""}
	}
	return nil
}

// noSuchTool says why a tool can't be run, and which may have been meant.
func noSuchTool(c *config.Config, name string, r *tools.Registry) error {
	switch c.ToolKind(name) {
	case config.KindBuiltin:
		return &exitError{exitUsage, name + " is built in: it acts on a call, so it runs only during one"}
	case config.KindMCP:
		server, _, _ := strings.Cut(name, ".")
		absent := config.AbsentTools(r)
		for _, of := range []string{name, server + ".*"} {
			if why := absent[of]; why != "" {
				return errors.New(name + " is unusable: " + why)
			}
		}
		return errors.New("no MCP server currently offers " + name)
	}
	var all []string
	for _, info := range r.List() {
		all = append(all, info.Name)
	}
	text := "unknown tool " + name
	if close := config.Suggest(name, append(all, config.Builtins...)); len(close) > 0 {
		text += ": did you mean " + strings.Join(close, " or ") + "?"
	}
	return &hintedError{&exitError{exitUsage, text}, "bridge tools list shows all tools"}
}
