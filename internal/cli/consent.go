package cli

import (
	"context"
	"os"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentCmd struct {
	Grant   consentGrantCmd     `cmd:"" help:"Record that a person agreed to calls."`
	Revoke  consentRevokeCmd    `cmd:"" help:"Record that a person opted out. It takes effect at once and ends a live call."`
	Fact    consentFactCmd      `cmd:"" help:"Record facts about a number: its line type, or whether it was reassigned."`
	Scrub   consentScrubCmd     `cmd:"" help:"Record that numbers were checked against a do-not-call list."`
	Remove  consentDNCRemoveCmd `cmd:"" name:"dnc-remove" help:"Record that a person asked to be removed from the seller's own do-not-call list."`
	Unclear consentUnclearCmd   `cmd:"" help:"List possible opt-outs and resolve them."`
	Check   consentCheckCmd     `cmd:"" help:"Check whether a call may be placed now. Places and reserves nothing."`
	Show    consentShowCmd      `cmd:"" help:"Show a number's consent status and history."`
	Import  consentImportCmd    `cmd:"" help:"Record the events in a CSV or .xlsx file."`
	Export  consentExportCmd    `cmd:"" help:"Export the ledger in a form that anyone can verify."`
	Verify  consentVerifyCmd    `cmd:"" help:"Verify the hash chain of the ledger, or of an export, from its first row."`
	Replay  consentReplayCmd    `cmd:"" help:"Repeat a recorded decision from the recorded facts and compare."`
	Policy  consentPolicyCmd    `cmd:"" help:"Print the policy in force, with its hash."`
	Recover consentRecoverCmd   `cmd:"" help:"Recover after the database was restored from a backup: find lost opt-outs, and hold calls to everyone whose consent is no longer certain."`
	Erase   consentEraseCmd     `cmd:"" help:"Delete a number's personal data. Its opt-outs are kept, so it still won't be called."`
	Hold    consentHoldCmd      `cmd:"" help:"Manage legal holds, which prevent a number's data from being erased."`

	Campaigns consentCampaignsCmd `cmd:"" help:"List campaigns with their answered and abandoned calls of the last 30 days."`
	Release   consentReleaseCmd   `cmd:"" help:"Release a campaign that was held after a second abandoned call."`
}

// eventFlags are what every event has.
type eventFlags struct {
	Number string `arg:"" help:"The number: +14155550123, or (415) 555-0123."`
	Seller string `required:"" placeholder:"NAME" help:"The seller, by its name in bridge.yaml."`
	At     string `placeholder:"TIME" help:"When it happened: 2026-11-22T18:00:00Z, or 2026-11-22 for the whole day. Defaults to now."`
	Note   string `placeholder:"TEXT" help:"A note. Stored encrypted."`
	apiFlags
}

func (f *eventFlags) event(t consent.Type, source string) (api.Event, error) {
	read := knownNumber // what people refuse, and what becomes of it, is taken for every number there may be
	if t == consent.Grant || t == consent.NumberFact || t == consent.Scrub {
		read = parseNumber
	}
	n, err := read(f.Number)
	if err != nil {
		return api.Event{}, &exitError{exitUsage, "NUMBER: " + err.Error()}
	}
	e := api.Event{Type: t, Number: n.E164(), Seller: f.Seller, Source: source, Actor: "cli", Note: f.Note,
		OccurredAt: time.Now().UTC().Format(time.RFC3339Nano)}
	if f.At != "" {
		if e.OccurredAt, err = moment(f.At, time.UTC, ""); err != nil {
			return api.Event{}, &exitError{exitUsage, "--at: " + err.Error()}
		}
	}
	return e, nil
}

// recordEvents writes events down, all or none, and says where.
func recordEvents(ctx context.Context, f *apiFlags, events ...api.Event) error {
	a, err := f.open()
	if err != nil {
		return err
	}
	receipts, err := a.RecordEvents(ctx, api.EventsQuery{}, events...)
	if err != nil {
		return refusal(err, f.JSON)
	}
	for i, r := range receipts {
		if f.JSON {
			if err := printJSON(r); err != nil {
				return err
			}
			continue
		}
		plain.Printf("%s recorded as row %d, %s\n", events[i].Type, r.Seq, r.Hash)
	}
	return nil
}

type consentGrantCmd struct {
	eventFlags
	evidenceFlags
	renewFlags
	Tier       string   `enum:"express,written" default:"express" help:"The tier of the consent: express or written. Sales calls require written consent."`
	Purpose    []string `required:"" placeholder:"P" help:"What the calls may be for: ${purposes}. May be given several times."`
	Channel    []string `default:"voice_ai" help:"The channel that the person agreed to: voice_ai, or another one, which does not cover calls."`
	Source     string   `required:"" placeholder:"SOURCE" help:"Where the consent was given: web_form, phone, paper, …"`
	Page       string   `placeholder:"URL" help:"Evidence: the page's URL."`
	IP         string   `name:"ip" placeholder:"ADDRESS" help:"Evidence: the person's IP address."`
	UserAgent  string   `placeholder:"TEXT" help:"Evidence: the browser's user agent."`
	Signature  string   `placeholder:"TEXT" help:"Evidence: how the person signed: a ticked box, a typed name, a key press."`
	VerifiedBy string   `placeholder:"TEXT" help:"Evidence: how it was verified that the number is the person's."`
}

func (c *consentGrantCmd) Run(ctx context.Context) error {
	e, err := c.event(consent.Grant, c.Source)
	if err != nil {
		return err
	}
	e.Tier, e.Purposes, e.Channels = consent.Tier(c.Tier), purposesOf(c.Purpose), c.Channel
	if e.Evidence, err = c.evidence(c.Source); err != nil {
		return err
	}
	e.Evidence.URL, e.Evidence.IP, e.Evidence.UserAgent, e.Evidence.Signature, e.Evidence.VerifiedBy = c.Page, c.IP, c.UserAgent, c.Signature, c.VerifiedBy
	c.fill(&e)
	return recordEvents(ctx, &c.apiFlags, e)
}

// purposesOf is purposes as flags and columns have them.
func purposesOf(names []string) []consent.Purpose {
	list := make([]consent.Purpose, len(names))
	for i, name := range names {
		list[i] = consent.Purpose(name)
	}
	return list
}

type consentRevokeCmd struct {
	eventFlags
	Scope  string `default:"all_automated" placeholder:"SCOPE" help:"What the person revoked. The default, all automated calls, also adds the number to the seller's own do-not-call list."`
	Source string `default:"phone" placeholder:"SOURCE" help:"How the person opted out: phone, email, letter, …"`
}

func (c *consentRevokeCmd) Run(ctx context.Context) error {
	e, err := c.event(consent.Revoke, c.Source)
	if err != nil {
		return err
	}
	e.Scope = c.Scope
	return recordEvents(ctx, &c.apiFlags, e)
}

type consentCheckCmd struct {
	intentFlags
	apiFlags
}

func (*consentCheckCmd) Help() string { return "The exit code is 3 if the call would be refused." }

func (c *consentCheckCmd) Run(ctx context.Context) error {
	want, err := c.intent()
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	d, err := a.Check(ctx, api.Intent{CallRequest: want})
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		if err := printJSON(d); err != nil {
			return err
		}
	} else {
		printDecision(os.Stdout, d)
	}
	if d.Outcome != consent.Allow {
		return &exitError{exitRefused, ""}
	}
	return nil
}
