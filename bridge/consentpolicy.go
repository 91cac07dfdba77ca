package bridge

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

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
