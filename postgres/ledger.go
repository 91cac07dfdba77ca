package postgres

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// LedgerConfig is what a ledger needs. The keys come from the master key; see
// [LedgerKeys].
type LedgerConfig struct {
	TokenKey []byte // 32 bytes: numbers are found by their HMAC under it
	WrapKey  []byte // 32 bytes: each person's data key is wrapped with it
	MACKey   []byte // 32 bytes: shows that a row was written by this program
	Build    string // of this program, kept with each decision

	// ReadOnly is for a command that looks at the ledger: one of an earlier version is
	// not taken over, and says so.
	ReadOnly bool

	// AnchorDir is a folder with a file of anchors (see [Ledger.Anchor]), of this
	// ledger: Verify holds the chain to it. Defaults to the one that Anchor is given.
	AnchorDir string

	// HighFile is a file that names the newest row which this instance has seen, so that
	// it is not taken in by an older copy of the ledger after a restart. None if empty.
	HighFile string

	// Copies keeps anchors where whoever owns the database can't reach them. May be nil.
	Copies AnchorStore

	Queue int              // requests that may wait. Defaults to 1024
	Now   func() time.Time // Defaults to time.Now
	Log   zerolog.Logger   // gets neither numbers nor evidence. Defaults to none
}

// What a ledger says of itself.
var (
	ErrLedgerBusy   = errors.New("postgres: the ledger is busy: too many waiting requests")
	ErrLedgerClosed = errors.New("postgres: the ledger is closed")
)

// Ledger is [consent.Ledger] on Postgres. Requests of all goroutines are taken
// together, a batch at a time, by one goroutine: a batch is one transaction that
// holds the lock of the chain's head, so that several instances take turns and the
// chain is one. The caller closes it, before the DB.
//
//	Transact, Record ──▶ queue ──▶ run ──▶ lock the head ─ read ─ decide, in turn ─ append ─ commit
//
// Every failure is an error to all who are in the batch, and nothing is written.
// Only what is wrong with one request, such as a decide function that panics, fails
// that one alone. If the answer to a commit is lost and the ledger can't be asked
// what became of it, the error says so; who gets it must not place a call.
type Ledger struct {
	db  *DB
	cfg LedgerConfig
	box sealer

	macs    *macs
	before  atomic.Int64              // the newest row of before the upgrade; 0 if there is none
	takenAt atomic.Pointer[time.Time] // and when that was
	unknown atomic.Bool               // rows of before could not be taken over
	seen    placeCache

	queue chan *request
	stop  chan struct{} // closed by Close
	ended chan struct{} // closed when nothing is run any more
	close sync.Once
	calls callCounts

	anchorDir atomic.Pointer[string]
	broken    atomic.Pointer[string]         // what Verify found
	missing   atomic.Pointer[missing]        // or that rows are missing
	verified  atomic.Pointer[time.Time]      // when it last found nothing
	outside   atomic.Pointer[time.Time]      // when an anchor was last copied elsewhere
	high      *highWater                     // the newest row that was seen
	restores  atomic.Pointer[[]consent.Fact] // the recoveries
	refused   chan struct{}                  // somebody said no: an anchor is due
	memory    memory

	evidenceRead atomic.Bool // the table of evidence has that of all rows
	filling      sync.WaitGroup
	giveUp       context.CancelFunc // of the filling
}

var _ consent.Ledger = (*Ledger)(nil)

// Ledger opens the ledger of the database, whose schema must be up to date. It
// refuses keys other than those that the ledger was begun with: under those, nobody
// who said no would be found.
func (db *DB) Ledger(ctx context.Context, cfg LedgerConfig) (*Ledger, error) {
	if cfg.Queue <= 0 {
		cfg.Queue = 1024
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if len(cfg.TokenKey) != sha256.Size || len(cfg.WrapKey) != sha256.Size || len(cfg.MACKey) != sha256.Size {
		return nil, fmt.Errorf("postgres: the ledger's keys have %d, %d and %d bytes, not 32 each", len(cfg.TokenKey), len(cfg.WrapKey), len(cfg.MACKey))
	}
	l := &Ledger{db: db, cfg: cfg, macs: newMACs(cfg.MACKey), queue: make(chan *request, cfg.Queue), stop: make(chan struct{}), ended: make(chan struct{})}
	l.anchorDir.Store(&cfg.AnchorDir)
	l.restores.Store(new([]consent.Fact))
	l.refused = make(chan struct{}, 1)
	var err error
	if l.high, err = openHigh(cfg.HighFile, cfg.ReadOnly); err != nil {
		return nil, err
	}
	if l.box, err = newSealer(cfg.WrapKey); err != nil {
		return nil, err
	}
	if err := l.checkKeys(ctx); err != nil {
		return nil, err
	}
	if err := l.takeOver(ctx); err != nil {
		return nil, err
	}
	if err := l.beginEvidence(ctx); err != nil {
		return nil, err
	}
	go func() {
		defer close(l.ended)
		l.run()
	}()
	return l, nil
}

// Close ends the batch that is being run, fails those who wait, and returns then.
func (l *Ledger) Close() {
	l.close.Do(func() { close(l.stop) })
	l.giveUp()
	l.filling.Wait()
	<-l.ended
	l.calls.wait()
	l.high.close()
	if l.cfg.Copies != nil {
		if err := l.cfg.Copies.Close(); err != nil {
			l.cfg.Log.Warn().Err(err).Msg("anchor store not closed")
		}
	}
}

// LedgerKeys makes the ledger's keys from the master key: a configuration that has
// nothing else.
func LedgerKeys(master []byte) (cfg LedgerConfig, err error) {
	for info, key := range map[string]*[]byte{
		"patchcord ledger number token": &cfg.TokenKey,
		"patchcord ledger key wrapping": &cfg.WrapKey,
		"patchcord ledger row mac":      &cfg.MACKey,
	} {
		if *key, err = hkdf.Key(sha256.New, master, nil, info, sha256.Size); err != nil {
			return LedgerConfig{}, fmt.Errorf("postgres: the ledger's keys: %w", err)
		}
	}
	return cfg, nil
}

// token stands for a number wherever it can be read; that of no number stands for
// the ledger itself.
func (l *Ledger) token(n phone.Number) proof.Sum {
	if n.IsZero() {
		return proof.Sum(mac(l.cfg.TokenKey, "ledger"))
	}
	return proof.Sum(mac(l.cfg.TokenKey, n.E164()))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// checkKeys holds our keys to those that the ledger was begun with. Whoever is the
// second to begin it waits for the first one's statement, and sees its key only in
// the next.
func (l *Ledger) checkKeys(ctx context.Context) error {
	ours := mac(l.cfg.TokenKey, "check "+string(mac(l.cfg.WrapKey, "check")))
	var theirs []byte
	if !l.cfg.ReadOnly {
		if _, err := l.db.pool.Exec(ctx, `update ledger_head set key_check = $1 where key_check is null`, ours); err != nil {
			return fmt.Errorf("postgres: open the ledger: %w", err)
		}
	}
	err := l.db.pool.QueryRow(ctx, `select key_check from ledger_head`).Scan(&theirs)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return errors.New("postgres: the ledger has lost its head row")
	case err != nil:
		return fmt.Errorf("postgres: open the ledger: %w", err)
	case theirs == nil: // nobody has begun it, and who only looks doesn't
	case !hmac.Equal(ours, theirs):
		return errors.New("postgres: the ledger was created with another master key (BRIDGE_MASTER_KEY): with this one, opt-outs would not be found")
	}
	return nil
}
