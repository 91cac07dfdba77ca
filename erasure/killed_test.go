package erasure_test

import (
	"context"
	"errors"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
)

var errKilled = errors.New("killed")

// life is that of an instance, which is killed at one of its steps: before it, or when it was
// done and nobody knows of it yet.
type life struct {
	left  int // steps; it lives on if it is negative
	after bool
}

// step does one unless the instance is dead, or dies of it.
func step[T any](l *life, f func() (T, error)) (v T, err error) {
	if l.left == 0 {
		return v, errKilled
	}
	if l.left--; l.left != 0 {
		return f()
	}
	if l.after {
		_, _ = f() // whoever did it is gone
	}
	return v, errKilled
}

func doing(l *life, f func() error) error {
	_, err := step(l, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// mortal is a store, a ledger and a disk as an instance has them that may be killed.
type mortal struct {
	erasure.Store
	*life
}

func (m mortal) Order(ctx context.Context, r erasure.Record, instance string) (erasure.Record, error) {
	return step(m.life, func() (erasure.Record, error) { return m.Store.Order(ctx, r, instance) })
}

func (m mortal) EraseRows(ctx context.Context, id, instance string, t erasure.Target) ([]string, error) {
	return step(m.life, func() ([]string, error) { return m.Store.EraseRows(ctx, id, instance, t) })
}

func (m mortal) CallsOf(ctx context.Context, id string) ([]string, error) {
	return step(m.life, func() ([]string, error) { return m.Store.CallsOf(ctx, id) })
}

func (m mortal) Progress(ctx context.Context, id, instance string, more erasure.Counts, done bool) error {
	return doing(m.life, func() error { return m.Store.Progress(ctx, id, instance, more, done) })
}

func (m mortal) KeyDestroyed(ctx context.Context, id string, r consent.Receipt) error {
	return doing(m.life, func() error { return m.Store.KeyDestroyed(ctx, id, r) })
}

func (m mortal) Finish(ctx context.Context, id string) error {
	return doing(m.life, func() error { return m.Store.Finish(ctx, id) })
}

type mortalLedger struct {
	erasure.Ledger
	*life
}

func (m mortalLedger) Erase(ctx context.Context, n phone.Number, why string) (consent.Receipt, error) {
	return step(m.life, func() (consent.Receipt, error) { return m.Ledger.Erase(ctx, n, why) })
}

type mortalDisk struct {
	erasure.Local
	*life
}

func (m mortalDisk) Flush(ctx context.Context) error {
	return doing(m.life, func() error { return m.Local.Flush(ctx) })
}

func (m mortalDisk) Erase(n phone.Number, calls []string) (erasure.Counts, error) {
	return step(m.life, func() (erasure.Counts, error) { return m.Local.Erase(n, calls) })
}
