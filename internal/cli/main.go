package cli

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/sandbox"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/tools"
)

// Exit codes, as the contract with scripts has them.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3 // by the consent gate
)

// exitError is an error that says with which code to exit.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

// commands are all commands.
type commands struct {
	Init       initCmd       `cmd:"" help:"Ask a few questions, write .env and bridge.yaml, and check them."`
	Serve      serveCmd      `cmd:"" help:"Run the service."`
	Demo       demoCmd       `cmd:"" help:"Run the whole product on this machine: a simulated call with recorded speech, and checks of its result. Needs no account, key or internet."`
	Call       callCmd       `cmd:"" help:"Place a call through a running service; show the decision, then the call."`
	Consent    consentCmd    `cmd:"" help:"Record, query and verify consent."`
	Remind     remindCmd     `cmd:"" help:"Schedule calls: one, or all in a CSV or .xlsx file."`
	Calls      callsCmd      `cmd:"" help:"Show calls of a running service, and control live ones."`
	Tools      toolsCmd      `cmd:"" help:"List and run the agents' tools, and mirror them to the voice agent's account."`
	Keys       keysCmd       `cmd:"" help:"Create, list and revoke API keys."`
	Audit      auditCmd      `cmd:"" help:"Show who exported, erased, listened, spoke or changed keys."`
	Migrate    migrateCmd    `cmd:"" help:"Migrate the database's schema up or down, or show its status."`
	Doctor     doctorCmd     `cmd:"" help:"Check the setup and suggest fixes."`
	Completion completionCmd `cmd:"" help:"Print the shell completion script for commands, flags and names."`

	Version versionCmd `cmd:"" help:"Show the version."`
}

// ownTools are tools that a program brings beside those of bridge.yaml.
type ownTools []tools.Tool

// hideOnce hides our secrets from other processes.
var hideOnce = sync.OnceValue(sandbox.Hide)

// newParser reads the commands' arguments into c. It calls exit where it has shown a help.
func newParser(c *commands, exit func(code int)) (*kong.Kong, error) {
	return kong.New(c, kong.Name("bridge"), kong.UsageOnError(), kong.Exit(exit), kong.PostBuild(fillHelp),
		kong.Description("Patchcord connects telephone calls to voice agents.\n\nSettings come from the environment, .env and bridge.yaml; `bridge doctor` checks them."))
}

// fillHelp puts the words that only the code knows into the help of flags. As kong.Vars they would cost most of the
// time that a command takes to start: kong reads each of them again, with a regular expression, for every flag there is.
func fillHelp(k *kong.Kong) error {
	words := strings.NewReplacer("${purposes}", strings.Join(config.Purposes, ", "),
		"${rights}", keys.Listed(keys.Rights), "${outcomes}", strings.Join(calllog.Outcomes, ", "))
	return kong.Visit(k.Model.Node, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			f.Help = words.Replace(f.Help)
		}
		return next(nil)
	})
}

// Main runs one command with its arguments, without the program's name, and returns the exit code. The tools given join
// those of bridge.yaml under their names.
func Main(args []string, own ...tools.Tool) int {
	if len(args) > 0 && args[0] == sandbox.Command {
		return sandbox.Launch(args[1:])
	}
	if err := hideOnce(); err != nil {
		complain(err)
		return exitFailed
	}
	var c commands
	code := -1
	parser, err := newParser(&c, func(n int) { code = n })
	if err != nil {
		complain(err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 { // help was shown
		return code
	}
	if err != nil {
		parser.Errorf("%s", plain.Text(err.Error()))
		return exitUsage
	}
	k.BindTo(context.Background(), (*context.Context)(nil))
	k.Bind(ownTools(own))
	if err := k.Run(); err != nil {
		var wrong *config.Error
		var exit *exitError
		var refused *api.Problem
		if errors.As(err, &exit) && exit.text == "" { // all has been said
			return exit.code
		}
		if errors.As(err, &refused) && refused.Status/100 == 3 {
			err = &hintedError{err, "set the right address with --url"}
		}
		complain(err)
		switch {
		case errors.As(err, &wrong):
			return exitUsage
		case errors.As(err, &exit):
			return exit.code
		case errors.As(err, &refused) && refused.Status == http.StatusBadRequest:
			return exitUsage
		}
		return exitFailed
	}
	return exitDone
}
