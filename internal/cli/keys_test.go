package cli

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// The bootstrap key makes the first key; that one works in its place until it is revoked,
// and who did what is shown.
func TestKeyCommands(t *testing.T) {
	b := serving(t)
	t.Setenv("BRIDGE_LISTEN", b.s.Listener.Addr().String()) // with a token from the environment its address has to come from there
	r := exits(t, exitDone, []string{"keys", "create", "crm", "--may", "read,export", "--for", "30d"}, ". Its secret is shown only once")
	secret := strings.TrimSpace(r.out)
	if len(secret) < 60 || strings.Contains(r.err, secret) {
		t.Fatalf("stdout is %q", r.out)
	}
	exits(t, exitUsage, []string{"keys", "create", "Two Words", "--may", "read"}, "name")
	exits(t, exitUsage, []string{"keys", "create", "x", "--may", "fly"}, `"fly" is not a right`)
	exits(t, exitUsage, []string{"keys", "create", "x", "--may", "read", "--seller", "nobody"}, "seller")
	exits(t, exitUsage, []string{"keys", "create", "x"}, "--may")
	exits(t, exitDone, []string{"keys", "list"}, "crm", "read, export", "never", "bootstrap")

	t.Run("as the new key", func(t *testing.T) {
		t.Setenv("BRIDGE_API_TOKEN", secret)
		exits(t, exitDone, []string{"consent", "export", "--sealed", "out.zip"}, "verified")
		exits(t, exitFailed, []string{"consent", "export", "out3.zip"}, "lacks the right numbers")
		exits(t, exitFailed, []string{"keys", "list"}, "403", "admin")
		exits(t, exitFailed, []string{"consent", "erase", person, "--why", "asked", "--yes"}, "403", "erase")
	})
	exits(t, exitDone, []string{"keys", "list", "--json"}, `"name":"crm"`, `"used_at":"20`)
	exits(t, exitDone, []string{"audit"}, "crm", "export", "granted", "GET /v1/consent/export", "refused", "bootstrap", "POST /v1/keys")
	if r := exits(t, exitDone, []string{"audit", "--key", "crm", "--since", "1h", "--right", "export", "--json"}); strings.Count(r.out, "\n") != 2 ||
		!strings.Contains(r.out, `"right":"export"`) {
		t.Errorf("filtered: %s", r.out)
	}
	exits(t, exitUsage, []string{"audit", "--since", "yesterday"}, "--since")
	exits(t, exitUsage, []string{"audit", "--number", "12"}, "number")
	exits(t, exitDone, []string{"keys", "revoke", "crm"}, "revoked")
	exits(t, exitFailed, []string{"keys", "revoke", "nobody"}, "404")
	t.Setenv("BRIDGE_API_TOKEN", secret)
	exits(t, exitFailed, []string{"consent", "export", "out2.zip"}, "401")
}

// Without a bootstrap key serve starts only where there is a live key.
func TestServeNeedsAKey(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ctx, store, now := t.Context(), db.Keys(), time.Now()
	refused := func(when string) {
		t.Helper()
		var bad *config.Error
		if err := service.NeedKey(ctx, "", store); !errors.As(err, &bad) || !strings.Contains(err.Error(), "openssl rand -hex 32") {
			t.Errorf("%s: %v", when, err)
		}
	}
	refused("no keys")
	if err := service.NeedKey(ctx, strings.Repeat("b", 32), store); err != nil {
		t.Errorf("with a bootstrap key: %v", err)
	}
	add := func(name string, until time.Duration) {
		t.Helper()
		k := keys.Key{Name: name, Rights: []keys.Right{keys.Admin}, Created: now.Add(-time.Hour), Expires: now.Add(until)}
		if err := store.AddKey(ctx, k, keys.Hash(name)); err != nil {
			t.Fatal(err)
		}
	}
	add("old", -time.Minute)
	refused("an expired key")
	add("new", time.Hour)
	if err := service.NeedKey(ctx, "", store); err != nil {
		t.Errorf("a live key: %v", err)
	}
	if _, err := store.RevokeKey(ctx, "new"); err != nil {
		t.Fatal(err)
	}
	refused("a revoked key")
}

// The service itself refuses to start, and starts again once there is a key.
func TestServeWithoutBootstrapKey(t *testing.T) {
	serving(t)
	exits(t, exitDone, []string{"keys", "create", "first", "--may", "admin,read"})
	c := withoutToken(t)
	c.Listen = "127.0.0.1:0"
	s, err := service.Start(t.Context(), c, zerolog.Nop())
	if err != nil {
		t.Fatalf("with a key: %v", err)
	}
	s.Switchboard.Drain(service.Canceled())
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	exits(t, exitDone, []string{"keys", "revoke", "first"})
	_, err = service.Start(t.Context(), c, zerolog.Nop())
	var bad *config.Error
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "BRIDGE_API_TOKEN") {
		t.Errorf("without a key: %v", err)
	}
}

// withoutToken is the configuration of the folder without its bootstrap key, in a data
// folder of its own.
func withoutToken(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(c.DataDir + "/master.key")
	if err != nil {
		t.Fatal(err)
	}
	c.APIToken, c.DataDir, c.MasterKey = "", t.TempDir(), strings.TrimSpace(string(key))
	return c
}

func TestBootstrapKeyIsLong(t *testing.T) {
	t.Parallel()
	for token, wrong := range map[string]bool{"a": true, strings.Repeat("a", 31): true, strings.Repeat("a", 32): false, "": false} {
		e, _ := config.ParseEnvironment(map[string]string{"BRIDGE_API_TOKEN": token})
		text := fmt.Sprint((&config.Config{Environment: e}).CheckEnvironment())
		if got := strings.Contains(text, "BRIDGE_API_TOKEN: want 32"); got != wrong || wrong && !strings.Contains(text, "openssl rand -hex 32") {
			t.Errorf("%d characters: %s", len(token), text)
		}
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "[]", "10.0.0.5": "[10.0.0.5/32]", "10.1.2.3/8, ::1": "[10.0.0.0/8 ::1/128]", "proxy.local": "", "10.0.0.0/99": ""} {
		e, _ := config.ParseEnvironment(map[string]string{"BRIDGE_TRUST_PROXY": text})
		list, err := (&config.Config{Environment: e}).Proxies()
		if list == nil {
			list = []netip.Prefix{}
		}
		if got := fmt.Sprint(list); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}
