package postgres_test

import (
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// BenchmarkTakeOver takes over a ledger of the version before, of a million rows.
func BenchmarkTakeOver(b *testing.B) {
	const rows = 1_000_000
	server, err := pgserver.StartPrivate(b.Context(), pgserver.PrivateConfig{Dir: b.TempDir(), Sync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	postgrestest.Migrate(b, server.URLs.Owner)
	conn, err := pgx.Connect(b.Context(), server.URLs.Superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	if _, err := conn.Exec(b.Context(), `alter table consent_ledger drop constraint consent_ledger_mac`); err != nil {
		b.Fatal(err)
	}
	var last proof.Row
	at := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	columns := []string{"seq", "prev", "hash", "recorded_at", "token", "type", "seller", "mark", "body"}
	_, err = conn.CopyFrom(b.Context(), pgx.Identifier{"consent_ledger"}, columns, pgx.CopyFromSlice(rows, func(i int) ([]any, error) {
		f := past(i)
		id := make([]byte, 16)
		rand.Read(id)
		r := proof.Row{Seq: last.Seq + 1, Prev: last.Hash, RecordedAt: at.Add(time.Duration(i) * time.Millisecond), Token: proof.Leaf([]byte(f.Number.E164())), Type: f.Type, Seller: f.Seller, Mark: proof.MarkOf(f)}
		if err := r.Compose(f, proof.Sealed{ID: hex.EncodeToString(id), Key: "00", Sealed: make([]byte, 200), Sum: hex.EncodeToString(id)}, ""); err != nil {
			return nil, err
		}
		r.Body[len(`{"v":`)] = '1'
		r.Hash = proof.Link(r.Prev, proof.Leaf(r.Body))
		last = r
		return []any{r.Seq, r.Prev[:], r.Hash[:], r.RecordedAt, r.Token[:], string(r.Type), r.Seller, string(r.Mark), r.Body}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.Exec(b.Context(), `update ledger_head set at = $1, head = $2`, last.Seq, last.Hash[:]); err != nil {
		b.Fatal(err)
	}
	for _, s := range []string{`vacuum analyze consent_ledger`, `checkpoint`} {
		if _, err := conn.Exec(b.Context(), s); err != nil {
			b.Fatal(err)
		}
	}
	db := postgrestest.Open(b, server.URLs.App)
	var l *postgres.Ledger
	for b.Loop() { // once: it is taken over then
		if l == nil {
			l = openLedger(b, db)
		}
	}
	b.ReportMetric(rows/b.Elapsed().Seconds(), "rows/s")
	if r := verify(b, l); !r.OK || r.Rows != rows+1 {
		b.Errorf("it verifies as %+v", r)
	}
}
