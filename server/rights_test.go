package server

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/remind"
)

// oneKey is a store with one key, whatever the secret.
type oneKey struct {
	keys.Store
	keys.Key
}

func (k *oneKey) FindKeys(_ context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	return map[[32]byte]keys.Key{hashes[0]: k.Key}, nil
}

// awayAudit has the accesses that were recorded.
type awayAudit struct{ list []consent.Access }

func (n *awayAudit) RecordAccess(_ context.Context, a consent.Access) error {
	n.list = append(n.list, a)
	return errors.New("ledger unavailable: consent records are on disk and already in effect") // so that no handler goes on
}

func (n *awayAudit) Accesses(context.Context, consent.AccessFilter) ([]consent.Fact, int64, error) {
	return nil, 0, errors.New("ledger unavailable: consent records are on disk and already in effect")
}

// Each of the operators' routes names the right that it needs: with all others a key gets
// 403, and what is recorded is recorded as refused.
func TestEachRouteNeedsARight(t *testing.T) {
	t.Parallel()
	store, audit := &oneKey{Key: keys.All()}, &awayAudit{}
	s := New(Config{Keys: store, Audit: audit, Reminders: struct{ Reminders }{}, Permits: struct{ Permits }{},
		Registry: prometheus.NewRegistry(), Logger: zerolog.Nop()})
	h := s.operators()
	if n := len(s.routes()); n < 31 {
		t.Errorf("there are %d routes: some are missing", n)
	}
	all := map[keys.Right]bool{}
	for _, rt := range s.routes() {
		all[rt.right] = true
		store.Rights = nil
		for _, right := range keys.Rights {
			if right != rt.right && (rt.right != keys.Stop || right != keys.Consent) {
				store.Rights = append(store.Rights, right)
			}
		}
		audit.list, s.tried.seen = nil, nil
		method, path, _ := strings.Cut(rt.pattern, " ")
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Authorization", "Bearer "+keys.NewSecret())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 403 || !strings.Contains(w.Body.String(), "lacks the right "+string(rt.right)) {
			t.Errorf("%s without %s: %d %s", rt.pattern, rt.right, w.Code, w.Body)
		}
		recorded := len(audit.list) == 1 && audit.list[0].Outcome == consent.AccessRefused && audit.list[0].Route == rt.pattern
		if want := rt.recorded() != ""; want != recorded {
			t.Errorf("%s: the refusal is recorded: %v, want %v", rt.pattern, recorded, want)
		}
	}
	for _, right := range keys.Rights {
		if !all[right] && right != keys.Numbers && right != keys.Listen && right != keys.Consent {
			t.Errorf("no route needs %s", right)
		}
	}
}

var (
	_ Reminders = (*remind.Service)(nil)
	_ Permits   = (*permits.Service)(nil)
)

// A handler that forgets the record sends nothing of what it has done.
func TestNoRecordNoAnswer(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	p := &proven{ResponseWriter: w, use: &use{}, log: zerolog.Nop()}
	reply(p, 200, "secret sound")
	if w.Code != 500 || strings.Contains(w.Body.String(), "sound") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	p = &proven{ResponseWriter: w, use: &use{done: true}, log: zerolog.Nop()}
	if reply(p, 200, "sound"); w.Code != 200 || !strings.Contains(w.Body.String(), "sound") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
