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
	List   keysListCmd   `cmd:"" help:"List all keys, including expired and revoked ones."`
	Revoke keysRevokeCmd `cmd:"" help:"Revoke a key at once, on every instance."`
}

func (*keysCmd) Help() string {
	return "Calls a running service with the key in BRIDGE_API_TOKEN, which needs the right admin. To rotate a key, create a second one, " +
		"switch its user to it, check in the list that the old one is no longer used, and revoke that."
}

type keysCreateCmd struct {
	Name   string   `arg:"" help:"The key's name, recorded with everything it does. Names are never reused."`
	May    []string `required:"" placeholder:"RIGHT,…" help:"The key's rights: ${rights}. The right consent includes stop; without the right numbers, telephone numbers are shown as +1415…0142."`
	Seller []string `placeholder:"NAME,…" help:"Limit the key to these sellers of bridge.yaml, hiding all others. Not allowed with erase, metrics or admin."`
	For    string   `default:"90d" help:"How long the key is valid, such as 90d or 12h."`
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
	plain.Fprintf(os.Stderr, "key %s may %s until %s. Its secret is shown only once:\n", made.Key.Name, rightsOf(made.Key), day(made.Key.Expires))
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
	t.AppendHeader(table.Row{"name", "state", "may", "sellers", "until", "last used", "created by"})
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
