package chaos

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// command is an order of one instance to whichever has a call.
type command struct{ callID, verb, text string }

func (s session) RedeemToken(ctx context.Context, hash [32]byte, _ time.Time) (bool, error) {
	if err := s.enter(ctx); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.redeemed[hash]
	s.redeemed[hash] = true
	return !again, nil
}

func (s session) SetNext(ctx context.Context, id carrier.CallID, step carrier.Step) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[id] = step
	return nil
}

func (s session) TakeNext(ctx context.Context, id carrier.CallID) (carrier.Step, bool, error) {
	if err := s.enter(ctx); err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	step, ok := s.next[id]
	delete(s.next, id)
	return step, ok, nil
}

// SendCommand tells every instance, as a notification of Postgres does.
func (s session) SendCommand(ctx context.Context, callID, verb, text string) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	for _, i := range s.of.w.alive() {
		select {
		case i.commands <- command{callID, verb, text}:
		case <-i.dead:
		}
	}
	return nil
}

// ledger is an instance's way to the consent ledger.
type ledger struct {
	s session
	consent.Ledger
}

func (l ledger) Record(ctx context.Context, facts ...consent.Fact) ([]consent.Receipt, error) {
	if err := l.s.enter(ctx); err != nil {
		return nil, err
	}
	return l.Ledger.Record(ctx, facts...)
}

func (l ledger) Transact(ctx context.Context, n phone.Number, decide func(consent.Snapshot) []consent.Fact) ([]consent.Receipt, error) {
	if err := l.s.enter(ctx); err != nil {
		return nil, err
	}
	return l.Ledger.Transact(ctx, n, decide)
}

func (l ledger) Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	if err := l.s.enter(ctx); err != nil {
		return nil, err
	}
	return l.Ledger.Snapshot(ctx, numbers...)
}
