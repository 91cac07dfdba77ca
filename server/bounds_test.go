package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
)

// variables is so many, of a value each.
func variables(n int, value string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"v%d":%s`, i, value))
	}
	return `{` + strings.Join(list, ",") + `}`
}

// An order has 50 variables at most. Of more none is looked at.
func TestManyVariables(t *testing.T) {
	t.Parallel()
	s := open(t)
	const order = `{"to":"` + caller + `","agent":"support","purpose":"informational","variables":`
	if got := s.order("POST", "/v1/calls", order+variables(50, `"x"`)+"}"); got.status != 202 {
		t.Errorf("50: %d %s", got.status, got.body)
	}
	wrongs(t, s.order("POST", "/v1/calls", order+variables(51, `"x"`)+"}"), "variables")
	wrongs(t, s.order("POST", "/v1/calls", order+variables(51, `[]`)+"}"), "variables")
}

// An answer names 200 wrong fields at most, and says that there may be more.
func TestManyWrongFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	for n, more := range map[int]bool{199: false, 200: true, 201: true} {
		events := "[" + strings.TrimSuffix(strings.Repeat(stop("nonsense")+",", n), ",") + "]"
		got := s.order("POST", "/v1/consent/events", events)
		isProblem(t, got, 400, "[0].type: ")
		d := decode[document](t, got)
		if len(d.Errors) != min(n, 200) || strings.Contains(d.Detail, "there may be more") != more {
			t.Errorf("%d wrong fields: %d are named, %.60q…%q", n, len(d.Errors), d.Detail, d.Detail[len(d.Detail)-60:])
		}
	}
	order := `{"to":"` + caller + `","agent":"support","purpose":"informational","variables":` + variables(48, `[]`) + "}"
	got := s.order("POST", "/v1/consent/check", `{"intents":[`+strings.TrimSuffix(strings.Repeat(order+",", 6), ",")+`]}`)
	if d := decode[document](t, got); got.status != 400 || len(d.Errors) != 200 {
		t.Errorf("288 wrong variables: %d, %d are named", got.status, len(d.Errors))
	}
}

// What a caller said is shown to operators by JSON's own escapes where a terminal would obey or hide it, in
// an answer as in a problem; it is the same text.
func TestHiddenCharactersInAnswers(t *testing.T) {
	t.Parallel()
	s := open(t)
	const text, shown = "a\u202eb\u009bc", `a\u202eb\u009bc`
	s.call("call_1", "support", caller, text)
	got := s.order("GET", "/v1/calls/call_1", "")
	var c struct{ Entries []struct{ Text string } }
	err := json.Unmarshal([]byte(got.body), &c)
	if err != nil || !strings.Contains(got.body, shown) || len(c.Entries) != 1 || c.Entries[0].Text != text {
		t.Errorf("a call: %d %s", got.status, got.body)
	}
	got = s.order("POST", "/v1/keys", `{"`+text+`":1,"name":"x","may":["read"]}`)
	d := decode[document](t, got)
	if !strings.Contains(got.body, shown) || len(d.Errors) != 1 || d.Errors[0].Field != text {
		t.Errorf("a problem: %d %s", got.status, got.body)
	}
}

// A key is for 50 sellers at most.
func TestAKeyForManySellers(t *testing.T) {
	t.Parallel()
	s := open(t)
	of := func(n int) answer {
		sellers := strings.TrimSuffix(strings.Repeat(`"riverbend",`, n), ",")
		return s.order("POST", "/v1/keys", `{"name":"x","may":["read"],"seller":[`+sellers+`]}`)
	}
	wrongs(t, of(51), "seller")
	if got := of(50); got.status != 201 {
		t.Errorf("50: %d %s", got.status, got.body)
	}
}

// Who spoke on a call that we placed is found by the number that was called.
func TestWhoDidWhatOnACallOfOurs(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("call_out", 1, func(c *calllog.Call) { c.Direction, c.From, c.To = calllog.Outbound, number, caller })
	s.order("POST", "/v1/calls/call_out/hangup", "")
	for asked, want := range map[string]int{caller: 1, number: 0} {
		list := decode[api.AccessList](t, s.order("GET", "/v1/audit?number=%2B"+asked[1:], ""))
		if len(list.Accesses) != want || want > 0 && list.Accesses[0].CallID != "call_out" {
			t.Errorf("about %s: %+v, want %d", asked, list.Accesses, want)
		}
	}
}
