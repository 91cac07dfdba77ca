package postgres

import (
	"encoding/hex"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// evidence is what a batch knows of evidence that was recorded before: by its keyed
// digest, the first number that it was recorded for.
type evidence struct {
	known map[proof.Sum]proof.Sum
	fresh []proof.Sum // of known: what the batch adds
	whole bool        // the table had the evidence of all rows when it was asked
}

const addEvidence = `insert into ledger_evidence (digest, token) select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing`

// evidenceKey is the digest of a fact's evidence as the table has it: without the key
// nobody can tell whether a text was recorded.
func (l *Ledger) evidenceKey(f *consent.Fact) (proof.Sum, bool) {
	sum, ok := f.Evidence.Digest()
	return proof.Sum(mac(l.cfg.TokenKey, "evidence "+hex.EncodeToString(sum[:]))), ok
}

// queueEvidence asks which evidence of the renewals among requests was recorded before.
func (l *Ledger) queueEvidence(b *pgx.Batch, e *evidence, requests []*request) {
	e.known, e.whole = make(map[proof.Sum]proof.Sum), l.evidenceRead.Load() // before the table is asked
	var digests [][]byte
	for _, a := range requests {
		for i := range a.facts {
			if !a.facts[i].ByOperator() {
				continue
			}
			if key, ok := l.evidenceKey(&a.facts[i]); ok {
				digests = append(digests, key[:])
			}
		}
	}
	if digests == nil {
		return
	}
	b.Queue(`select digest, token from ledger_evidence where digest = any($1)`, digests).Query(func(rows pgx.Rows) error {
		var digest, token sum
		_, err := pgx.ForEachRow(rows, []any{&digest, &token}, func() error {
			e.known[proof.Sum(digest)] = proof.Sum(token)
			return nil
		})
		return err
	})
}

// checkEvidence refuses renewals whose evidence was recorded before: for this number,
// or for any where the text does not name this one. Several rows of one request may
// rest on one act.
func (st *batch) checkEvidence(facts []consent.Fact) error {
	for i := range facts {
		f := &facts[i]
		if !f.ByOperator() {
			continue
		}
		if !st.evidence.whole {
			return errEvidenceUnread
		}
		key, ok := st.l.evidenceKey(f)
		if !ok {
			continue
		}
		if first, known := st.evidence.known[key]; known && (first == st.l.token(f.Number) || !f.Evidence.NamesNumber(f.Number)) {
			return consent.ErrEvidenceSeen
		}
	}
	return nil
}

// noteEvidence remembers the evidence of what was staged.
func (st *batch) noteEvidence(facts []consent.Fact) {
	for i := range facts {
		if facts[i].Evidence == nil {
			continue
		}
		key, ok := st.l.evidenceKey(&facts[i])
		if _, known := st.evidence.known[key]; ok && !known {
			st.evidence.known[key] = st.l.token(facts[i].Number)
			st.evidence.fresh = append(st.evidence.fresh, key)
		}
	}
}

// keepEvidence adds what the batch has seen to the table. What is there already stays.
func (st *batch) keepEvidence(b *pgx.Batch) {
	if len(st.evidence.fresh) == 0 {
		return
	}
	digests, tokens := make([][]byte, 0, len(st.evidence.fresh)), make([][]byte, 0, len(st.evidence.fresh))
	for _, key := range st.evidence.fresh {
		token := st.evidence.known[key]
		digests, tokens = append(digests, key[:]), append(tokens, token[:])
	}
	b.Queue(addEvidence, digests, tokens)
}
