package service

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/anchors"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/build"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/server"
)

// Gate is what stands before every call that the service places.
type Gate struct {
	*consent.Gate
	PGLedger *postgres.Ledger
	asks     *lookup.Service // nil if nothing is looked up
	db       *postgres.DB
	key      []byte         // hides the answers that are kept
	texts    []consent.Fact // what decisions name by a digest: the policy, the sellers' records
	log      zerolog.Logger
}

// OpenGate opens the ledger and what belongs to it. The caller closes it, before
// the database.
func OpenGate(ctx context.Context, c *config.Config, db *postgres.DB, master []byte, log zerolog.Logger) (*Gate, error) {
	policy, err := c.Policy()
	if err != nil {
		return nil, err
	}
	g := &Gate{db: db, log: log}
	if g.key, err = subkey(master, "kept answers"); err != nil {
		return nil, err
	}
	spool, err := consent.OpenSpool(filepath.Join(c.DataDir, "spool"))
	if err != nil {
		return nil, err
	}
	if g.PGLedger, err = OpenLedger(ctx, c, db, master, false, log); err != nil {
		return nil, err
	}
	if err := keepsStops(ctx, c, g.PGLedger); err != nil {
		g.PGLedger.Close()
		return nil, err
	}
	g.Gate = &consent.Gate{Ledger: g.PGLedger, Policy: policy, Spool: spool}
	if g.asks, err = openLookups(c, g.Gate, log); err != nil {
		return nil, err
	}
	if g.texts, err = policyTexts(c, policy); err != nil {
		return nil, err
	}
	g.keepTexts(ctx)
	if err := g.PGLedger.Anchor(ctx, AnchorDir(c)); err != nil { // calls are held until it works: KeepAnchored tries again
		log.Error().Err(err).Msg("consent ledger not anchored at start")
	}
	for _, f := range config.ApprovalFindings(policy, time.Now()) {
		log.Warn().Str("approval", f.Say).Msg("policy approval expires soon or has expired")
	}
	bad := c.BadOpenings()
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		log.Warn().Str("agent", name).Str("problem", bad[name]).Msg("opening of an outbound agent is incomplete")
	}
	return g, nil
}

// OpenLedger opens the ledger alone. ReadOnly is for a command that only looks.
func OpenLedger(ctx context.Context, c *config.Config, db *postgres.DB, master []byte, readOnly bool, log zerolog.Logger) (*postgres.Ledger, error) {
	cfg, err := postgres.LedgerKeys(master)
	if err != nil {
		return nil, err
	}
	cfg.Build, cfg.AnchorDir, cfg.Log, cfg.ReadOnly = build.Version, AnchorDir(c), log, readOnly
	cfg.HighFile = SeenFile(c)
	if c.File.Anchors != "" {
		store, err := anchors.Open(ctx, c.File.Anchors)
		if err != nil {
			return nil, err
		}
		cfg.Copies = store
	}
	l, err := db.Ledger(ctx, cfg)
	if err != nil && cfg.Copies != nil {
		err = errors.Join(err, cfg.Copies.Close())
	}
	return l, err
}

// SeenFile names the newest row of the ledger that this instance has seen.
func SeenFile(c *config.Config) string { return filepath.Join(c.DataDir, "ledger.seen") }

// AnchorDir is the folder where the ledger's head is written down.
func AnchorDir(c *config.Config) string { return filepath.Join(c.DataDir, "anchors") }

// replayEvery is how often what waits on disk is offered to the ledger.
const replayEvery = 5 * time.Second

// replay gives to the ledger what it could not take, until ctx ends; the texts among it.
func (g *Gate) replay(ctx context.Context) {
	tick := time.NewTicker(replayEvery)
	defer tick.Stop()
	for {
		g.keepTexts(ctx)
		if n := g.Spool.Waiting(); n > 0 {
			bounded, cancel := context.WithTimeout(ctx, replayEvery)
			err := g.Spool.Replay(bounded, g.PGLedger)
			cancel()
			if err == nil {
				g.log.Info().Int("facts", n).Msg("consent records moved from disk to the ledger")
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// watch tells of everyone who says no, on whichever instance, until ctx ends.
func (g *Gate) watch(ctx context.Context, revoked func(consent.Fact)) {
	err := g.PGLedger.Watch(ctx, revoked)
	if err != nil && ctx.Err() == nil {
		g.log.Error().Err(err).Msg("lost notifications of revocations on other instances")
	}
}

// Bounds of verifying the ledger beside the calls.
const (
	verifyEvery = time.Hour
	maxVerify   = 30 * time.Minute // 100 k rows a second
)

// verify computes the chain again at start and every hour, until ctx ends. What does
// not hold stops all calls, by the rule ledger.integrity.
func (g *Gate) verify(ctx context.Context) {
	tick := time.NewTicker(verifyEvery)
	defer tick.Stop()
	for {
		bounded, cancel := context.WithTimeout(ctx, maxVerify)
		r, err := g.PGLedger.Verify(bounded)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			g.log.Error().Err(err).Msg("consent ledger not verified")
		case r.Lost != nil:
			g.log.Error().Str("problem", r.Problem).Msg("the consent ledger was restored from an older copy: calls are held until bridge consent recover")
		case !r.OK:
			g.log.Error().Int64("row", r.FirstBad).Str("problem", r.Problem).Msg("consent ledger does not verify: outbound calls are stopped")
		default:
			g.log.Info().Int64("rows", r.Rows).Str("head", r.Head).Msg("consent ledger verified")
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Ready tells whether the ledger can be read.
func (g *Gate) Ready(ctx context.Context) error {
	if err := g.db.Ping(ctx); err != nil {
		return err
	}
	if g.Policy == nil {
		return errors.New("no policy")
	}
	return nil
}

// Close ends the look-ups and the ledger. The database is closed after it.
func (g *Gate) Close() {
	if g.asks != nil {
		g.asks.Close()
	}
	g.PGLedger.Close()
}

// answers lets the server keep its answers in the database.
type answers struct{ *postgres.DB }

// Claim implements server.Answers.
func (a answers) Claim(ctx context.Context, key, body [32]byte, callID string, stale time.Duration) (server.Claim, error) {
	c, err := a.DB.Claim(ctx, key, body, callID, stale)
	return server.Claim(c), err
}
