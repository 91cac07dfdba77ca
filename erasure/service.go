package erasure

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Every is how often an instance looks for orders.
const Every = 5 * time.Second

// Config is what a service needs. All fields are required.
type Config struct {
	Store    Store
	Ledger   Ledger
	Local    Local
	Permits  func(phone.Number) [32]byte // stands for a number in the rows of permits
	Key      []byte                      // hides numbers; 32 bytes, the same on every instance
	Instance string
	Log      zerolog.Logger
}

// Service carries out erasures on one instance, together with the services of the others. It
// is safe for use by several goroutines. Make it with New; it needs no closing.
type Service struct {
	cfg   Config
	vault *vault
	one   sync.Mutex // held while an order is worked on
}

// New makes a service.
func New(c Config) (*Service, error) {
	v, err := newVault(c.Key)
	if err != nil {
		return nil, err
	}
	return &Service{cfg: c, vault: v}, nil
}

// Run works on all orders, every few seconds, until ctx ends. At first it deletes recordings of
// calls that were erased while this instance was away.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	swept := false
	for {
		if !swept {
			swept = s.report(ctx, s.Sweep(ctx))
		}
		s.report(ctx, s.workAll(ctx))
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// report logs an error and tells whether there was none.
func (s *Service) report(ctx context.Context, err error) bool {
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Warn().Err(err).Msg("erasure interrupted; retrying")
	}
	return err == nil
}

// workAll works on every order that is not finished.
func (s *Service) workAll(ctx context.Context) error {
	list, err := s.cfg.Store.Unfinished(ctx)
	problems := []error{err}
	for _, r := range list {
		_, err := s.work(ctx, r)
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// Erase orders that a number's data be deleted, or goes on with the order that there is, and
// works on it. Why is kept in clear: it must not name the person. What it returns may still be
// running: the services of all instances go on with it. The error may be a *consent.HeldError,
// and nothing was ordered then.
func (s *Service) Erase(ctx context.Context, n phone.Number, why string) (Erasure, error) {
	held, err := s.cfg.Ledger.HoldsOn(ctx, n)
	if err != nil {
		return Erasure{}, err
	}
	if len(held) > 0 {
		return Erasure{}, &consent.HeldError{Holds: held}
	}
	id := "erasure_" + strings.ToLower(rand.Text())
	r, err := s.cfg.Store.Order(ctx, Record{ID: id, Person: s.Person(n), Sealed: s.vault.seal(id, n), Why: why}, s.cfg.Instance)
	if err != nil {
		return Erasure{}, err
	}
	return s.work(ctx, r)
}

// Get is how far an erasure is, without working on it.
func (s *Service) Get(ctx context.Context, id string) (Erasure, error) {
	r, err := s.cfg.Store.Get(ctx, id)
	return r.view(false, nil), err
}

// Without goes on with the order for a number without an instance, whose disk is gone.
func (s *Service) Without(ctx context.Context, n phone.Number, instance string) error {
	list, err := s.cfg.Store.Unfinished(ctx)
	person := s.Person(n)
	for _, r := range list {
		if r.Person == person {
			err = s.cfg.Store.Without(ctx, r.ID, instance)
		}
	}
	return err
}
