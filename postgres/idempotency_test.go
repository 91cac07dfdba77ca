package postgres_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// A key is a fresh one for each name.
func keyOf(name string) (k [32]byte) {
	copy(k[:], name)
	return k
}

// Of all who ask at once, one gets the key; the others get its answer.
func TestClaimIsTakenOnce(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var mine atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			c, err := db.Claim(ctx, keyOf("key"), keyOf("body"), "call_1", time.Hour)
			if err != nil {
				t.Error(err)
			}
			if c.Mine {
				mine.Add(1)
			}
			if c.CallID != "call_1" || c.Body != keyOf("body") || c.Taken || c.Answer != nil {
				t.Errorf("got %+v", c)
			}
		})
	}
	wg.Wait()
	if mine.Load() != 1 {
		t.Fatalf("%d have it", mine.Load())
	}
	if err := db.KeepAnswer(ctx, keyOf("key"), []byte("answer"), [32]byte{}); err != nil {
		t.Fatal(err)
	}
	if c, err := db.Claim(ctx, keyOf("key"), keyOf("another"), "call_2", 0); err != nil || c.Mine || string(c.Answer) != "answer" || c.Body != keyOf("body") || c.CallID != "call_1" {
		t.Errorf("got %+v, %v", c, err)
	}
	if err := db.DropClaim(ctx, keyOf("key")); err != nil { // it is answered: nothing to drop
		t.Fatal(err)
	}
	if c, err := db.Claim(ctx, keyOf("key"), keyOf("body"), "call_2", 0); err != nil || c.Mine {
		t.Errorf("after it was dropped: %+v, %v", c, err)
	}
}

func TestClaimIsDropped(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx := context.Background()
	for n, id := range []string{"call_1", "call_2"} {
		c, err := db.Claim(ctx, keyOf("key"), keyOf("body"), id, time.Hour)
		if err != nil || !c.Mine || c.Taken || c.CallID != id {
			t.Fatalf("claim %d: %+v, %v", n, c, err)
		}
		if err := db.DropClaim(ctx, keyOf("key")); err != nil {
			t.Fatal(err)
		}
	}
}

// A claim that nobody came to an end with is taken over, once, with its call.
func TestClaimIsTakenOver(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx := context.Background()
	if _, err := db.Claim(ctx, keyOf("key"), keyOf("body"), "call_1", time.Hour); err != nil {
		t.Fatal(err)
	}
	age(t, db, "2 minutes")
	if c, err := db.Claim(ctx, keyOf("key"), keyOf("another"), "call_2", time.Minute); err != nil || c.Mine {
		t.Errorf("by another request: %+v, %v", c, err)
	}
	for n, want := range []bool{true, false} {
		c, err := db.Claim(ctx, keyOf("key"), keyOf("body"), "call_2", time.Minute)
		if err != nil || c.Mine != want || c.Taken != want || c.CallID != "call_1" {
			t.Errorf("claim %d: %+v, %v", n, c, err)
		}
	}
}

// A key is free again after a day, and its row is gone with the next claim.
func TestClaimsAreForgotten(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx := context.Background()
	for _, name := range []string{"one", "two"} {
		if _, err := db.Claim(ctx, keyOf(name), keyOf("body"), "call_1", time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := db.KeepAnswer(ctx, keyOf(name), []byte("answer"), [32]byte{}); err != nil {
			t.Fatal(err)
		}
	}
	age(t, db, "23 hours")
	if c, err := db.Claim(ctx, keyOf("one"), keyOf("body"), "call_2", time.Minute); err != nil || string(c.Answer) != "answer" {
		t.Errorf("after 23 hours: %+v, %v", c, err)
	}
	age(t, db, "26 hours")
	if c, err := db.Claim(ctx, keyOf("one"), keyOf("another"), "call_2", time.Minute); err != nil || !c.Mine || c.Answer != nil || c.CallID != "call_2" || c.Body != keyOf("another") {
		t.Errorf("after 26 hours: %+v, %v", c, err)
	}
	sql := db.SQL()
	defer sql.Close()
	var rows int
	if err := sql.QueryRow(`select count(*) from idempotency_keys`).Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows are left: %v", rows, err)
	}
}

// age makes all claims older.
func age(t *testing.T, db *postgres.DB, by string) {
	t.Helper()
	sql := db.SQL()
	defer sql.Close()
	if _, err := sql.Exec(`update idempotency_keys set created_at = now() - $1::interval`, by); err != nil {
		t.Fatal(err)
	}
}
