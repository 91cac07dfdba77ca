package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
)

// write puts a call in the log, n minutes old.
func (s *site) write(id string, minutes int, change func(*calllog.Call), entries ...calllog.Entry) {
	s.Helper()
	c := calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, TwilioCallSID: "CA" + id, From: caller, To: number, Agent: "support", Voice: "evi",
		Status: calllog.StatusInProgress, StartedAt: time.Now().Add(-time.Duration(minutes) * time.Minute)}
	if change != nil {
		change(&c)
	}
	changes := []calllog.Change{{CallID: id, Call: &c}}
	for i := range entries {
		changes = append(changes, calllog.Change{CallID: id, Entry: &entries[i]})
	}
	if err := s.db.Calls().Apply(s.ctx, changes); err != nil {
		s.Fatal(err)
	}
}

// list asks for calls and returns their ids and the cursor.
func (s *site) list(query string) (ids []string, next string) {
	s.Helper()
	got := s.order("GET", "/v1/calls?"+query, "")
	var list api.CallList
	if err := json.Unmarshal([]byte(got.body), &list); err != nil || got.status != 200 {
		s.Fatalf("%s: %d %s", query, got.status, got.body)
	}
	if !strings.Contains(got.body, `"calls":[`) {
		s.Errorf("%s: the list is not an array: %s", query, got.body)
	}
	for _, c := range list.Calls {
		ids = append(ids, c.ID)
		if len(c.Entries) > 0 {
			s.Errorf("%s: a list with entries", query)
		}
	}
	return ids, list.Next
}

func TestListCalls(t *testing.T) {
	t.Parallel()
	s := open(t)
	if ids, next := s.list(""); len(ids) != 0 || next != "" {
		t.Errorf("of nothing: %q, %q", ids, next)
	}
	s.write("one", 3, func(c *calllog.Call) { c.Outcome, c.Agent = calllog.OutcomeFailed, "sales" }, calllog.Entry{Seq: 1, Kind: calllog.KindNote, Text: "x"})
	s.write("two", 2, func(c *calllog.Call) { c.Direction = calllog.Outbound })
	s.write("three", 1, nil)
	for query, want := range map[string]string{
		"":                        "[three two one]",
		"limit=200":               "[three two one]",
		"agent=sales":             "[one]",
		"outcome=failed":          "[one]",
		"outcome=busy":            "[]",
		"direction=outbound":      "[two]",
		"live=true":               "[three two]",
		"live=false":              "[one]",
		"twilio_call_sid=CAtwo":   "[two]",
		"agent=support&live=true": "[three two]",
		"agent=sales&live=true":   "[]",
		"id=t":                    "[three two]",
		"id=tw":                   "[two]",
		"id=%25":                  "[]",
	} {
		if ids, _ := s.list(query); fmt.Sprint(ids) != want {
			t.Errorf("%s: %v, want %s", query, ids, want)
		}
	}
	ids, next := s.list("limit=2")
	if fmt.Sprint(ids) != "[three two]" || next == "" {
		t.Errorf("the first page: %v, %q", ids, next)
	}
	if ids, next = s.list("limit=2&cursor=" + url.QueryEscape(next)); fmt.Sprint(ids) != "[one]" || next != "" {
		t.Errorf("the second page: %v, %q", ids, next)
	}
}

// A filter that makes no sense is refused by its name, and so is one that there
// is not: a filter that is ignored shows too much.
func TestBadFilters(t *testing.T) {
	t.Parallel()
	s := open(t)
	for query, about := range map[string]string{
		"limit=0": "limit", "limit=201": "200", "limit=-1": "limit", "limit=ten": "limit", "limit=": "limit", "limit=1e2": "limit",
		"live=maybe": "live", "live=": "live", "cursor=nonsense": "cursor", "colour=red": "colour", "agent=x&Outcome=failed": "Outcome", "agent=%00": "agent",
		"agent=" + url.QueryEscape("' or 1=1 --"): "no agent", "agent=nobody": "no agent", "outcome=bussy": "want one of caller_hung_up",
		"direction=up": "want one of inbound, outbound", "id=%00": "id",
	} {
		isProblem(t, s.order("GET", "/v1/calls?"+query, ""), 400, about)
	}
}

func TestGetCall(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("one", 1, func(c *calllog.Call) { c.Opening = &calllog.Opening{Text: "Hello."} },
		calllog.Entry{Seq: 2, AtMS: 20, Kind: calllog.KindDTMF, Digit: "5"},
		calllog.Entry{Seq: 1, AtMS: 10, Kind: calllog.KindAgent, Text: "Hi.", Heard: calllog.HeardFull})
	got := s.order("GET", "/v1/calls/one", "")
	var c calllog.Call
	if err := json.Unmarshal([]byte(got.body), &c); err != nil || got.status != 200 || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if c.From != caller || c.Opening == nil || len(c.Entries) != 2 || c.Entries[0].Text != "Hi." || c.Entries[1].Digit != "5" {
		t.Errorf("got %s", got.body)
	}
	for _, id := range []string{"two", "%00", "one%27", strings.Repeat("x", 5000)} {
		isProblem(t, s.order("GET", "/v1/calls/"+id, ""), 404, "unknown call")
	}
}

// An operator's text has bounds, and an order to a call that is over, or isn't
// known, is answered as such.
func TestOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("over", 1, func(c *calllog.Call) { c.Outcome = calllog.OutcomeFailed })
	long := strings.Repeat("x", 1001)
	for body, about := range map[string]string{
		``: "body", `{`: "body", `[]`: "body", `"text"`: "body", `{"text":7}`: "body", `{"txt":"x"}`: "body", `{"text":"x"} {"text":"y"}`: "body",
		`{}`: "1 to 1000", `{"text":""}`: "1 to 1000", `{"text":"  \n"}`: "1 to 1000", `{"text":"` + long + `"}`: "1001",
		`{"text":"` + strings.Repeat("x", 70_000) + `"}`: "body",
	} {
		isProblem(t, s.order("POST", "/v1/calls/over/say", body), 400, about)
	}
	isProblem(t, s.order("POST", "/v1/calls/over/say", `{"text":"Hello?"}`), 409, "not live")
	isProblem(t, s.order("POST", "/v1/calls/over/hangup", ""), 409, "not live")
	isProblem(t, s.order("POST", "/v1/calls/unknown/say", `{"text":"Hello?"}`), 404, "unknown call")
	isProblem(t, s.order("POST", "/v1/calls/unknown/hangup", ""), 404, "unknown call")
}
