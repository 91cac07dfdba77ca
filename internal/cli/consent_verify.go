package cli

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentVerifyCmd struct {
	File string `arg:"" optional:"" help:"An export: its folder, zip or records; - reads records from standard input. By default the service verifies its own ledger."`
	apiFlags
}

func (*consentVerifyCmd) Help() string {
	return "Verifies exports without the service. The exit code is 1 if a row does not verify."
}

func (c *consentVerifyCmd) Run(ctx context.Context) error {
	r, err := c.result(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(r); err != nil {
			return err
		}
	} else {
		printVerified(r)
	}
	if !r.OK {
		return &exitError{exitFailed, ""}
	}
	return nil
}

func (c *consentVerifyCmd) result(ctx context.Context) (r proof.VerifyResult, err error) {
	if c.File != "" {
		return verifyFile(c.File)
	}
	a, err := c.open()
	if err != nil {
		return r, err
	}
	return a.Verify(ctx)
}

func printVerified(r proof.VerifyResult) {
	if !r.OK {
		plain.Printf("%s  %s\n", paint(red+";"+bold, "BROKEN"), r.Problem)
		plain.Printf("%d rows before it verify\n", r.Rows)
		return
	}
	word, colour := "OK", green
	if r.Gaps > 0 {
		word, colour = "NOT LINKED", yellow
	}
	plain.Printf("%s  %d rows, head %s\n", paint(colour+";"+bold, word), r.Rows, r.Head)
	if r.Gaps > 0 || r.Withheld > 0 || r.First > 1 {
		plain.Printf("rows %d to %d; %d gaps where rows are left out, %d rows as hashes only\n", r.First, r.Last, r.Gaps, r.Withheld)
	}
}

// verifyFile verifies an export.
func verifyFile(name string) (proof.VerifyResult, error) {
	if name == "-" {
		return proof.VerifyExport(os.Stdin)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return proof.VerifyResult{}, err
	case info.IsDir():
		return proof.VerifyBundle(os.DirFS(name))
	case strings.EqualFold(filepath.Ext(name), ".zip"):
		z, err := zip.OpenReader(name)
		if err != nil {
			return proof.VerifyResult{}, fmt.Errorf("%s: %w", name, err)
		}
		defer z.Close()
		return proof.VerifyBundle(z)
	}
	f, err := os.Open(name)
	if err != nil {
		return proof.VerifyResult{}, err
	}
	defer f.Close()
	return proof.VerifyExport(f)
}
