// Package erasuretest is for tests of erasures.
package erasuretest

import (
	"context"

	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
)

// Disk is that of an instance which keeps nothing on it; Waits, if it is set, brings to the
// database what waits for it.
type Disk struct{ Waits func(context.Context) error }

var _ erasure.Local = Disk{}

// Flush implements erasure.Local.
func (d Disk) Flush(ctx context.Context) error {
	if d.Waits == nil {
		return nil
	}
	return d.Waits(ctx)
}

// CallsWith implements erasure.Local.
func (Disk) CallsWith(phone.Number) ([]string, error) { return nil, nil }

// Erase implements erasure.Local.
func (Disk) Erase(phone.Number, []string) (erasure.Counts, error) { return nil, nil }

// Recorded implements erasure.Local.
func (Disk) Recorded() ([]string, error) { return nil, nil }
