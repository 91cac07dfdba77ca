package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

type consentRecoverCmd struct {
	By            string `required:"" placeholder:"NAME" help:"Who recovers the ledger. It is recorded."`
	Why           string `required:"" placeholder:"TEXT" help:"Why the database was restored. Stored unencrypted, so it must not name a person."`
	WithoutTwilio bool   `help:"Do not search Twilio's message log for texts such as STOP."`
	DryRun        bool   `help:"Show which rows are missing; record nothing."`
	JSON          bool   `help:"Print JSON."`
}

func (*consentRecoverCmd) Help() string {
	return "A database restored from a backup lacks what people said since the backup, so calls are held. This command records again what it can still find: " +
		"opt-outs queued on this machine's disk, those that running instances remember, and texts such as STOP in Twilio's message log. Then it records that rows were lost, who recovered them and why, " +
		"and allows calls to people whose consent is recorded after that. Everyone else stays held (rule ledger.restored), because what they said in the missing rows is unknown. " +
		"Run it on a machine with the service's configuration and BRIDGE_DATA_DIR; the service may be running."
}

// recoverWait is how long the instances have to record what they remember.
const recoverWait = 3 * time.Second

// recovery is what came of it.
type recovery struct {
	Missing consent.Rows `json:"missing"`
	Since   time.Time    `json:"since,omitzero"` // when the last row before them was recorded
	Spooled int          `json:"spooled"`        // facts from this machine's disk
	Texts   int          `json:"texts"`          // opt-outs from Twilio's message log
	Seq     int64        `json:"seq,omitempty"`  // the row that says so
}

// Run recovers the ledger.
func (cmd *consentRecoverCmd) Run(ctx context.Context, own ownTools) error {
	c, err := config.Load(own...)
	if err != nil {
		return err
	}
	if c.DatabaseURL == "" {
		if urls, err := pgserver.FindPrivate(c.DataDir); err == nil { // that of the running service
			c.DatabaseURL, c.MigrateURL = urls.App, urls.Owner
		}
	}
	master, err := service.KeptKey(c)
	if err != nil {
		return err
	}
	db, err := service.OpenDatabase(ctx, c, zerolog.Nop())
	if err != nil {
		return err
	}
	defer func() { _ = db.Shutdown() }()
	ledger, err := service.OpenLedger(ctx, c, db.DB, master, cmd.DryRun, zerolog.Nop())
	if err != nil {
		return err
	}
	defer ledger.Close()
	r, err := cmd.recover(ctx, c, ledger)
	if errors.Is(err, postgres.ErrNothingMissing) {
		cmd.say("no rows are missing: nothing to recover\n")
		err = nil
	}
	if err == nil && cmd.JSON {
		return printJSON(r)
	}
	return err
}

func (cmd *consentRecoverCmd) say(format string, args ...any) {
	if !cmd.JSON {
		plain.Printf(format, args...)
	}
}

func (cmd *consentRecoverCmd) recover(ctx context.Context, c *config.Config, ledger *postgres.Ledger) (r recovery, err error) {
	if r.Missing, r.Since, err = ledger.Missing(ctx); err != nil {
		return r, err
	}
	cmd.say("rows %d to %d are missing; the last known head is %s\n", r.Missing.From, r.Missing.To, r.Missing.Head)
	if !r.Since.IsZero() {
		cmd.say("the newest row before them was recorded at %s\n", r.Since.UTC().Format(time.RFC3339))
	}
	if cmd.DryRun {
		return r, nil
	}
	if err := recordCommand(ctx, ledger, "bridge consent recover"); err != nil {
		return r, err
	}
	if err := ledger.AskInstances(ctx); err != nil {
		return r, err
	}
	if r.Spooled, err = replaySpool(ctx, c, ledger); err != nil {
		return r, err
	}
	if r.Texts, err = cmd.texts(ctx, c, ledger, r.Since); err != nil {
		return r, err
	}
	cmd.say("recorded again: %d facts from this machine's disk and %d opt-outs from texts\n", r.Spooled, r.Texts)
	cmd.say("giving running instances %s to record the opt-outs that they remember\n", recoverWait)
	select {
	case <-time.After(recoverWait):
	case <-ctx.Done():
		return r, ctx.Err()
	}
	f, err := ledger.Recover(ctx, cmd.By, cmd.Why)
	if err != nil {
		return r, err
	}
	r.Seq = f.Seq
	cmd.say("recovered in row %d: people whose consent is recorded after it can be called; all others are held\n", f.Seq)
	return r, nil
}

// replaySpool gives the ledger what waits on disk, unless a running service does it.
func replaySpool(ctx context.Context, c *config.Config, ledger *postgres.Ledger) (int, error) {
	i, err := service.NewInstance(c.DataDir)
	if err != nil {
		return 0, err
	}
	defer i.Close()
	if i.Lock == nil {
		return 0, nil
	}
	spool, err := consent.OpenSpool(filepath.Join(c.DataDir, "spool"))
	if err != nil {
		return 0, err
	}
	n := spool.Waiting()
	return n, spool.Replay(ctx, ledger)
}

// texts records the opt-outs among the texts that came in since a time.
func (cmd *consentRecoverCmd) texts(ctx context.Context, c *config.Config, ledger *postgres.Ledger, since time.Time) (n int, err error) {
	if cmd.WithoutTwilio {
		return 0, nil
	}
	client, err := service.TwilioClient(c)
	if err != nil {
		return 0, err
	}
	d := service.NewDirectory(c)
	var facts []consent.Fact
	for _, ours := range textedNumbers(c) {
		list, err := client.ListTexts(ctx, ours, since)
		if err != nil {
			return 0, fmt.Errorf("%w; --without-twilio skips this step", err)
		}
		for _, t := range list {
			from, err := phone.Parse(string(t.From))
			if err != nil { // a short code: nobody whom we could call
				continue
			}
			if stop := d.TextedStop(ours, from, t.Body, t.At); stop != nil {
				facts, n = append(facts, stop...), n+1
			}
		}
	}
	for some := range slices.Chunk(facts, 500) {
		if _, err := ledger.Record(ctx, some...); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// textedNumbers is the numbers that people may text to.
func textedNumbers(c *config.Config) []phone.Number {
	d := service.NewDirectory(c)
	all := maps.Clone(d.Numbers)
	for _, s := range d.Sellers {
		for _, n := range []phone.Number{s.Callback, s.TollfreeOptout} {
			if !n.IsZero() {
				all[n] = ""
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b phone.Number) int { return cmp.Compare(a.E164(), b.E164()) })
}
