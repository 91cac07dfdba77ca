package keys_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/keys"
)

func TestRights(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		has     []keys.Right
		sellers []string
		right   keys.Right
		may     bool
	}{
		{[]keys.Right{keys.Read}, nil, keys.Read, true},
		{[]keys.Right{keys.Read}, nil, keys.Numbers, false},
		{[]keys.Right{keys.Admin}, nil, keys.Read, false},
		{[]keys.Right{keys.Consent}, nil, keys.Stop, true},
		{[]keys.Right{keys.Stop}, nil, keys.Consent, false},
		{[]keys.Right{keys.Recordings}, nil, keys.Listen, false},
		{keys.Rights, nil, keys.Erase, true},
		{keys.Rights, []string{"riverbend"}, keys.Erase, false},
		{keys.Rights, []string{"riverbend"}, keys.Admin, false},
		{keys.Rights, []string{"riverbend"}, keys.Metrics, false},
		{keys.Rights, []string{"riverbend"}, keys.Export, true},
		{keys.Rights, nil, "", false},
		{nil, nil, keys.Read, false},
	} {
		if k := (keys.Key{Rights: test.has, Sellers: test.sellers}); k.May(test.right) != test.may {
			t.Errorf("%v of %v may %q: %v", test.has, test.sellers, test.right, !test.may)
		}
	}
	if _, err := keys.ParseRights([]string{"read", "fly"}); err == nil || !strings.Contains(err.Error(), `"fly"`) {
		t.Errorf("a right that there is not: %v", err)
	}
	if got, err := keys.ParseRights([]string{"read", "read"}); err != nil || len(got) != 1 {
		t.Errorf("one twice: %v, %v", got, err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for secret, good := range map[string]bool{"a": false, strings.Repeat("a", 31): false, strings.Repeat("a", 32): true, strings.Repeat("a", 513): false,
		strings.Repeat("a", 32) + "\n": false, keys.NewSecret(): true} {
		if err := keys.CheckSecret(secret); (err == nil) != good {
			t.Errorf("%d characters: %v", len(secret), err)
		} else if !good && (!strings.Contains(err.Error(), "openssl rand -hex 32") || strings.Contains(err.Error(), strings.Repeat("a", 31))) {
			t.Errorf("the error: %v", err)
		}
	}
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "12h": 12 * time.Hour, "1m": time.Minute, "59s": 0, "": 0, "-1d": 0, "3660d": keys.MaxLife,
		"3661d": 0, "106752d": 0, "d": 0, "1.5d": 0, "9223372036854775807d": 0} {
		if got, err := keys.ParseLife(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// shelf is a store with one key, which may be away.
type shelf struct {
	keys.Store
	hash  [32]byte
	key   keys.Key
	away  bool
	asked int
}

func (s *shelf) FindKeys(_ context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	s.asked++
	switch {
	case s.away:
		return nil, errors.New("away")
	case !slices.Contains(hashes, s.hash):
		return nil, nil
	}
	return map[[32]byte]keys.Key{s.hash: s.key}, nil
}

// What a secret opens, as time goes on and the store comes and goes.
func TestCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	secret, boot := keys.NewSecret(), strings.Repeat("b", 32)
	s := &shelf{hash: keys.Hash(secret), key: keys.Key{Name: "crm", Rights: []keys.Right{keys.Read}, Expires: now.Add(2 * time.Hour)}}
	c := keys.NewChecker(s, boot, func() time.Time { return now })
	check := func(when, secret, want string) {
		t.Helper()
		k, err := c.Check(t.Context(), secret)
		got := k.Name
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	unknown := keys.ErrUnknown.Error()
	check("the bootstrap key", boot, keys.Bootstrap)
	check("nothing", "", unknown)
	check("a word", "guess", unknown)
	check("a novel", strings.Repeat("x", 100_000), unknown)
	if s.asked != 0 {
		t.Errorf("the store was asked %d times about what no key of ours can be", s.asked)
	}
	check("another secret", keys.NewSecret(), unknown)
	s.away = true
	check("the store is away, and has never said so", secret, "away")
	s.away = false
	check("its secret", secret, "crm")
	s.away = true
	check("the store is away", secret, "crm")
	check("another, while it is away", keys.NewSecret(), "away")
	now = now.Add(time.Hour)
	check("away for an hour", secret, "away")
	s.away = false
	check("back", secret, "crm")
	now = now.Add(time.Hour)
	check("expired", secret, unknown)
	now = now.Add(-90 * time.Minute)
	check("before that", secret, "crm")
	s.key.Revoked = &now
	check("revoked", secret, unknown)
	s.away = true
	check("revoked, and away", secret, "away")
	without := keys.NewChecker(nil, "", nil)
	if _, err := without.Check(t.Context(), ""); !errors.Is(err, keys.ErrUnknown) {
		t.Errorf("no key at all: %v", err)
	}
}

// Ten wrong keys a minute and address; one line a minute; the addresses of a network are
// one, and a flood of addresses takes no memory.
func TestGuesses(t *testing.T) {
	t.Parallel()
	var g keys.Guesses
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	guess := func(from string) keys.Guess { return g.Wrong(netip.MustParseAddr(from), now) }
	for i := range 10 {
		if got := guess("192.0.2.1"); got != (keys.Guess{}) {
			t.Fatalf("guess %d: %+v", i+1, got)
		}
	}
	if got := guess("192.0.2.1"); !got.Refused || !got.Log || got.Retry != time.Minute {
		t.Errorf("the eleventh: %+v", got)
	}
	now = now.Add(59 * time.Second)
	if got := guess("::ffff:192.0.2.1"); !got.Refused || got.Log || got.Retry != time.Second {
		t.Errorf("another: %+v", got)
	}
	if got := guess("192.0.2.2"); got.Refused {
		t.Errorf("another address: %+v", got)
	}
	for i := range 10 {
		guess(fmt.Sprintf("2001:db8::%d", i+1))
	}
	if got := guess("2001:db8::ffff"); !got.Refused {
		t.Errorf("the eleventh of a network: %+v", got)
	}
	now = now.Add(time.Second)
	if got := guess("192.0.2.1"); got.Refused {
		t.Errorf("a minute later: %+v", got)
	}
	last := keys.Guess{}
	for i := range 10_100 {
		last = g.Wrong(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), now)
	}
	if !last.Refused {
		t.Error("beyond 10,000 addresses each has a count of its own")
	}
}
