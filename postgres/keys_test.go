package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Of a key's secret nothing but the hash is anywhere in the database, and a key is found
// until it is revoked.
func TestKeysAreKeptByTheirHash(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store := db.Keys()
	secret := keys.NewSecret()
	now := time.Now().UTC().Truncate(time.Microsecond)
	k := keys.Key{Name: "crm-1", Rights: []keys.Right{keys.Read, keys.Stop}, Sellers: []string{"riverbend"}, By: keys.Bootstrap,
		Created: now, Expires: now.Add(time.Hour)}
	if err := store.AddKey(ctx, k, keys.Hash(secret)); err != nil {
		t.Fatal(err)
	}
	if err := store.AddKey(ctx, k, keys.Hash("another")); !errors.Is(err, keys.ErrTaken) {
		t.Errorf("a name that is taken: %v", err)
	}
	find := func(secrets ...string) (map[[32]byte]keys.Key, error) {
		var hashes [][32]byte
		for _, s := range secrets {
			hashes = append(hashes, keys.Hash(s))
		}
		return store.FindKeys(ctx, hashes)
	}
	found, err := find("wrong", secret, "too", secret)
	got := found[keys.Hash(secret)]
	if err != nil || got.Name != k.Name || !slices.Equal(got.Rights, k.Rights) || !slices.Equal(got.Sellers, k.Sellers) ||
		!got.Expires.Equal(k.Expires) || got.Used != nil || len(found) != 1 {
		t.Errorf("found %+v, %v", got, err)
	}
	if found, err := find(secret); err != nil || found[keys.Hash(secret)].Used == nil {
		t.Errorf("its use is not noted: %+v, %v", found, err)
	}
	if found, err := find("wrong"); err != nil || len(found) != 0 {
		t.Errorf("a wrong secret: %v", err)
	}
	sql := db.SQL()
	defer sql.Close()
	var row string
	if err := sql.QueryRowContext(ctx, `select k::text || encode(hash, 'escape') from api_keys k`).Scan(&row); err != nil {
		t.Fatal(err)
	}
	if row == "" || strings.Contains(row, secret[10:30]) {
		t.Errorf("the row is %q", row)
	}

	first, err := store.RevokeKey(ctx, "crm-1")
	if err != nil || first.Revoked == nil {
		t.Fatalf("revoked: %+v, %v", first, err)
	}
	if again, err := store.RevokeKey(ctx, "crm-1"); err != nil || !again.Revoked.Equal(*first.Revoked) {
		t.Errorf("revoked again: %+v, %v", again, err)
	}
	if _, err := store.RevokeKey(ctx, "nobody"); !errors.Is(err, keys.ErrUnknown) {
		t.Errorf("revoked nobody's: %v", err)
	}
	if err := store.AddKey(ctx, k, keys.Hash("a third")); !errors.Is(err, keys.ErrTaken) {
		t.Errorf("the name of a revoked key: %v", err)
	}
	if list, err := store.ListKeys(ctx); err != nil || len(list) != 1 || list[0].Revoked == nil {
		t.Errorf("listed %+v, %v", list, err)
	}
}
