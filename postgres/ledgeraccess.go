package postgres

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// accessRows is how many rows one page of accesses looks through at most.
const accessRows = 20_000

// tokenOf is the token of a fact's row. Accesses have one of their own, so that they
// don't count among the ledger's own rows, which every decision reads.
func (l *Ledger) tokenOf(f consent.Fact) proof.Sum {
	if f.Type == consent.Accessed {
		return proof.Sum(mac(l.cfg.TokenKey, "access"))
	}
	return l.token(f.Number)
}

// personOf stands for a number in an access; it is empty for no number.
func (l *Ledger) personOf(n phone.Number) string {
	if n.IsZero() {
		return ""
	}
	token := l.token(n)
	return hex.EncodeToString(token[:])
}

// RecordAccess writes down that somebody used a right. Nothing of the person is in the
// row but the token of their number.
func (l *Ledger) RecordAccess(ctx context.Context, a consent.Access) error {
	_, err := l.Record(ctx, a.Fact(l.personOf(a.Number), l.cfg.Now()))
	return err
}

// Accesses is a page of accesses, the newest first. Next is what Before has to be for the
// next page, which may be empty; 0 if there is none.
func (l *Ledger) Accesses(ctx context.Context, f consent.AccessFilter) (list []consent.Fact, next int64, err error) {
	if f.Limit == 0 {
		f.Limit = consent.DefaultAccesses
	}
	if f.Limit < 1 || f.Limit > consent.MaxAccesses {
		return nil, 0, fmt.Errorf("postgres: %d accesses: want 1 to %d", f.Limit, consent.MaxAccesses)
	}
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	person, token := l.personOf(f.Number), l.tokenOf(consent.Fact{Type: consent.Accessed})
	for range accessRows / consent.MaxAccesses {
		page, err := l.read(ctx, `
			select `+rowColumns+` from consent_ledger
			where token = $1 and type <> 'decision' and seq < $2 order by seq desc limit $3`, token[:], before, consent.MaxAccesses)
		if err != nil {
			return nil, 0, fmt.Errorf("postgres: the ledger: accesses: %w", err)
		}
		for i := len(page) - 1; i >= 0; i-- { // they come oldest first
			a := page[i]
			if before = a.Seq; a.RecordedAt.Before(f.Since) {
				return list, 0, nil
			}
			if !f.Matches(a, person) {
				continue
			}
			if list = append(list, a); len(list) == f.Limit {
				return list, before, nil
			}
		}
		if len(page) < consent.MaxAccesses {
			return list, 0, nil
		}
	}
	return list, before, nil
}
