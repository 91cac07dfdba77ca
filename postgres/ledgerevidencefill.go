package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errEvidenceUnread is that nobody can tell yet whether an evidence is new.
var errEvidenceUnread = errors.New("postgres: the evidence of earlier rows is still being read: try again in a minute")

const fillAtOnce = 2000 // rows of one reading

// beginEvidence finds out whether the table of evidence has that of all rows, as it has
// from the start where there are none, and otherwise begins to read them.
func (l *Ledger) beginEvidence(ctx context.Context) error {
	fill, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if l.giveUp = cancel; l.cfg.ReadOnly {
		return nil
	}
	done := l.evidenceDone()
	var filled bool
	err := l.db.pool.QueryRow(ctx, `
		with begun as (insert into ledger_evidence (digest, token) select $1, $1 from ledger_head where at = 0 on conflict do nothing returning 1)
		select exists (select from begun) or exists (select from ledger_evidence where digest = $1)`, done).Scan(&filled)
	if err != nil {
		cancel()
		return fmt.Errorf("postgres: the ledger: evidence: %w", err)
	}
	if l.evidenceRead.Store(filled); !filled {
		l.filling.Go(func() { l.fillEvidence(fill) })
	}
	return nil
}

// evidenceDone is the row of the table that says that it has the evidence of all rows.
func (l *Ledger) evidenceDone() []byte { return mac(l.cfg.TokenKey, "evidence of all rows read") }

// fillEvidence brings the evidence of rows from before there was a table of it into
// that table, once for each ledger. Until then no operator lifts a refusal here.
func (l *Ledger) fillEvidence(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := l.readEvidence(ctx)
		if err == nil {
			l.evidenceRead.Store(true)
			return
		}
		if ctx.Err() != nil {
			return
		}
		l.cfg.Log.Warn().Err(err).Msg("evidence of earlier rows not read; retrying")
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (l *Ledger) readEvidence(ctx context.Context) error {
	done := l.evidenceDone()
	for last := int64(0); ; {
		facts, err := l.read(ctx, `select `+rowColumns+` from consent_ledger where seq > $1 and type = any('{grant,revoke,dnc_add,dnc_remove}') order by seq limit $2`, last, fillAtOnce)
		if err != nil {
			return fmt.Errorf("postgres: the ledger: evidence: %w", err)
		}
		var digests, tokens [][]byte
		for i := range facts {
			last = facts[i].Seq
			if key, ok := l.evidenceKey(&facts[i]); ok {
				token := l.token(facts[i].Number)
				digests, tokens = append(digests, key[:]), append(tokens, token[:])
			}
		}
		if len(facts) < fillAtOnce {
			digests, tokens = append(digests, done), append(tokens, done)
		}
		if _, err := l.db.pool.Exec(ctx, addEvidence, digests, tokens); err != nil {
			return fmt.Errorf("postgres: the ledger: evidence: %w", err)
		}
		if len(facts) < fillAtOnce {
			return nil
		}
	}
}
