package postgres

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// holdsAtOnce is how many rows one page of legal holds looks at, released ones among them.
const holdsAtOnce = 200

// HoldsOn is the legal holds that keep a number's data from being erased, the oldest first.
func (l *Ledger) HoldsOn(ctx context.Context, n phone.Number) ([]consent.Fact, error) {
	if n.IsZero() {
		return nil, errNoNumber
	}
	token := l.token(n)
	facts, err := l.read(ctx, `
		select `+rowColumns+` from consent_ledger
		where token = $1 and type in ('legal_hold', 'legal_hold_released') order by seq`, token[:])
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: legal holds: %w", err)
	}
	return about(n, consent.Holds(facts)), nil
}

// Holds is a page of the legal holds of all numbers that nobody has released, behind row
// after. Next is where the page behind it begins; 0 if there is none.
func (l *Ledger) Holds(ctx context.Context, after int64) (held []consent.Fact, next int64, err error) {
	rows, err := l.read(ctx, `
		select `+rowColumns+` from consent_ledger
		where type = 'legal_hold' and seq > $1 order by seq limit $2`, after, holdsAtOnce)
	if err != nil {
		return nil, 0, fmt.Errorf("postgres: the ledger: legal holds: %w", err)
	}
	err = l.eachWithFacts(ctx, rows, func(f consent.Fact, facts []consent.Fact) {
		for _, h := range consent.Holds(facts) {
			if h.Seq == f.Seq {
				held = append(held, f)
			}
		}
	})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == holdsAtOnce {
		next = rows[len(rows)-1].Seq
	}
	return held, next, nil
}

// eachWithFacts takes each row with all facts of its person. It leaves out rows of those who were
// erased: nobody can decide about them.
func (l *Ledger) eachWithFacts(ctx context.Context, rows []consent.Fact, take func(consent.Fact, []consent.Fact)) error {
	var known []consent.Fact
	var numbers []phone.Number
	for _, f := range rows {
		if !f.Number.IsZero() {
			known, numbers = append(known, f), append(numbers, f.Number)
		}
	}
	snapshots, err := l.Snapshot(ctx, numbers...)
	if err != nil {
		return err
	}
	for i, f := range known {
		take(f, snapshots[i].Facts)
	}
	return nil
}
