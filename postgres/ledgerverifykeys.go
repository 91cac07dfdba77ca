package postgres

import (
	"bytes"
	"context"
	"encoding/hex"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// sealedRows is which data key what is sealed of each person needs, by the first half
// of the person's token. A row that says that a person was erased excuses those before it.
type sealedRows map[[16]byte]sealedRow

// sealedRow is a person's newest sealed row.
type sealedRow struct {
	key [8]byte
	seq int64
	bad int64 // the newest row that needs another key than the newest does; 0 for none
}

func (s *sealedRows) add(r *proof.Row) {
	if *s == nil {
		*s = sealedRows{}
	}
	person := [16]byte(r.Token[:])
	if r.Type == consent.Erased {
		delete(*s, person)
		return
	}
	_, rest, _ := bytes.Cut(r.Body, []byte(`,"key":"`)) // a quote in a text is escaped
	now := sealedRow{seq: r.Seq}
	if len(rest) < 2*len(now.key) {
		return // nothing of it is sealed
	}
	if n, err := hex.Decode(now.key[:], rest[:2*len(now.key)]); err != nil || n != len(now.key) {
		return
	}
	if before, known := (*s)[person]; known {
		if now.bad = before.bad; before.key != now.key {
			now.bad = before.seq
		}
	}
	(*s)[person] = now
}

// keys holds every data key to its wrapping, and every sealed row to its key: to delete
// one without a row that says so is to take evidence away.
func (v *verification) keys(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `select token, id, wrapped from ledger_keys`)
	var token sum
	var id, wrapped []byte
	_, err := pgx.ForEachRow(rows, []any{&token, &id, &wrapped}, func() error {
		if _, err := v.l.box.unwrap(proof.Sum(token), hex.EncodeToString(id), wrapped); err != nil {
			return &badRow{0, "a person's data key was changed: their data can't be decrypted"}
		}
		if need, ok := v.sealed[[16]byte(token[:])]; ok && need.bad == 0 && bytes.Equal(need.key[:], id) {
			delete(v.sealed, [16]byte(token[:]))
		}
		return nil
	})
	var worst *badRow // the earliest, for whoever looks for it
	for _, need := range v.sealed {
		at := need.seq
		if need.bad > 0 {
			at = need.bad
		}
		if worst == nil || at < worst.seq {
			worst = &badRow{at, keyGone}
		}
	}
	if err == nil && worst != nil {
		return worst
	}
	return err
}
