package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// What may be a refusal is listed until somebody has decided, by pages.
func TestListUnclear(t *testing.T) {
	t.Parallel()
	s := open(t)
	said := strings.Replace(stop("optout_unclear"), `"source"`, `"words":"maybe later","source"`, 1)
	var many []string
	for i := range 450 { // three pages
		many = append(many, strings.Replace(said, caller, fmt.Sprintf("+1415555%04d", i), 1))
	}
	if got := s.order("POST", "/v1/consent/events", "["+strings.Join(many, ",")+"]"); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	resolve := `{"type":"resolve","number":"+14155550001","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"letter","renews":2,"result":"no_refusal","by":"Ana","reason":"asked"}`
	wrongs(t, s.order("POST", "/v1/consent/events", strings.Replace(resolve, `"renews":2`, `"renews":3`, 1)), "renews")
	wrongs(t, s.order("POST", "/v1/consent/events", strings.Replace(resolve, `"result":"no_refusal",`, "", 1)), "result")
	if got := s.order("POST", "/v1/consent/events", resolve); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	seen, pages := map[int64]bool{}, 0
	for cursor := ""; ; pages++ {
		got := s.order("GET", "/v1/consent/unclear?cursor="+cursor, "")
		page := decode[api.UnclearList](t, got)
		if got.status != 200 || pages > 9 {
			t.Fatalf("page %d: %d %s", pages, got.status, got.body)
		}
		for _, u := range page.Unclear {
			if seen[u.Seq] || u.Kind != consent.HeldUnclear || u.Words != "maybe later" || u.Seller != "riverbend" || len(u.Number) != len(caller) {
				t.Fatalf("%+v", u)
			}
			seen[u.Seq] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 449 || seen[2] {
		t.Errorf("%d are listed on %d pages", len(seen), pages)
	}
	wrongs(t, s.order("GET", "/v1/consent/unclear?cursor=x&limit=3", ""), "limit", "cursor")
	wrongs(t, s.order("GET", "/v1/consent/unclear?cursor=unclear:-1", ""), "cursor")
	s.book.gone.Store(true)
	isProblem(t, s.order("GET", "/v1/consent/unclear", ""), 503, "ledger")
}
