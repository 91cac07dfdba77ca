package permits

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Config is what a service needs.
type Config struct {
	Gate    *consent.Gate
	Store   Store
	Sellers map[string]consent.Seller
	Key     []byte       // hides what is personal from the store; 32 bytes, the same on every instance
	Secrets [][]byte     // sign callbacks beside the permit's own secret, for dialers that have one for all. Optional
	Client  *http.Client // posts callbacks. Defaults to one with a time limit that follows no redirect
	Log     zerolog.Logger

	Now func() time.Time // Defaults to time.Now
}

// Service issues permits and takes what is reported of them. Its methods are safe for
// use by several goroutines. Run does what is due beside them.
type Service struct {
	cfg     Config
	vault   *vault
	revoked chan *consent.Fact
	stopped chan struct{} // closed when Run returns
	stop    func()        // closes it, once
	reports chan struct{} // that are being taken
	recent  recent
}

const (
	revocations = 1024 // facts that wait to be looked at; see [Service.Revoked]
	maxReports  = 4    // taken at once; others wait their turn
)

// New makes a service.
func New(c Config) (*Service, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Client == nil {
		c.Client = newClient()
	}
	v, err := newVault(c.Key)
	if err != nil {
		return nil, err
	}
	stopped := make(chan struct{})
	return &Service{cfg: c, vault: v, revoked: make(chan *consent.Fact, revocations),
		stopped: stopped, stop: sync.OnceFunc(func() { close(stopped) }), reports: make(chan struct{}, maxReports)}, nil
}

// Issued is a permit as its dialer sees it. The secret is never given again.
type Issued struct {
	ID        string
	ExpiresAt time.Time
	Secret    string // whsec_…, signs callbacks; empty without a callback address
}

// Issue asks the gate for a call that somebody else places. Errors are those of
// [consent.Gate.Clear], with its decision, or one of the store: then the permit is
// released again. Callback is where a later refusal is posted; empty for nowhere.
func (s *Service) Issue(ctx context.Context, req consent.Request, callback string) (Issued, consent.Decision, error) {
	req.CallID = "ext_" + strings.ToLower(rand.Text())
	permit, decision, err := s.cfg.Gate.Clear(ctx, req)
	if err != nil {
		return Issued{}, decision, err
	}
	r := Record{ID: permit.ID(), ExpiresAt: permit.Expires().UTC().Truncate(time.Microsecond),
		request: req, callback: callback}
	if callback != "" {
		r.secret = newSecret()
	}
	if err = s.vault.seal(&r); err == nil {
		err = s.cfg.Store.AddPermit(ctx, r)
	}
	if err != nil { // nobody holds it: it does not count
		s.keep(ctx, consent.Ended(req, r.ID, consent.PermitReleased, "", s.cfg.Now()))
		return Issued{}, decision, fmt.Errorf("permits: issue: %w", err)
	}
	s.recent.put(r.ID, req)
	if callback != "" {
		s.overtaken(ctx, &r)
	}
	return Issued{r.ID, r.ExpiresAt, r.secret}, decision, nil
}

// overtaken has a dialer told of a refusal that came after its permit was decided on, and
// before the store could find the permit.
func (s *Service) overtaken(ctx context.Context, r *Record) {
	known, err := s.cfg.Gate.Ledger.Snapshot(ctx, r.request.To)
	if err != nil {
		s.cfg.Log.Error().Err(err).Str("permit", r.ID).Msg("opt-out lookup for a permit failed")
		return
	}
	minted := false
	for _, f := range known[0].Facts {
		switch {
		case f.PermitID == r.ID:
			minted = true
		case minted && consent.Stops(f, r.request):
			s.Revoked(f)
			return
		}
	}
}

// keepWait bounds writing facts down that must not be lost.
const keepWait = 5 * time.Second

// keep writes facts into the ledger, or the spool.
func (s *Service) keep(ctx context.Context, facts ...consent.Fact) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWait)
	defer cancel()
	if spooled, err := s.cfg.Gate.RecordDurably(ctx, facts...); err != nil {
		s.cfg.Log.Error().Err(err).Bool("in_memory", spooled).Msg("report of an external dialer not recorded")
	}
}

// newSecret is 32 random bytes in the form of Standard Webhooks.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

// Person stands for a number in the rows of the store.
func (s *Service) Person(n phone.Number) [32]byte { return s.vault.person(n) }
