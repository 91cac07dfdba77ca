package server_test

import (
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/consent"
)

// A decision that the service made is made again from the ledger, and comes out the same.
func TestReplayADecision(t *testing.T) {
	t.Parallel()
	s := open(t)
	policy, err := consent.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.gate.Policy = policy
	text, err := consent.PolicyText(policy)
	if err == nil {
		err = s.gate.KeepTexts(s.ctx, text, consent.SellerText(sellers["riverbend"]))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.order("POST", "/v1/consent/events", agreed)
	if got := s.order("POST", "/v1/calls", whole); got.status != 409 {
		t.Fatalf("a call: %d %s", got.status, got.body)
	}
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		t.Fatal(err)
	}
	var seq int64
	for _, f := range facts {
		if f.Type == consent.Decided {
			seq = f.Seq
		}
	}
	got := s.order("GET", fmt.Sprintf("/v1/consent/replay/%d", seq), "")
	if r := decode[consent.Replayed](t, got); got.status != 200 || !r.Same || r.Seq != seq || r.Recorded.Outcome != consent.Hold {
		t.Errorf("replayed: %d %s", got.status, got.body)
	}
	for path, status := range map[string]int{"1": 409, "900": 409, "0": 400, "x": 400, "-1": 400} {
		isProblem(t, s.order("GET", "/v1/consent/replay/"+path, ""), status, "")
	}
}
