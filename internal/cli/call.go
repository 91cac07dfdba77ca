package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/phone"
)

// intentFlags describe a call that somebody wants placed.
type intentFlags struct {
	To        string            `arg:"" name:"number" help:"The number to call: +14155550123, or (415) 555-0123."`
	Agent     string            `required:"" placeholder:"NAME" help:"The agent that makes the call."`
	Purpose   string            `placeholder:"P" help:"What the call is for: ${purposes}. Defaults to the agent's own."`
	From      string            `placeholder:"NUMBER" help:"The number to call from. Defaults to the one that the agent answers."`
	Marketing *bool             `negatable:"" help:"Whether the call contains marketing; one promotional sentence makes it a sales call. Defaults to the agent's contains_marketing in bridge.yaml, or to true."`
	Subject   string            `placeholder:"TEXT" help:"The subject of the call; some states limit calls per subject."`
	Var       map[string]string `placeholder:"NAME=VALUE" help:"A variable for the agent. May be given several times."`
	State     string            `placeholder:"XX" help:"The state the person is in."`
	Zone      string            `placeholder:"ZONE" help:"The person's time zone, such as America/Chicago."`
}

func (f *intentFlags) intent() (api.CallRequest, error) {
	to, err := parseNumber(f.To)
	if err != nil {
		return api.CallRequest{}, &exitError{exitUsage, "NUMBER: " + err.Error()}
	}
	i := api.CallRequest{To: to.E164(), Agent: f.Agent, Purpose: consent.Purpose(f.Purpose), Marketing: f.Marketing,
		Subject: f.Subject, Variables: f.Var,
		Location: consent.Location{State: strings.ToUpper(f.State), Zone: f.Zone}}
	if f.From != "" {
		from, err := parseNumber(f.From)
		if err != nil {
			return api.CallRequest{}, &exitError{exitUsage, "--from: " + err.Error()}
		}
		i.From = from.E164()
	}
	return i, nil
}

// parseNumber takes a number as people of the US write it.
func parseNumber(s string) (phone.Number, error) {
	n, err := phone.Read(s)
	if err != nil {
		return n, fmt.Errorf("it %w", err)
	}
	return n, nil
}

// knownNumber takes a number to look up. The ledger has every one that can be written as
// E.164, also such as nobody could be called at.
func knownNumber(s string) (phone.Number, error) {
	if n, err := phone.Parse(s); err == nil {
		return n, nil
	}
	return parseNumber(s)
}

// refusingNumber takes the number of somebody who may refuse calls, out of a file: as
// parseNumber does, and every one of +1 that is written as E.164, although nobody has it.
func refusingNumber(s string) (phone.Number, error) {
	n, err := parseNumber(s)
	if exact, ok := phone.Parse(strings.TrimSpace(s)); err != nil && ok == nil && len(exact.E164()) == len("+12125550142") && strings.HasPrefix(exact.E164(), "+1") {
		return exact, nil
	}
	return n, err
}

type callCmd struct {
	intentFlags
	Key  string `placeholder:"KEY" help:"The Idempotency-Key: repeating a key returns the same call. Generated if not set."`
	Wait bool   `default:"true" negatable:"" help:"Follow the call until it ends."`
	apiFlags
}

func (*callCmd) Help() string {
	return "The consent gate decides first. A refusal lists every rule that blocks the call, its legal basis and its remedy; the exit code is 3. " +
		"The exit code is 1 for a call that ends as failed, busy or no_answer. " +
		"Ctrl-C stops following without ending the call."
}

// Run asks for the call and follows it.
func (c *callCmd) Run(ctx context.Context) error {
	want, err := c.intent()
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	key := c.Key
	if key == "" {
		key = "cli_" + rand.Text()
	}
	placed, err := a.PlaceCall(ctx, want, key)
	var lost *api.UnreachableError
	if errors.As(err, &lost) && ctx.Err() == nil { // with the same key nobody is rung twice
		placed, err = a.PlaceCall(ctx, want, key)
	}
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		if err := printJSON(placed); err != nil {
			return err
		}
	} else {
		printDecision(os.Stdout, placed.Decision)
		plain.Printf("\n%s  %s %s → %s\n", placed.Call.ID, placed.Call.Status, placed.Call.From, placed.Call.To)
	}
	if !c.Wait {
		return nil
	}
	outcome, err := a.follow(ctx, placed.Call.ID, c.JSON)
	if err == nil && slices.Contains(unreached, outcome) {
		return &exitError{exitFailed, ""}
	}
	return err
}

// unreached is the outcomes of a call in which nobody was spoken to: the command failed.
var unreached = []string{calllog.OutcomeFailed, calllog.OutcomeBusy, calllog.OutcomeNoAnswer}

// refusal shows the decision of whoever was refused, and makes it the exit code.
func refusal(err error, asJSON bool) error {
	var p *api.Problem
	if !errors.As(err, &p) || p.Decision == nil {
		return err
	}
	if asJSON {
		if err := printJSON(map[string]any{"decision": p.Decision}); err != nil {
			return err
		}
	} else {
		printDecision(os.Stdout, *p.Decision)
	}
	return &exitError{exitRefused, ""}
}
