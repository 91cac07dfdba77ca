package cli

import (
	"cmp"
	"context"
	"os"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// renewFlags are what lifts a refusal: which one, who records it, and why.
type renewFlags struct {
	Renews int64  `placeholder:"ROW" help:"The row of the opt-out that this lifts (bridge consent show). Without it an opt-out still applies. Requires --reason, --by and new evidence."`
	Reason string `placeholder:"TEXT" help:"How the person asked to be called again. Stored encrypted."`
	By     string `placeholder:"NAME" help:"Who records this."`
}

func (f *renewFlags) fill(e *api.Event) { e.Renews, e.Reason, e.By = f.Renews, f.Reason, f.By }

// evidenceFlags are what shows that a person did something.
type evidenceFlags struct {
	Method   string `placeholder:"TEXT" help:"Evidence: how consent was given. Defaults to the source."`
	Text     string `placeholder:"TEXT" help:"Evidence: the exact text that the person agreed to, or asked for."`
	TextFile string `type:"existingfile" placeholder:"FILE" help:"Evidence: the text, read from a file."`
}

func (f *evidenceFlags) evidence(source string) (*consent.Evidence, error) {
	if f.TextFile != "" {
		b, err := os.ReadFile(f.TextFile)
		if err != nil {
			return nil, err
		}
		f.Text = strings.TrimSpace(string(b))
	}
	return &consent.Evidence{Method: cmp.Or(f.Method, source), Text: f.Text}, nil
}

type consentDNCRemoveCmd struct {
	eventFlags
	evidenceFlags
	renewFlags
	Source string `required:"" placeholder:"SOURCE" help:"How the person asked: phone, web_form, letter, …"`
}

func (*consentDNCRemoveCmd) Help() string {
	return "Removes the number from the seller's own list without granting consent: record consent afterwards. bridge consent grant --renews does both."
}

func (c *consentDNCRemoveCmd) Run(ctx context.Context) error {
	e, err := c.event(consent.DNCRemove, c.Source)
	if err != nil {
		return err
	}
	if e.Evidence, err = c.evidence(c.Source); err != nil {
		return err
	}
	c.fill(&e)
	return recordEvents(ctx, &c.apiFlags, e)
}
