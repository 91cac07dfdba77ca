package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentPolicyCmd struct {
	File string `arg:"" optional:"" help:"A policy file to try. Defaults to the one named in bridge.yaml."`
	JSON bool   `help:"Print JSON."`
}

func (*consentPolicyCmd) Help() string {
	return "The policy in force is the built-in one with the file's changes. Every decision names its hash. Counsel must approve it."
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
	e, err := config.LoadEnvironment()
	if err != nil {
		return nil, err
	}
	if c.File != "" {
		e.File.Policy = c.File
		return e.Policy()
	}
	b, err := os.ReadFile(e.Config)
	if errors.Is(err, os.ErrNotExist) {
		return e.Policy()
	}
	if err != nil {
		return nil, err
	}
	f, wrong := config.ParseFile(b)
	if f == nil {
		return nil, &config.Error{Problems: wrong}
	}
	e.File, e.Dir = f, filepath.Dir(e.Config)
	return e.Policy()
}
