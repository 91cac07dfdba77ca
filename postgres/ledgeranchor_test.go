package postgres_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// keepAnchored anchors beside the test, until it ends.
func keepAnchored(t *testing.T, l *postgres.Ledger, every time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, dir := make(chan struct{}), t.TempDir()
	go func() { defer close(done); l.KeepAnchoredEvery(ctx, dir, every) }()
	t.Cleanup(func() { cancel(); <-done })
}

// anchorsOf counts the database's anchors of a row, once there are any.
func anchorsOf(t *testing.T, url string, seq int64) (n int) {
	t.Helper()
	conn := sqlConn(t, url)
	for deadline := time.Now().Add(10 * time.Second); n == 0; time.Sleep(time.Millisecond) {
		if err := conn.QueryRow(t.Context(), `select count(*) from ledger_anchors where at = $1`, seq).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatalf("row %d was not anchored", seq)
		}
	}
	return n
}

// While there are new rows, of whatever kind, no anchor is older than a minute; without
// any, none is added.
func TestNewRowsAreAnchoredWithinAMinute(t *testing.T) {
	t.Parallel()
	if postgres.AnchorEvery > 50*time.Second {
		t.Errorf("every %v: with the writing that may be more than a minute", postgres.AnchorEvery)
	}
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	keepAnchored(t, l, time.Millisecond)
	for i := range 3 { // no refusals, which are anchored at once
		seq := record(t, l, grant(person(i)), decision(person(i), 10))[1].Seq
		anchorsOf(t, url, seq)
		if n := anchorsOf(t, url, max(seq-2, 2)); n != 1 {
			t.Errorf("row %d was anchored %d times", seq-2, n)
		}
	}
}

// stuck is a store elsewhere that never answers.
type stuck struct{ copies }

func (*stuck) Put(ctx context.Context, _ consent.Anchor) error { <-ctx.Done(); return ctx.Err() }

// A store of copies that hangs delays neither the first anchor, which a start waits for,
// nor that of a refusal.
func TestAStoreThatHangsDelaysNoAnchor(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	cfg := ledgerConfig()
	cfg.Copies, cfg.HighFile = &stuck{}, filepath.Join(t.TempDir(), "high")
	l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	begun := time.Now()
	if err := l.Anchor(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	keepAnchored(t, l, postgres.AnchorEvery)
	for i := range 3 {
		anchorsOf(t, url, record(t, l, revoke(person(i)))[0].Seq)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if s := look(t, l, person(1)); !s.OutsideAt.IsZero() {
		t.Error("a copy that was not kept is claimed")
	}
}
