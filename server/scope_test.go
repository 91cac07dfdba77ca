package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/server"
)

// A key for one seller sees that seller alone, and acts for nobody else.
func TestAKeyForOneSeller(t *testing.T) {
	t.Parallel()
	s := openWith(t, func(c *server.Config) {
		d := c.Directory
		d.Agents["harbor"] = server.DirectoryAgent{Seller: "harbor", Tools: []string{"balance"}}
	})
	s.call("call_river", "support", caller, "river words")
	s.call("call_harbor", "harbor", caller, "harbor words")
	harbors := strings.ReplaceAll(agreed, "riverbend", "harbor")
	s.order("POST", "/v1/consent/events", "["+agreed+","+harbors+"]")
	const rights = `"may":["read","numbers","recordings","speak","place","consent","export"]`
	harbor := s.createKey("harbor", rights+`,"seller":["harbor"]`)
	isProblem(t, harbor("GET", "/metrics", ""), 403, "metrics")
	isProblem(t, harbor("DELETE", "/v1/consent/"+caller+"?why=asked", ""), 403, "erase")

	for _, path := range []string{"/v1/calls", "/v1/calls/call_harbor", "/v1/consent/" + caller, "/v1/consent/export", "/v1/tools", "/v1/campaigns",
		"/v1/consent/unclear"} {
		got := harbor("GET", path, "")
		if got.status != 200 || strings.Contains(got.body, "riverbend") || strings.Contains(got.body, "call_river") || strings.Contains(got.body, "order_status") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := harbor("GET", "/v1/calls", ""); !strings.Contains(got.body, "call_harbor") {
		t.Errorf("its own calls: %s", got.body)
	}
	if got := harbor("GET", "/v1/consent/"+caller, ""); !strings.Contains(got.body, `"seller":"harbor"`) {
		t.Errorf("its own facts: %s", got.body)
	}
	got := harbor("GET", "/v1/consent/export", "")
	if r, err := proof.VerifyExport(strings.NewReader(got.body)); err != nil || !r.OK || r.Rows != 1 {
		t.Errorf("its own rows: %+v, %v", r, err)
	}
	wrongs(t, harbor("GET", "/v1/consent/export?seller=riverbend", ""), "seller")
	isProblem(t, harbor("GET", "/v1/calls?agent=support", ""), 400, "no agent")
	for _, path := range []string{"GET /v1/calls/call_river", "GET /v1/calls/call_river/events", "GET /v1/calls/call_river/recording",
		"POST /v1/calls/call_river/hangup"} {
		method, path, _ := strings.Cut(path, " ")
		isProblem(t, harbor(method, path, ""), 404, "unknown call")
	}
	isProblem(t, harbor("POST", "/v1/calls/call_river/say", `{"text":"hello"}`), 404, "unknown call")
	isProblem(t, harbor("POST", "/v1/calls/call_river/transfer", `{"to":"sales"}`), 404, "unknown call")

	wrongs(t, harbor("POST", "/v1/calls", whole), "agent", "from")
	wrongs(t, harbor("POST", "/v1/consent/check", whole), "agent", "from")
	wrongs(t, harbor("POST", "/v1/consent/events", agreed), "seller")
	fact := `{"type":"number_fact","number":"` + caller + `","occurred_at":"2026-11-20T10:00:00Z","source":"lookup","line_type":"wireless"}`
	wrongs(t, harbor("POST", "/v1/consent/events", fact), "seller")
	if got := harbor("POST", "/v1/consent/events", harbors); got.status != 201 {
		t.Errorf("its own grant: %d %s", got.status, got.body)
	}
	own := fmt.Sprintf(`{"to":%q,"agent":"harbor","purpose":"informational","from":"+14155550109"}`, caller)
	if got := harbor("POST", "/v1/calls", own); got.status != 202 {
		t.Errorf("its own call: %d %s", got.status, got.body)
	}
	theirs := strings.Replace(own, "+14155550109", number, 1)
	wrongs(t, harbor("POST", "/v1/calls", theirs), "from")

	// A decision of another's can't be made again, and its Idempotency-Keys are its own.
	river := decode[api.Placed](t, s.order("POST", "/v1/calls", whole))
	if river.Decision.Seq == 0 {
		t.Fatal("there is no decision")
	}
	isProblem(t, harbor("GET", fmt.Sprintf("/v1/consent/replay/%d", river.Decision.Seq), ""), 409, "")
}
