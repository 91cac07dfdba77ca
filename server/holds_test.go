package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// A legal hold, on a number or a call, stops an erasure, which says whose it is and why.
func TestLegalHolds(t *testing.T) {
	t.Parallel()
	s := open(t)
	now := time.Now()
	out := calllog.Call{ID: "call_1", Version: 1, Direction: calllog.Outbound, From: number, To: caller, Agent: "support", Outcome: calllog.OutcomeBusy, StartedAt: now, EndedAt: &now}
	if err := s.db.Calls().Apply(t.Context(), []calllog.Change{{Call: &out}}); err != nil {
		t.Fatal(err)
	}
	place := func(body string) int64 {
		t.Helper()
		got := s.order("POST", "/v1/consent/holds", body)
		if got.status != 201 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return decode[consent.Receipt](t, got).Seq
	}
	first := place(`{"number":"` + caller + `","name":"26-118","reason":"a lawsuit","by":"counsel"}`)
	second := place(`{"call":"call_1","name":"26-119","reason":"another"}`)
	erase := "/v1/consent/" + caller + "?why=asked"
	for _, hold := range []struct {
		seq          int64
		name, reason string
		left         int
	}{{first, "26-118", "a lawsuit", 2}, {second, "26-119", "another", 1}} {
		isProblem(t, s.order("DELETE", erase, ""), 409, hold.name)
		isProblem(t, s.order("DELETE", erase, ""), 409, hold.reason)
		if c, err := s.db.Calls().Get(t.Context(), "call_1"); err != nil || c.To != caller {
			t.Errorf("%+v, %v", c, err)
		}
		list := decode[api.HoldList](t, s.order("GET", "/v1/consent/holds", "")).Holds
		if len(list) != hold.left || list[0].Seq != hold.seq || list[0].Name != hold.name || list[0].Number != caller {
			t.Errorf("the list is %+v", list)
		}
		if got := s.order("POST", fmt.Sprintf("/v1/consent/holds/%d/release", hold.seq), `{"reason":"settled"}`); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
		isProblem(t, s.order("POST", fmt.Sprintf("/v1/consent/holds/%d/release", hold.seq), `{"reason":"settled"}`), 404, "released")
	}
	if got := s.order("DELETE", erase, ""); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
	wrongs(t, s.order("POST", "/v1/consent/holds", `{"call":"call_1","name":"n","reason":"r"}`), "call")
}

func TestWrongHolds(t *testing.T) {
	t.Parallel()
	s := open(t)
	const named = `"name":"n","reason":"r"`
	for body, fields := range map[string][]string{
		`{}`: {"name", "reason"}, `{` + named + `}`: {"number"}, `{"number":"x",` + named + `}`: {"number"},
		`{"number":"` + caller + `","call":"call_1",` + named + `}`: {"number"}, `{"call":"nobody",` + named + `}`: {"call"},
		`{"number":"` + caller + `","name":"a\u001bb","reason":"a\nb"}`:                              {"name", "reason"},
		`{"number":"` + caller + `","name":"` + strings.Repeat("x", 201) + `","reason":"r","who":1}`: {"who", "name"},
		`[]`: {"body"},
	} {
		wrongs(t, s.order("POST", "/v1/consent/holds", body), fields...)
	}
	wrongs(t, s.order("POST", "/v1/consent/holds/0/release", `{"reason":""}`), "reason", "seq")
	wrongs(t, s.order("GET", "/v1/consent/holds?cursor=x", ""), "cursor")
	wrongs(t, s.order("DELETE", "/v1/consent/"+caller+"?why=asked&without=a%1Bb", ""), "without")
	isProblem(t, s.order("POST", "/v1/consent/holds/1/release", `{"reason":"r"}`), 404, "unknown legal hold")
	isProblem(t, s.order("GET", "/v1/consent/erasures/nobody", ""), 404, "unknown erasure")
	isProblem(t, s.order("GET", "/v1/consent/erasures/%00", ""), 404, "unknown erasure")
}
