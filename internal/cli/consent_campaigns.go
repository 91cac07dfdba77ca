package cli

import (
	"context"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentCampaignsCmd struct{ apiFlags }

func (*consentCampaignsCmd) Help() string {
	return "A campaign is all calls of one agent for one seller and purpose. Counts the calls that a person answered in the last 30 days, and those in which the person heard nothing within two seconds."
}

// Run lists the campaigns.
func (c *consentCampaignsCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	list, err := a.Campaigns(ctx)
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		for _, x := range list.Campaigns {
			if err := printJSON(x); err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable()
	t.AppendHeader(table.Row{"seller", "agent", "purpose", "answered", "abandoned", "since the last release"})
	for _, x := range list.Campaigns {
		t.AppendRow(table.Row{x.Seller, x.Agent, x.Purpose, x.Answered, x.Abandoned, x.Unreleased})
	}
	t.Render()
	return nil
}

type consentReleaseCmd struct {
	Seller  string `required:"" placeholder:"NAME" help:"The seller of the campaign, by its name in bridge.yaml."`
	Agent   string `required:"" placeholder:"NAME" help:"The agent of the campaign."`
	Purpose string `required:"" placeholder:"P" help:"The purpose of the campaign's calls."`
	By      string `required:"" placeholder:"NAME" help:"Who releases the campaign."`
	Reason  string `required:"" placeholder:"TEXT" help:"Why no more calls will be abandoned."`
	apiFlags
}

func (*consentReleaseCmd) Help() string {
	return "A second abandoned call holds a campaign with fewer than abandon_floor answered calls in 30 days. Find out why people heard nothing, then release the campaign. A release does not lift the legal limit of 3 percent."
}

// Run releases a campaign.
func (c *consentReleaseCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	r, err := a.ReleaseCampaign(ctx, api.CampaignRelease{Seller: c.Seller, Agent: c.Agent,
		Purpose: consent.Purpose(c.Purpose), By: c.By, Reason: c.Reason})
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		return printJSON(r)
	}
	plain.Printf("released: row %d\n", r.Seq)
	return nil
}
