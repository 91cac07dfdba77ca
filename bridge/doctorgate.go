package bridge

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
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// checkPolicy looks at what stands before outbound calls: the policy, the sellers,
// the openings.
func checkPolicy(_ context.Context, c *config) []finding {
	p, err := c.policy()
	if err != nil {
		return []finding{{"policy", wrong, inLine(err)}}
	}
	all := []finding{{"policy", well, fmt.Sprintf("%s, %s. Counsel has to approve it", p.Name, shortHash(p.Hash()))}}
	if len(p.SwitchedOff) > 0 {
		all = append(all, finding{"policy", warning, "it switches off " + strings.Join(p.SwitchedOff, ", ")})
	}
	all = append(all, approvalFindings(p, time.Now())...)
	for _, name := range slices.Sorted(maps.Keys(c.file.Sellers)) {
		if s := c.seller(name); s.Callback.IsZero() {
			all = append(all, finding{"seller " + name, warning, "it has no callback_number: every call has to give one"})
		} else if s.TollfreeOptout.IsZero() {
			all = append(all, finding{"seller " + name, warning, "it has no tollfree_optout: no message is left on a machine without one"})
		}
	}
	bad := c.badOpenings()
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		all = append(all, finding{"agent " + name, warning, bad[name] + "; without an opening of its own one is made from the seller"})
	}
	return all
}

// approvalSoon is how long before the end of an approval the doctor speaks of it.
const approvalSoon = 30 * 24 * time.Hour

// approvalFindings tells of approvals in the policy that end soon, or have ended.
func approvalFindings(p *consent.Policy, now time.Time) (all []finding) {
	told := map[string]bool{}
	for _, w := range p.Widened() {
		left := w.Until().Sub(now)
		if told[w.Path] || left > approvalSoon {
			continue
		}
		told[w.Path] = true
		text := fmt.Sprintf("%s: the approval by %s ends with %s, in %s; then the built-in policy counts again", w.Path, w.ApprovedBy, w.Expires, inWords(left))
		if left <= 0 {
			text = fmt.Sprintf("%s: the approval by %s ended with %s: the built-in policy counts", w.Path, w.ApprovedBy, w.Expires)
		}
		all = append(all, finding{"policy", warning, text})
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
func checkLedger(ctx context.Context, c *config) []finding {
	if c.DatabaseURL == "" {
		urls, err := pgserver.FindPrivate(c.DataDir)
		if err != nil {
			return c.restingLedger()
		}
		running := *c
		running.DatabaseURL, running.MigrateURL = urls.App, urls.Owner
		c = &running
	}
	db, err := c.openDatabase(ctx, zerolog.Nop())
	if err != nil {
		return []finding{{"ledger", wrong, "it is in the database, which is not reached"}}
	}
	defer db.close()
	begun, err := db.LedgerBegun(ctx)
	switch {
	case err != nil:
		return []finding{{"ledger", wrong, inLine(err)}}
	case !begun:
		return append([]finding{{"ledger", warning, "there is none yet: the service makes it when it first starts"}}, c.spoolFindings()...)
	}
	master, err := c.keptKey()
	switch {
	case errors.Is(err, os.ErrNotExist):
		return []finding{{"ledger", wrong, c.lostKey().Error()}}
	case err != nil:
		return []finding{{"ledger", wrong, inLine(err)}}
	}
	ledger, err := c.openLedger(ctx, db.DB, master, true, zerolog.Nop())
	if err != nil {
		return []finding{{"ledger", wrong, inLine(err)}}
	}
	defer ledger.Close()
	n, err := phone.Parse(nobody)
	if err != nil {
		return []finding{{"ledger", wrong, inLine(err)}}
	}
	list, err := ledger.Look(ctx, n)
	if err != nil {
		return []finding{{"ledger", wrong, inLine(err)}}
	}
	return append(ledgerFindings(list[0], time.Now()), c.spoolFindings()...)
}

// ledgerFindings is what a ledger says of itself.
func ledgerFindings(s consent.Snapshot, now time.Time) []finding {
	if s.Broken != "" {
		return []finding{{"ledger", wrong, s.Broken + ". No call is placed; find out who changed it: bridge consent verify"}}
	}
	if s.Lost != "" {
		return []finding{{"ledger", wrong, s.Lost + ". Calls are held until: bridge consent recover --by NAME --why TEXT"}}
	}
	all := []finding{{"ledger", well, fmt.Sprintf("%d rows, and its head holds", s.AsOf)}}
	switch age := now.Sub(s.AnchoredAt); {
	case s.AsOf > 0 && s.AnchoredAt.IsZero():
		all = append(all, finding{"anchors", wrong, "the ledger's head was never written down elsewhere; the running service does it, in BRIDGE_DATA_DIR/anchors"})
	case s.AsOf > 0 && age > headOld:
		all = append(all, finding{"anchors", warning, fmt.Sprintf("the ledger's head was last written down %s ago; is the service running? After a day calls stop", age.Round(time.Minute))})
	case s.AsOf > 0:
		all = append(all, finding{"anchors", well, "the ledger's head was written down at " + s.AnchoredAt.UTC().Format(time.RFC3339) + "; keep copies of BRIDGE_DATA_DIR/anchors elsewhere"})
	}
	if s.ClockSkew.Abs() > 30*time.Second {
		all = append(all, finding{"clock", wrong, fmt.Sprintf("it is %s off the database's: calls are held until both agree", s.ClockSkew.Round(time.Second))})
	}
	return all
}

// restingLedger is what can be said while the private Postgres doesn't run.
func (c *config) restingLedger() []finding {
	_, noKey := os.Stat(c.masterKeyFile())
	_, noLedger := os.Stat(c.seenFile())
	if c.MasterKey == "" && errors.Is(noKey, os.ErrNotExist) && noLedger == nil {
		return []finding{{"ledger", wrong, c.lostKey().Error()}}
	}
	return append([]finding{{"ledger", warning, "it is looked at while the service runs its private Postgres"}}, c.spoolFindings()...)
}

// spoolFindings tells of refusals that wait on disk for the ledger.
func (c *config) spoolFindings() []finding {
	n, err := consent.SpoolWaiting(filepath.Join(c.DataDir, "spool"))
	switch {
	case err != nil:
		return []finding{{"spool", wrong, inLine(err)}}
	case n > 0:
		return []finding{{"spool", warning, fmt.Sprintf("%d fact(s) about consent wait on disk for the ledger", n)}}
	}
	return nil
}
