package main

import (
	"context"
	"errors"
)

type consentExportCmd struct {
	To string `arg:"" default:"-" help:"x"`
	apiFlags
}

func (c *consentExportCmd) Run(ctx context.Context) error { return errors.New("not yet") }

type consentVerifyCmd struct {
	File string `arg:"" optional:"" help:"x"`
	apiFlags
}

func (c *consentVerifyCmd) Run(ctx context.Context) error { return errors.New("not yet") }

type consentPolicyCmd struct {
	JSON bool `help:"Print JSON."`
}

func (c *consentPolicyCmd) Run(ctx context.Context) error { return errors.New("not yet") }

type consentEraseCmd struct {
	Number string `arg:"" help:"x"`
	apiFlags
}

func (c *consentEraseCmd) Run(ctx context.Context) error { return errors.New("not yet") }
