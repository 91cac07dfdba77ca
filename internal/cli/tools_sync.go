package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/humesync"
	"github.com/patchcord/patchcord/internal/plain"
)

type toolsSyncCmd struct {
	DryRun bool   `help:"Say what would be changed, and change nothing."`
	Yes    bool   `short:"y" help:"Do not ask before the account is changed."`
	Agent  string `placeholder:"NAME" help:"Only this agent's tools, prompt and configuration."`
	JSON   bool   `help:"Print one JSON object a line: each step of the plan, each step done, then the sum."`
}

func (*toolsSyncCmd) Help() string {
	return "For each agent with voice evi, the tools on its list and its prompt (prompt_file, as patchcord-AGENT) are compared with the account at HUME_API_URL. " +
		"What is missing is created, what differs gets a new version, and the agent's configuration (evi.config_id) gets a version that names them, with the rest of it as it was. " +
		"Nothing is ever deleted. The plan comes first: + is created, ~ gets a new version, = is the same, ! is left out. Run it again after a failure: it goes on where it stopped."
}

// Run compares, says, asks and does.
func (t *toolsSyncCmd) Run(ctx context.Context, own ownTools) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := t.open(own)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Fetch(ctx); err != nil {
		return err
	}
	s.Plan()
	if err := t.tell(s); err != nil {
		return err
	}
	n := s.Summary()
	n.DryRun = t.DryRun
	changes := n.Created + n.Versions
	if t.DryRun || changes == 0 {
		return t.finish(s, n, nil)
	}
	if !t.Yes {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return &exitError{exitUsage, "nothing was changed: this is no terminal to ask on; say --yes, or --dry-run"}
		}
		if !confirmed(os.Stdin, os.Stderr, fmt.Sprintf("Make %d change(s) in the account at %s?", changes, s.Address())) {
			return &exitError{exitFailed, "nothing was changed"}
		}
	}
	step, finish := syncBar(changes, t.JSON)
	done, err := s.Apply(ctx, step)
	finish()
	n.NotDone = changes - done
	return t.finish(s, n, err)
}

func (t *toolsSyncCmd) open(own ownTools) (*humesync.Sync, error) {
	c, err := loadTools(own)
	if err != nil {
		return nil, err
	}
	if a, ok := c.File.Agents[t.Agent]; t.Agent != "" && !ok {
		return nil, &exitError{exitUsage, "--agent: there is no agent " + t.Agent + " in " + c.Config}
	} else if ok && !a.Speaks(config.VoiceEVI) {
		return nil, &exitError{exitUsage, "--agent: only an agent with voice: evi has an account to sync"}
	}
	return humesync.New(c, t.Agent)
}

// syncBar shows a person how many of the changes are made: step is for each that is made, finish for the end.
func syncBar(changes int, quiet bool) (step, finish func()) {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return func() {}, func() {}
	}
	bar := progressbar.NewOptions(changes, progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetDescription("syncing"), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	return func() { _ = bar.Add(1) }, func() { _ = bar.Finish() } // it is only for the eye
}

// confirmed asks a question; only y and yes are a yes.
func confirmed(in io.Reader, out io.Writer, question string) bool {
	plain.Fprintf(out, "%s [y/N] ", question)
	line, _ := bufio.NewReader(io.LimitReader(in, 1000)).ReadString('\n') // no answer is a no
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}
