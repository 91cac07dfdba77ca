package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// checkPolicy looks at what stands before outbound calls: the policy, the sellers,
// the openings.
func checkPolicy(_ context.Context, c *config.Config) []config.Finding {
	p, err := c.Policy()
	if err != nil {
		return []config.Finding{{What: "policy", State: config.Wrong, Say: config.InLine(err)}}
	}
	all := []config.Finding{{What: "policy", State: config.Well, Say: fmt.Sprintf("%s, %s. Counsel must approve it", p.Name, shortHash(p.Hash()))}}
	if len(p.SwitchedOff) > 0 {
		all = append(all, config.Finding{What: "policy", State: config.Warning, Say: "switches off " + strings.Join(p.SwitchedOff, ", ")})
	}
	all = append(all, config.ApprovalFindings(p, time.Now())...)
	for _, name := range slices.Sorted(maps.Keys(c.File.Sellers)) {
		if s := c.Seller(name); s.Callback.IsZero() {
			all = append(all, config.Finding{What: "seller " + name, State: config.Warning, Say: "no callback_number: every call must give one"})
		} else if s.TollfreeOptout.IsZero() {
			all = append(all, config.Finding{What: "seller " + name, State: config.Warning, Say: "no tollfree_optout, which voicemail messages require: machines get no message"})
		}
	}
	bad := c.BadOpenings()
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		all = append(all, config.Finding{What: "agent " + name, State: config.Warning, Say: bad[name] + "; without its own opening, one is built from the seller"})
	}
	return all
}

// headOld is how old an anchor may be before the doctor speaks of it. The policy's
// bound is a day.
const headOld = 12 * time.Hour

// nobody is a number that no ledger knows: what the ledger says of itself is asked
// by looking somebody up.
const nobody = "+12025550100"

// checkLedger looks at the consent ledger. Its whole chain is verified by bridge
// consent verify, and by the service every day.
func checkLedger(ctx context.Context, c *config.Config) []config.Finding {
	if c.DatabaseURL == "" {
		urls, err := pgserver.FindPrivate(c.DataDir)
		if err != nil {
			return restingLedger(c)
		}
		running := *c
		running.DatabaseURL, running.MigrateURL = urls.App, urls.Owner
		c = &running
	}
	db, err := service.OpenDatabase(ctx, c, zerolog.Nop())
	if err != nil {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: "stored in the database, which can't be reached"}}
	}
	defer func() { _ = db.Shutdown() }()
	begun, err := db.LedgerBegun(ctx)
	switch {
	case err != nil:
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: config.InLine(err)}}
	case !begun:
		return append([]config.Finding{{What: "ledger", State: config.Warning, Say: "none yet: the service creates it at its first start"}}, spoolFindings(c)...)
	}
	master, err := service.KeptKey(c)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: service.LostKey(c).Error()}}
	case err != nil:
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: config.InLine(err)}}
	}
	ledger, err := service.OpenLedger(ctx, c, db.DB, master, true, zerolog.Nop())
	if err != nil {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: config.InLine(err)}}
	}
	defer ledger.Close()
	n, err := phone.Parse(nobody)
	if err != nil {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: config.InLine(err)}}
	}
	list, err := ledger.Snapshot(ctx, n)
	if err != nil {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: config.InLine(err)}}
	}
	return append(ledgerFindings(list[0], time.Now()), spoolFindings(c)...)
}

// ledgerFindings is what a ledger says of itself.
func ledgerFindings(s consent.Snapshot, now time.Time) []config.Finding {
	if s.Broken != "" {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: s.Broken + ". No calls are placed; find out what changed: bridge consent verify"}}
	}
	if s.Lost != "" {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: s.Lost + ". Calls are held until: bridge consent recover --by NAME --why TEXT"}}
	}
	all := []config.Finding{{What: "ledger", State: config.Well, Say: fmt.Sprintf("%d rows, and its head verifies", s.AsOf)}}
	switch age := now.Sub(s.AnchoredAt); {
	case s.AsOf > 0 && s.AnchoredAt.IsZero():
		all = append(all, config.Finding{What: "anchors", State: config.Wrong, Say: "no copy of the ledger's head yet; the running service writes copies to BRIDGE_DATA_DIR/anchors"})
	case s.AsOf > 0 && age > headOld:
		all = append(all, config.Finding{What: "anchors", State: config.Warning, Say: fmt.Sprintf("the last copy of the ledger's head is %s old; is the service running? After a day, calls stop", age.Round(time.Minute))})
	case s.AsOf > 0:
		all = append(all, config.Finding{What: "anchors", State: config.Well, Say: "last copy of the ledger's head: " + s.AnchoredAt.UTC().Format(time.RFC3339) + "; keep copies of BRIDGE_DATA_DIR/anchors on another machine"})
	}
	if s.ClockSkew.Abs() > 30*time.Second {
		all = append(all, config.Finding{What: "clock", State: config.Wrong, Say: fmt.Sprintf("differs from the database's by %s: calls are held until they agree", s.ClockSkew.Round(time.Second))})
	}
	return all
}

// restingLedger is what can be said while the private Postgres doesn't run.
func restingLedger(c *config.Config) []config.Finding {
	_, noKey := os.Stat(service.MasterKeyFile(c))
	_, noLedger := os.Stat(service.SeenFile(c))
	if c.MasterKey == "" && errors.Is(noKey, os.ErrNotExist) && noLedger == nil {
		return []config.Finding{{What: "ledger", State: config.Wrong, Say: service.LostKey(c).Error()}}
	}
	return append([]config.Finding{{What: "ledger", State: config.Warning, Say: "checked only while the service runs its private Postgres"}}, spoolFindings(c)...)
}

// spoolFindings tells of refusals that wait on disk for the ledger.
func spoolFindings(c *config.Config) []config.Finding {
	n, err := consent.SpoolWaiting(filepath.Join(c.DataDir, "spool"))
	switch {
	case err != nil:
		return []config.Finding{{What: "spool", State: config.Wrong, Say: config.InLine(err)}}
	case n > 0:
		return []config.Finding{{What: "spool", State: config.Warning, Say: fmt.Sprintf("%d consent record(s) on disk waiting for the ledger", n)}}
	}
	return nil
}
