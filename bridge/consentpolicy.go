package bridge

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/term"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentPolicyCmd struct {
	File string `arg:"" optional:"" help:"A policy file to try. Defaults to the one that bridge.yaml names."`
	JSON bool   `help:"Print JSON."`
}

func (*consentPolicyCmd) Help() string {
	return "The policy in force is the built-in one with the file laid over it. Its hash stands in every decision. Counsel has to approve it."
}

// Run prints the policy. It needs neither a service nor any secret.
func (c *consentPolicyCmd) Run() error {
	p, err := c.policy()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.Print(&b); err != nil {
		return err
	}
	if !c.JSON {
		plain.Printf("%s", plain.Lines(b.String()))
		return nil
	}
	var all map[string]any
	if err := yaml.Unmarshal(b.Bytes(), &all); err != nil {
		return err
	}
	return printJSON(map[string]any{"hash": p.Hash(), "policy": all})
}

func (c *consentPolicyCmd) policy() (*consent.Policy, error) {
	e, err := loadEnvironment()
	if err != nil {
		return nil, err
	}
	if c.File != "" {
		e.file.Policy = c.File
		return e.policy()
	}
	b, err := os.ReadFile(e.Config)
	if errors.Is(err, os.ErrNotExist) {
		return e.policy()
	}
	if err != nil {
		return nil, err
	}
	f, wrong := parseFile(b)
	if f == nil {
		return nil, &configError{wrong}
	}
	e.file, e.dir = f, filepath.Dir(e.Config)
	return e.policy()
}

type consentEraseCmd struct {
	Number string `arg:"" help:"The number: +14155550123, or (415) 555-0123."`
	Why    string `required:"" placeholder:"TEXT" help:"The reason. It is kept in clear, so it must not name the person."`
	Yes    bool   `help:"Don't ask."`
	apiFlags
}

func (*consentEraseCmd) Help() string {
	return "The person's data key is destroyed: number, evidence, words and notes can't be read any more, by nobody. What was said in calls with the number is erased from the call log, with the names of their chats; that there was a call stays. The chain still verifies, and who has said no is still not called. " +
		"It can't be undone. Backups of the database keep the key until they expire; recordings and what the voice agent's service keeps are not touched."
}

func (c *consentEraseCmd) Run(ctx context.Context) error {
	n, err := knownNumber(c.Number)
	if err != nil {
		return &exitError{exitUsage, "NUMBER: " + err.Error()}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	if !c.Yes {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return &exitError{exitUsage, "it can't be undone: say --yes"}
		}
		plain.Printf("Erase all that is personal of %s? It can't be undone. Type yes: ", n.E164())
		line, _ := bufio.NewReader(os.Stdin).ReadString('\n') // an end of the input is no yes
		if strings.TrimSpace(line) != "yes" {
			return &exitError{exitFailed, "nothing was erased"}
		}
	}
	var r consent.Receipt
	if err := a.ask(ctx, "DELETE", "/v1/consent/"+url.PathEscape(n.E164())+"?"+url.Values{"why": {c.Why}}.Encode(), nil, &r); err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		return printJSON(r)
	}
	plain.Printf("erased, in row %d\n", r.Seq)
	return nil
}
