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
	DryRun bool   `help:"Show what would change; change nothing."`
	Yes    bool   `short:"y" help:"Change the account without asking."`
	Agent  string `placeholder:"NAME" help:"Only this agent's tools, prompt and configuration."`
	JSON   bool   `help:"Print one JSON object a line: each step of the plan, each completed step, then the summary."`
}

func (*toolsSyncCmd) Help() string {
	return "For each agent with voice evi, compares its tools and its prompt (prompt_file, as patchcord-AGENT) with the account at HUME_API_URL. " +
		"Creates what is missing, creates new versions of what differs, and creates a version of the agent's configuration (evi.config_id) that names them and changes nothing else. " +
		"Never deletes anything. Prints the plan first: + create, ~ new version, = unchanged, ! left out. After a failure, run it again: it continues where it stopped."
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
			return &exitError{exitUsage, "nothing was changed: confirming requires a terminal; use --yes or --dry-run"}
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
		return nil, &exitError{exitUsage, "--agent: unknown agent " + t.Agent + " in " + c.Config}
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
