package cli

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/plain"
)

type keysCmd struct {
	Create keysCreateCmd `cmd:"" help:"Create a key and print its secret, once."`
	List   keysListCmd   `cmd:"" help:"List all keys, also those that have ended."`
	Revoke keysRevokeCmd `cmd:"" help:"End a key at once, on every instance."`
}

func (*keysCmd) Help() string {
	return "A running service is asked, with the key in BRIDGE_API_TOKEN, which needs the right admin. To rotate a key, create another beside it, " +
		"change its user over, look at the list whether the old one is still used, and revoke that."
}

type keysCreateCmd struct {
	Name   string   `arg:"" help:"Its name, which who did what is recorded under. No two keys ever have the same."`
	May    []string `required:"" placeholder:"RIGHT,…" help:"Its rights: ${rights}. Consent includes stop; without numbers they are shown as +1415…0142."`
	Seller []string `placeholder:"NAME,…" help:"Limit it to these sellers of bridge.yaml: it sees nothing of any other. Not with erase, metrics or admin."`
	For    string   `default:"90d" help:"How long it is good, such as 90d or 12h."`
	apiFlags
}

// Run creates a key. The secret alone is on stdout, so that it can be piped to where it
// is kept.
func (c *keysCreateCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	made, err := a.CreateKey(ctx, api.KeyRequest{Name: c.Name, Rights: c.May, Sellers: c.Seller, For: c.For})
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		return printJSON(made)
	}
	plain.Fprintf(os.Stderr, "key %s may %s until %s. Its secret is not shown again:\n", made.Key.Name, rightsOf(made.Key), day(made.Key.Expires))
	plain.Println(made.Secret)
	return nil
}

type keysListCmd struct{ apiFlags }

// Run lists the keys.
func (c *keysListCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	list, err := a.Keys(ctx)
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		for _, k := range list.Keys {
			if err := printJSON(k); err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable()
	t.AppendHeader(table.Row{"name", "state", "may", "sellers", "until", "last used", "made by"})
	for _, k := range list.Keys {
		used, sellers := "never", "all"
		if k.Used != nil {
			used = k.Used.Local().Format(time.DateTime)
		}
		if len(k.Sellers) > 0 {
			sellers = strings.Join(k.Sellers, ", ")
		}
		t.AppendRow(table.Row{k.Name, k.State, rightsOf(k), sellers, day(k.Expires), used, k.By})
	}
	t.Render()
	return nil
}

type keysRevokeCmd struct {
	Name string `arg:"" help:"The name of the key."`
	apiFlags
}

// Run revokes a key.
func (c *keysRevokeCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	k, err := a.RevokeKey(ctx, c.Name)
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		return printJSON(k)
	}
	plain.Printf("key %s is revoked\n", k.Name)
	return nil
}

// rightsOf is a key's rights as people read them.
func rightsOf(k api.Key) string {
	return strings.Join(k.Rights, ", ")
}

// day is a time as a table shows it.
func day(t time.Time) string { return t.Local().Format(time.DateOnly) }
