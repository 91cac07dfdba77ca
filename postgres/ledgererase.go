package postgres

import (
	"context"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// Erase destroys a person's data key, and with it all that is personal in what the
// ledger knows of a number: the number itself, evidence, words, notes, where the
// person lives, the reasons of decisions. What a refusal needs is kept, so that
// nobody rings again who was told to stop; the chain still verifies. Why is kept in
// clear: it must not name the person. A legal hold refuses it: *[consent.HeldError].
//
// Copies of ledger_keys elsewhere, in backups, are the operator's to let expire.
func (l *Ledger) Erase(ctx context.Context, n phone.Number, why string) (consent.Receipt, error) {
	if n.IsZero() {
		return consent.Receipt{}, errNoNumber
	}
	receipts, err := l.submit(ctx, &request{number: n, erase: &consent.Fact{Type: consent.Erased, OccurredAt: l.cfg.Now(), Source: "erasure", Actor: "ledger", Why: why}})
	if err != nil {
		return consent.Receipt{}, err
	}
	return receipts[0], nil
}

// erase takes a person's key away and says so, in a row that has nothing personal.
func (st *batch) erase(a *request) ([]consent.Receipt, error) {
	if held := consent.Holds(st.facts[a.token]); len(held) > 0 {
		return nil, &consent.HeldError{Holds: about(a.number, held)}
	}
	if err := st.add(a.token, nil, *a.erase); err != nil {
		return nil, err
	}
	st.erased = append(st.erased, a.token[:])
	delete(st.keys, a.token)
	delete(st.fresh, a.token)
	st.l.box.kept.drop(a.token)
	for i, f := range st.facts[a.token] {
		st.facts[a.token][i] = proof.Impersonal(f)
	}
	r := consent.Receipt{Seq: st.at, Hash: st.head.String()}
	st.remember(a.token, *a.erase, r)
	return []consent.Receipt{r}, nil
}
