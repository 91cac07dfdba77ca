package bridge

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"
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
	defer s.hume.Close()
	if err := s.look(ctx); err != nil {
		return err
	}
	s.plan()
	if err := t.tell(s); err != nil {
		return err
	}
	n := s.sum()
	n.DryRun = t.DryRun
	changes := n.Created + n.Versions
	if t.DryRun || changes == 0 {
		return t.finish(s, n, nil)
	}
	if !t.Yes {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return &exitError{exitUsage, "nothing was changed: this is no terminal to ask on; say --yes, or --dry-run"}
		}
		if !confirmed(os.Stdin, os.Stderr, fmt.Sprintf("Make %d change(s) in the account at %s?", changes, s.c.HumeAPIURL)) {
			return &exitError{exitFailed, "nothing was changed"}
		}
	}
	done, err := s.apply(ctx, t.JSON)
	n.NotDone = changes - done
	return t.finish(s, n, err)
}

func (t *toolsSyncCmd) open(own ownTools) (*syncing, error) {
	c, err := loadTools(own)
	if err != nil {
		return nil, err
	}
	if a, ok := c.file.Agents[t.Agent]; t.Agent != "" && !ok {
		return nil, &exitError{exitUsage, "--agent: there is no agent " + t.Agent + " in " + c.Config}
	} else if ok && a.Voice != "" && a.Voice != "evi" {
		return nil, &exitError{exitUsage, "--agent: only an agent with voice: evi has an account to sync"}
	}
	s := &syncing{c: c}
	if s.want, err = c.wanted(t.Agent); err != nil {
		return nil, err
	}
	s.hume, err = c.hume()
	return s, err
}

// confirmed asks a question; only y and yes are a yes.
func confirmed(in io.Reader, out io.Writer, question string) bool {
	fmt.Fprint(out, question, " [y/N] ")
	line, _ := bufio.NewReader(io.LimitReader(in, 1000)).ReadString('\n') // no answer is a no
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}

// syncLine is a line of the JSON form.
type syncLine struct {
	Event string `json:"event"` // plan, beside, done, not_done, sum
	*syncStep
	Beside string   `json:"beside,omitempty"` // tools, prompts, or "tools in" a configuration
	Names  []string `json:"names,omitempty"`
	*syncSum
	Error string `json:"error,omitempty"`
}

// tell shows the plan.
func (t *toolsSyncCmd) tell(s *syncing) error {
	if t.JSON {
		for i := range s.steps {
			if err := printJSON(syncLine{Event: "plan", syncStep: &s.steps[i]}); err != nil {
				return err
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(s.extra)) {
			if err := printJSON(syncLine{Event: "beside", Beside: kind, Names: s.extra[kind]}); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Printf("the account at %s\n", s.c.HumeAPIURL)
	for _, st := range s.steps {
		fmt.Println(st.line())
	}
	for _, kind := range slices.Sorted(maps.Keys(s.extra)) {
		fmt.Printf("beside, and left as it is: %s: %s\n", kind, someNames(s.extra[kind]))
	}
	fmt.Println(s.sum())
	return nil
}

// signs are how a person reads what a step does.
var signs = map[string]struct{ sign, colour string }{actCreate: {"+", green}, actVersion: {"~", yellow}, actUnchanged: {"=", dim}, actLeftOut: {"!", red}}

// line is the step in one line.
func (s *syncStep) line() string {
	text := fmt.Sprintf("%-13s  %s", s.Kind, s.Name)
	switch s.Action {
	case actCreate:
		text += "  create"
	case actVersion:
		text += "  new version: " + strings.Join(s.Fields, ", ")
	case actLeftOut:
		text += "  left out: " + s.Why
	}
	if len(s.Agents) > 0 {
		text += "  (" + strings.Join(s.Agents, ", ") + ")"
	}
	sign := signs[s.Action]
	return paint(sign.colour, "  "+sign.sign+" "+text)
}

// someNames are not more names than one cares to read.
func someNames(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// finish says what was done and what not, and with which code to exit.
func (t *toolsSyncCmd) finish(s *syncing, n syncSum, failed error) error {
	left := n.NotDone
	done := n.Created + n.Versions - left
	for i := range s.steps {
		st := &s.steps[i]
		if !st.changes() || n.DryRun {
			continue
		}
		event := "done"
		if done == 0 {
			event = "not_done"
		} else {
			done--
		}
		if t.JSON {
			if err := printJSON(syncLine{Event: event, syncStep: st}); err != nil {
				return err
			}
		} else if event == "done" {
			fmt.Printf("done      %s %s is version %d, %s\n", st.Kind, st.Name, *st.At, st.ID)
		} else {
			fmt.Printf("not done  %s %s\n", st.Kind, st.Name)
		}
	}
	switch {
	case t.JSON:
		line := syncLine{Event: "sum", syncSum: &n}
		if failed != nil {
			line.Error = failed.Error()
		}
		if err := printJSON(line); err != nil {
			return err
		}
		if failed != nil {
			return &exitError{exitFailed, ""}
		}
	case failed != nil:
		return fmt.Errorf("%w\nrun it again: it goes on from here", failed)
	case n.DryRun:
		fmt.Println("nothing was changed: this is a dry run")
	case n.Created+n.Versions == 0:
		fmt.Println("nothing has to be changed")
	}
	return nil
}
