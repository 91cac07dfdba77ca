package postgres

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/consent"
)

// unclearAtOnce is how many rows one page looks at, whether they still await somebody or
// not: what is returned may be fewer, with more to come.
const unclearAtOnce = 200

// Unclear is a page of the rows for which somebody has to decide, of one kind, behind
// row after; see [consent.Awaits]. Next is where the page behind it begins; 0 if there
// is none. Both read an index, however many rows there are.
func (l *Ledger) Unclear(ctx context.Context, kind consent.HeldFor, after int64) (facts []consent.Fact, next int64, err error) {
	before := l.before.Load()
	query, args := `type = 'optout_unclear' and seq > $1`, []any{after, unclearAtOnce}
	restored := int64(0)
	if kind == consent.HeldRestored {
		own, err := l.Own(ctx, consent.Restored)
		if err != nil || len(own) == 0 {
			return nil, 0, err
		}
		restored = own[len(own)-1].Seq
		query, args = `type = 'grant' and seq > $1 and seq < $3`, append(args, restored)
	}
	if kind == consent.HeldRenewal {
		query, args = `mark = 'stop' and seq > $1 and seq <= $3`, append(args, before)
	}
	rows, err := l.read(ctx, `select `+rowColumns+` from consent_ledger where `+query+` order by seq limit $2`, args...)
	if err != nil {
		return nil, 0, fmt.Errorf("postgres: the ledger: unclear: %w", err)
	}
	err = l.eachWithFacts(ctx, rows, func(f consent.Fact, all []consent.Fact) {
		why, ok := consent.Awaits(f, all, before)
		if ok && why == kind || kind == consent.HeldRestored && consent.Uncertain(f, all, restored) {
			facts = append(facts, f)
		}
	})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == unclearAtOnce {
		next = rows[len(rows)-1].Seq
	}
	return facts, next, nil
}
