package postgres

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent/proof"
)

// exportRows is how many rows an export reads at once. A reader has a minute for
// them; then the server ends the transaction.
const exportRows = 200

// Export writes rows as NDJSON, in their order, as of one instant: each as it was
// hashed, with its personal part where that was not erased. See
// [proof.VerifyExport]. A row that does not hold is written as it is: an export
// shows what there is. After an error the output is not whole.
func (l *Ledger) Export(ctx context.Context, w io.Writer, filter proof.ExportFilter) error {
	out := bufio.NewWriterSize(w, 64<<10)
	err := l.view(ctx, func(tx pgx.Tx) error {
		e := export{l: l, tx: tx, filter: filter}
		if !filter.Number.IsZero() {
			e.token = l.token(filter.Number)
		}
		return e.run(ctx, out)
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("postgres: export the ledger: %w", err)
	}
	return nil
}

type export struct {
	l      *Ledger
	tx     pgx.Tx
	filter proof.ExportFilter
	token  proof.Sum
	line   []byte
}

func (e *export) run(ctx context.Context, w io.Writer) error {
	last := max(0, e.filter.From-1)
	for {
		list, err := e.page(ctx, last)
		if err != nil || len(list) == 0 {
			return err
		}
		k := &known{l: e.l}
		if !e.filter.Sealed {
			if k, err = e.l.keysOf(ctx, e.tx, list); err != nil {
				return err
			}
		}
		for i := range list {
			if err := e.write(w, &list[i], k); err != nil {
				return err
			}
		}
		last = list[len(list)-1].Seq
	}
}

// page reads the rows behind the last one that was written.
func (e *export) page(ctx context.Context, last int64) ([]proof.Row, error) {
	to := e.filter.To
	if to == 0 {
		to = math.MaxInt64
	}
	const columns = `select ` + rowColumns + ` from consent_ledger where seq > $1 and seq <= $2`
	query, args := columns+` order by seq limit $3`, []any{last, to, exportRows}
	switch f := e.filter; {
	case f.Linked:
	case !f.Number.IsZero(): // each half has an index of its own
		query = `select * from ((` + columns + ` and token = $4 and type <> 'decision' order by seq limit $3) union all
			(` + columns + ` and token = $4 and type = 'decision' order by seq limit $3)) both_halves order by seq limit $3`
		args = append(args, e.token[:])
	case f.Seller != "":
		query = columns + ` and seller = $4 order by seq limit $3`
		args = append(args, f.Seller)
	case f.Sellers != nil:
		query = columns + ` and seller = any($4) order by seq limit $3`
		args = append(args, f.Sellers)
	}
	rows, _ := e.tx.Query(ctx, query, args...)
	return pgx.CollectRows(rows, collectRow)
}

func (e *export) write(w io.Writer, r *proof.Row, k *known) (err error) {
	e.line = e.line[:0]
	switch {
	case e.filter.Matches(r, e.token):
		s, private, bad := k.open(r)
		e.line, err = proof.AppendExported(e.line, r, &s, private, bad == nil)
	case e.filter.Linked:
		e.line, err = proof.AppendLink(e.line, r)
	default: // of one number and another seller
		return nil
	}
	if err == nil {
		_, err = w.Write(e.line)
	}
	return err
}
