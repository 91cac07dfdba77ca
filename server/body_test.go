package server

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// clerk is a server that knows enough to read bodies.
func clerk() *Server {
	n, err := phone.Parse("+14155550100")
	if err != nil {
		panic(err)
	}
	return &Server{cfg: Config{Directory: Directory{Sellers: map[string]consent.Seller{"riverbend": {Name: "riverbend"}},
		Agents: map[string]DirectoryAgent{"support": {Seller: "riverbend", Purpose: consent.Research}}, Numbers: map[phone.Number]string{n: "support"}}}}
}

// again writes an order as a body.
func again(o call.Order) []byte {
	return encode(map[string]any{"to": o.To.E164(), "from": o.From.E164(), "agent": o.Agent, "purpose": o.Purpose, "contains_marketing": o.Marketing, "subject": o.Subject,
		"variables": o.Variables, "location": o.Location})
}

// Whatever comes, a body is refused with a reason, or read so that it reads the
// same when it is written again.
func FuzzOrder(f *testing.F) {
	for _, seed := range []string{``, `{}`, `[]`, `null`, `{"to":"+14152350142","agent":"support"}`, `{"to":"+14152350142","agent":"support"}{}`,
		`{"to":"+14152350142","from":"+14155550100","agent":"support","purpose":"informational","contains_marketing":false,"subject":"x","variables":{"a":"b","c":1e3,"d":true},"location":{"state":"CA","zone":"UTC"}}`,
		`{"to":"+14152350142","to":"+14152350142","agent":"support"}`, `{"to":"12","variables":{"":[]}}`, "{\"to\":\"\xff\"}", `{"variables":{"a":{"b":{"c":[[[[]]]]}}}}`} {
		f.Add([]byte(seed))
	}
	s := clerk()
	f.Fuzz(func(t *testing.T, body []byte) {
		var wrong []api.FieldError
		order := s.readOrder(body, "", &wrong)
		told(t, wrong)
		if len(wrong) > 0 {
			return
		}
		if order.To.IsZero() || order.From.IsZero() || order.Agent == "" || order.Purpose == "" || !json.Valid(body) {
			t.Fatalf("taken: %q", body)
		}
		if len(order.Variables) == 0 {
			order.Variables = nil
		}
		second := s.readOrder(again(order), "", &wrong)
		if len(wrong) > 0 || !reflect.DeepEqual(order, second) {
			t.Fatalf("%q reads as %+v, and then as %+v: %v", body, order, second, wrong)
		}
	})
}

// Whatever comes, events are refused with a reason, or each is one that the ledger
// may hold.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{``, `{}`, `[]`, `[{}]`, `null`, ` [ {"type":"revoke","number":"+14152350142","seller":"riverbend","source":"phone"} ]`,
		`{"type":"grant","number":"+14152350142","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"web_form","tier":"express","purposes":["research"],"channels":["voice_ai"],"evidence":{"method":"x","text":"y"}}`,
		`{"type":"number_fact","number":"+14152350142","occurred_at":"2026-01-02T15:04:05Z","source":"x","line_type":"wireless","facility":true}`,
		`{"type":"preference","number":"+14152350142","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"x","not_before":"2026-02-02T15:04:05Z","after":"10:00"}`,
		`{"type":"decision","number":"+14152350142","decision":{}}`, `[[[`} {
		f.Add([]byte(seed))
	}
	s := clerk()
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		var wrong []api.FieldError
		facts, many := s.readEvents(body, consent.ViaAPI, now, &wrong)
		told(t, wrong)
		if len(wrong) > 0 {
			return
		}
		if !json.Valid(body) || len(facts) == 0 || !many && len(facts) != 1 {
			t.Fatalf("taken: %q", body)
		}
		for _, fact := range facts {
			if err := fact.Validate(now); err != nil || fact.Seq != 0 || fact.Hash != "" || fact.Decision != nil || fact.PermitID != "" || fact.CallID != "" || fact.Actor == "" {
				t.Fatalf("%q makes %+v: %v", body, fact, err)
			}
		}
	})
}

// told checks that each complaint names a field and says something.
func told(t *testing.T, wrong []api.FieldError) {
	for _, w := range wrong {
		if w.Detail == "" || len(w.Field) > 400 {
			t.Fatalf("a complaint is %+v", w)
		}
	}
	if len(wrong) > 0 {
		if a := wrongFields(wrong); !json.Valid(a.Body) {
			t.Fatalf("the answer is %q", a.Body)
		}
	}
}

func TestReadObject(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":1,"b":null}`:                      "",
		" {\n} ":                                "",
		``:                                      "body: not JSON: want an object",
		`{"a"`:                                  "body: not JSON: want an object",
		`{"a":1`:                                "body: not JSON: want an object",
		`{"a":1}}`:                              "body: extra data after the object",
		`{"a":1} {}`:                            "body: extra data after the object",
		`[]`:                                    "body: want an object",
		`"a"`:                                   "body: want an object",
		`{"a":1,"a":2}`:                         "a: duplicate field",
		`{"A":1}`:                               "A: unknown field: want a, b",
		`{"` + strings.Repeat("é", 50) + `":1}`: strings.Repeat("é", 40) + "…: unknown field: want a, b",
	} {
		var wrong []api.FieldError
		readObject([]byte(body), "", &wrong, "a", "b")
		got := ""
		for _, w := range wrong {
			got += w.Field + ": " + w.Detail
		}
		if got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// A kept answer is read by who has the key, for the request that it was kept for.
func TestSeal(t *testing.T) {
	s, other := clerk(), clerk()
	s.cfg.Key, other.cfg.Key = []byte("one"), []byte("two")
	a := answer{Status: 202, Type: jsonType, Body: []byte("for +14152350142")}
	id := s.secret("key", []byte("k"))
	sealed := s.seal(id, a)
	if got, err := s.unseal(id, sealed); err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("got %+v, %v", got, err)
	}
	if strings.Contains(string(sealed), "4152350142") {
		t.Error("it is in clear")
	}
	sealed[len(sealed)-1] ^= 1
	for name, fail := range map[string]func() (answer, error){
		"changed":           func() (answer, error) { return s.unseal(id, sealed) },
		"another key":       func() (answer, error) { return other.unseal(id, s.seal(id, a)) },
		"another request":   func() (answer, error) { return s.unseal(s.secret("key", []byte("l")), s.seal(id, a)) },
		"nothing":           func() (answer, error) { return s.unseal(id, nil) },
		"an answer of none": func() (answer, error) { return s.unseal(id, s.seal(id, answer{})) },
	} {
		if got, err := fail(); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}
