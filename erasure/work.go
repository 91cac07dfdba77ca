package erasure

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// work does this instance's part of an order, and what is left of the common one.
func (s *Service) work(ctx context.Context, r Record) (Erasure, error) {
	s.one.Lock()
	defer s.one.Unlock()
	r, err := s.cfg.Store.Get(ctx, r.ID)
	if err != nil || r.FinishedAt != nil { // by another instance
		return r.view(false, nil), err
	}
	n, err := s.vault.open(r)
	if err != nil {
		return Erasure{}, err
	}
	if held, err := s.cfg.Ledger.HoldsOn(ctx, n); err != nil || len(held) > 0 {
		return r.view(true, nil), err
	}
	live, err := s.clear(ctx, r.ID, n)
	if err != nil {
		return Erasure{}, fmt.Errorf("erasure: %w", err)
	}
	if r, err = s.cfg.Store.Get(ctx, r.ID); err != nil {
		return Erasure{}, err
	}
	if len(live) > 0 {
		return r.view(false, live), nil
	}
	destroyed, err := s.destroy(ctx, r, n)
	var held *consent.HeldError
	if errors.As(err, &held) {
		return r.view(true, nil), nil
	}
	if err == nil && destroyed && r.done() { // done before it was looked for late facts: there are none
		err = s.cfg.Store.Finish(ctx, r.ID)
	}
	if err != nil {
		return Erasure{}, fmt.Errorf("erasure: %w", err)
	}
	r, err = s.cfg.Store.Get(ctx, r.ID)
	return r.view(false, nil), err
}

// clear deletes rows and this instance's files; live is what has to end first.
func (s *Service) clear(ctx context.Context, id string, n phone.Number) (live []string, err error) {
	if err := s.cfg.Local.Flush(ctx); err != nil {
		return nil, err
	}
	t := Target{Number: n, Person: s.Person(n), Permits: s.cfg.Permits(n)}
	if t.Calls, err = s.cfg.Local.CallsWith(n); err != nil {
		return nil, err
	}
	if live, err = s.cfg.Store.EraseRows(ctx, id, s.cfg.Instance, t); err != nil {
		return nil, err
	}
	calls, err := s.cfg.Store.CallsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	counts, err := s.cfg.Local.Erase(n, calls)
	if err != nil {
		return nil, err
	}
	return live, s.cfg.Store.Progress(ctx, id, s.cfg.Instance, counts, len(live) == 0)
}

// destroy has the ledger destroy the person's key; once more when all instances are done and
// one of them has brought facts from before the order. It is false if another instance is at it.
func (s *Service) destroy(ctx context.Context, r Record, n phone.Number) (bool, error) {
	return s.cfg.Store.Alone(ctx, r.ID, func(ctx context.Context) error {
		r, err := s.cfg.Store.Get(ctx, r.ID)
		if err != nil {
			return err
		}
		if r.Seq > 0 {
			late, err := s.late(ctx, r, n)
			if err != nil || !late {
				return err
			}
		}
		receipt, err := s.cfg.Ledger.Erase(ctx, n, r.Why)
		if err != nil {
			return err
		}
		return s.cfg.Store.KeyDestroyed(ctx, r.ID, receipt)
	})
}

// late tells whether the ledger has facts from before the order that were recorded after the
// person's key was destroyed: they waited on a disk.
func (s *Service) late(ctx context.Context, r Record, n phone.Number) (bool, error) {
	facts, err := s.cfg.Ledger.History(ctx, n)
	return slices.ContainsFunc(facts, func(f consent.Fact) bool {
		return f.Seq > r.Seq && f.Type != consent.Erased && f.OccurredAt.Before(r.OrderedAt)
	}), err
}

// sweepAtOnce is how many calls are asked about at once.
const sweepAtOnce = 1000

// Sweep deletes recordings and messages of calls that were erased while this instance was away.
func (s *Service) Sweep(ctx context.Context) error {
	ids, err := s.cfg.Local.Recorded()
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, sweepAtOnce) {
		gone, err := s.cfg.Store.ErasedAmong(ctx, some)
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			continue
		}
		if _, err := s.cfg.Local.Erase(phone.Number{}, gone); err != nil {
			return err
		}
	}
	return nil
}
