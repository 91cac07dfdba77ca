package server_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/recording"
)

// Each use that docs/KEYS.md calls recorded has its row, with key, right and route; without
// the ledger it is answered 503 and not done.
func TestEachUseIsRecorded(t *testing.T) {
	t.Parallel()
	s := open(t)
	folder := recording.NewFolder(t.TempDir())
	begun := time.Now()
	tape := folder.Record("call_1", begun)
	tape.Stream(begun)
	if err := tape.End(begun.Add(time.Second), time.Minute); err != nil {
		t.Fatal(err)
	}
	s.config.Recordings, s.config.Instance = folder, "here"
	s.web = s.make()
	s.write("call_1", 1, over("here"))
	s.order("POST", "/v1/consent/events", stop("revoke"))
	held := s.order("POST", "/v1/consent/holds", `{"number":"+14152350143","name":"26-118","reason":"a lawsuit"}`)
	release := fmt.Sprintf("/v1/consent/holds/%d/release", decode[consent.Receipt](t, held).Seq)
	s.createKey("old", `"may":["read"]`)
	ask := s.createKey("desk", `"may":["speak","export","erase","consent","recordings","admin"]`)

	uses := []struct{ route, path, body, right string }{
		{"GET /v1/calls/{id}/recording", "/v1/calls/call_1/recording", "", "recordings"},
		{"POST /v1/calls/{id}/hangup", "/v1/calls/call_1/hangup", "", "speak"},
		{"POST /v1/calls/{id}/transfer", "/v1/calls/call_1/transfer", `{"to":"sales"}`, "speak"},
		{"POST /v1/calls/{id}/say", "/v1/calls/call_1/say", `{"text":"hello"}`, "speak"},
		{"GET /v1/consent/export", "/v1/consent/export", "", "export"},
		{"POST /v1/consent/holds", "/v1/consent/holds", `{"number":"+14152350144","name":"n","reason":"r"}`, "erase"},
		{"POST /v1/consent/holds/{seq}/release", release, `{"reason":"settled"}`, "erase"},
		{"DELETE /v1/consent/{number}", "/v1/consent/+14152350145?why=asked", "", "erase"},
		{"POST /v1/campaigns/release", "/v1/campaigns/release",
			`{"seller":"riverbend","agent":"reminders","purpose":"informational","by":"Ana","reason":"r"}`, "override"},
		{"POST /v1/consent/events", "/v1/consent/events", `{"type":"dnc_remove","number":"` + caller + `","seller":"riverbend",
			"occurred_at":"2026-11-20T10:00:00Z","source":"phone","renews":1,"by":"Ana","reason":"rang and asked",
			"evidence":{"method":"phone","text":"Please call me again."}}`, "override"},
		{"POST /v1/keys", "/v1/keys", `{"name":"new","may":["consent"]}`, "admin"},
		{"DELETE /v1/keys/{name}", "/v1/keys/old", "", "admin"},
	}
	list := func() []api.Access {
		return decode[api.AccessList](t, s.order("GET", "/v1/audit", "")).Accesses
	}
	known, before := map[string]bool{}, len(list())
	method := func(route string) string { return regexp.MustCompile(`^\S+`).FindString(route) }
	s.book.gone.Store(true)
	for _, use := range uses {
		known[use.route] = true
		if got := ask(method(use.route), use.path, use.body); got.status != 503 {
			t.Errorf("%s without the ledger: %d %s", use.route, got.status, got.body)
		}
	}
	s.book.gone.Store(false)
	if n := len(list()); n != before {
		t.Errorf("%d rows of what was not done", n-before)
	}
	for i, use := range uses {
		got := ask(method(use.route), use.path, use.body)
		if got.status != 409 && got.status/100 != 2 { // a call that is over takes no order
			t.Errorf("%s: %d %s", use.route, got.status, got.body)
		}
		rows := list()
		if a := rows[0]; len(rows) != before+i+1 || a.Key != "desk" || a.Right != use.right || a.Route != use.route || a.Outcome != "granted" {
			t.Errorf("%s: %d rows, want %d, the last %+v", use.route, len(rows), before+i+1, a)
		}
	}

	page, err := os.ReadFile("../docs/KEYS.md")
	if err != nil {
		t.Fatal(err)
	}
	recorded := regexp.MustCompile("(?m)^\\| `([A-Z]+ /[^`]+)` \\| `\\w+` \\| \\w+ \\|$").FindAllStringSubmatch(string(page), -1)
	if len(recorded) < 11 {
		t.Errorf("docs/KEYS.md calls %d routes recorded", len(recorded))
	}
	for _, row := range recorded {
		if !known[row[1]] {
			t.Errorf("%s is recorded, and is not tried here", row[1])
		}
	}
}
