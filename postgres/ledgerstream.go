package postgres

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// chunk is rows on their way from the one who reads to the one who computes.
type chunk struct {
	rows  []proof.Row
	bytes []byte // behind the rows' bodies
	err   error  // of reading, behind the rows
}

const chunkRows, chunkBytes = 512, 512 << 10

func readRows(ctx context.Context, tx pgx.Tx, full chan<- *chunk, empty <-chan *chunk) {
	rows, err := tx.Query(ctx, `select `+rowColumns+` from consent_ledger order by seq`)
	c, seen := <-empty, make(words)
	if err == nil {
		for rows.Next() {
			raw := rows.RawValues()
			if len(c.rows) == chunkRows || len(c.bytes)+len(raw[8]) > chunkBytes && len(c.rows) > 0 {
				full <- c // it has room for all
				select {
				case c = <-empty:
				case <-ctx.Done():
					rows.Close()
					return
				}
			}
			c.add(raw, seen)
		}
		rows.Close()
		err = rows.Err()
	}
	c.err = err
	full <- c
}

// microsOf2000 is the server's epoch.
var microsOf2000 = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// add takes a row as the wire's binary form has it. What should not be null and is,
// becomes something that no row can have.
func (c *chunk) add(raw [][]byte, seen words) {
	c.rows = append(c.rows, proof.Row{})
	r := &c.rows[len(c.rows)-1]
	for i, into := range []*proof.Sum{1: &r.Prev, 2: &r.Hash, 4: &r.Token, 9: &r.MAC} {
		if into != nil {
			_ = (*sum)(into).ScanBytes(raw[i]) // never fails
		}
	}
	r.Seq = int64(number(raw[0]))
	micros := int64(number(raw[3]))
	if micros > math.MaxInt64-microsOf2000 { // infinity
		micros = math.MinInt64
	}
	r.RecordedAt = time.UnixMicro(micros + microsOf2000)
	r.Type, r.Seller, r.Mark = consent.Type(seen.text(raw[5])), seen.text(raw[6]), proof.Mark(seen.text(raw[7]))
	start := len(c.bytes)
	c.bytes = append(c.bytes, raw[8]...)
	r.Body = c.bytes[start:len(c.bytes):len(c.bytes)]
}

// words keeps the types, sellers and marks that were read, which are few.
type words map[string]string

func (w words) text(b []byte) string {
	if b == nil {
		return "\x00" // no text of the server's can hold it
	}
	if word, ok := w[string(b)]; ok {
		return word
	}
	if len(w) > 10_000 {
		clear(w)
	}
	word := string(b)
	w[word] = word
	return word
}

func number(b []byte) uint64 {
	if len(b) != 8 {
		return math.MaxUint64
	}
	return binary.BigEndian.Uint64(b)
}
