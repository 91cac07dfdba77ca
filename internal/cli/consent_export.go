package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/internal/build"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
)

type consentExportCmd struct {
	To     string `arg:"" optional:"" help:"A new folder, a FILE.zip, or a FILE.ndjson with only the records; - writes the records to standard output. Defaults to a new folder."`
	Number string `placeholder:"NUMBER" help:"Only records of this number."`
	Seller string `placeholder:"NAME" help:"Only records of this seller."`
	From   int64  `placeholder:"ROW" help:"Start at this row."`
	Until  int64  `placeholder:"ROW" help:"Stop at this row."`
	Linked bool   `help:"Include the hashes of the omitted rows, so that the whole chain can be verified."`
	Sealed bool   `help:"Leave out personal data."`
	Title  string `default:"Consent ledger" placeholder:"TEXT" help:"The title of the export: what was requested."`
	By     string `placeholder:"NAME" help:"Who requested the export."`
	apiFlags
}

func (*consentExportCmd) Help() string {
	return "Besides the records the export has a README, a script and the checksums of all files: anyone can verify it with only sha256sum and Python. " +
		"Without --sealed the records hold numbers and evidence unencrypted: protect them accordingly."
}

// errSealed is an export in which more was left out than was asked for.
var errSealed = errors.New("this key lacks the right numbers: use --sealed, which leaves out personal data")

// exported is what an export came to.
type exported struct {
	Path string `json:"path"`
	proof.VerifyResult
}

// Run writes the export, and verifies what it wrote.
func (c *consentExportCmd) Run(ctx context.Context) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	records := func(w io.Writer) error { return a.download(ctx, f, w) }
	if c.To == "-" {
		if term.IsTerminal(int(os.Stdout.Fd())) {
			return records(&plain.JSONLines{To: os.Stdout})
		}
		return records(os.Stdout)
	}
	to := c.To
	if to == "" {
		to = "consent-export-" + time.Now().UTC().Format("20060102-150405")
	}
	if err := c.write(to, f, records); err != nil {
		return err
	}
	r, err := verifyFile(to)
	switch {
	case err != nil:
		return err
	case !r.OK:
		return fmt.Errorf("the export in %s does not verify: %s", to, r.Problem)
	case c.JSON:
		return printJSON(exported{to, r})
	}
	plain.Printf("%s: %d rows, verified\n", to, r.Rows)
	return nil
}

func (c *consentExportCmd) filter() (api.ExportFilter, error) {
	f := api.ExportFilter{Seller: c.Seller, From: max(0, c.From), Until: max(0, c.Until),
		Linked: c.Linked, Sealed: c.Sealed}
	if c.Number != "" {
		n, err := knownNumber(c.Number)
		if err != nil {
			return f, &exitError{exitUsage, "--number: " + err.Error()}
		}
		f.Number = n.E164()
	}
	return f, nil
}

// said is a filter in the words of the manifest, which verifiers of any age read. It goes with
// the file's name, so a number is not repeated.
func said(f api.ExportFilter) string {
	q := url.Values{}
	add := func(name, v string, is bool) {
		if is {
			q.Set(name, v)
		}
	}
	add("number", "one", f.Number != "")
	add("seller", f.Seller, f.Seller != "")
	add("from", strconv.FormatInt(f.From, 10), f.From > 0)
	add("to", strconv.FormatInt(f.Until, 10), f.Until > 0)
	add("linked", "true", f.Linked)
	add("sealed", "true", f.Sealed)
	return q.Encode()
}

// write writes a bundle, or the records alone. Half of one is taken away again.
func (c *consentExportCmd) write(to string, f api.ExportFilter, records func(io.Writer) error) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s already exists", to)
	}
	by := c.By
	if by == "" {
		by = "bridge consent export"
	}
	b := proof.Bundle{Records: records, Manifest: proof.Manifest{Title: c.Title, Filter: said(f),
		ExportedAt: time.Now().UTC().Truncate(time.Second), ExportedBy: by, Build: build.Version}}
	if anchors := readAnchors(); anchors != nil { // before the records: it names none that come later
		b.Anchors = bytes.NewReader(anchors)
	}
	half := to + ".part"
	var err error
	switch filepath.Ext(to) {
	case ".zip":
		err = writeFile(half, func(w io.Writer) error { return proof.WriteBundle(w, b) })
	case ".ndjson":
		err = writeFile(half, records)
	default:
		err = proof.WriteBundleFolder(half, b)
	}
	if err == nil {
		err = os.Rename(half, to)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(half))
	}
	return nil
}

// maxAnchors bounds the file of anchors that goes with an export, in bytes.
const maxAnchors = 256 << 20

// readAnchors is the anchors of a service on this machine, or nil.
func readAnchors() []byte {
	c, err := config.LoadEnvironment()
	if err != nil {
		return nil
	}
	f, err := os.Open(filepath.Join(service.AnchorDir(c), "anchors.ndjson"))
	if err != nil {
		return nil
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxAnchors))
	if err != nil {
		return nil
	}
	return b
}

// writeFile writes a new file, for its owner's eyes alone.
func writeFile(name string, content func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(content(f), f.Sync(), f.Close())
}

// download copies the rows of the ledger.
func (a *client) download(ctx context.Context, f api.ExportFilter, w io.Writer) error {
	rows, sealed, err := a.Export(ctx, f)
	if err != nil {
		return err
	}
	defer rows.Close()
	if sealed {
		return errSealed
	}
	if _, err := io.Copy(w, rows); err != nil {
		return fmt.Errorf("the service stopped in the middle of the export: %w", err)
	}
	return nil
}
