package postgres_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Who did what is in the chain, without the person's number, and is found by key, right,
// call and number.
func TestAccesses(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	record(t, l, grant(person(1)))
	for _, a := range []consent.Access{
		{Key: "crm", Right: "export", Route: "GET /v1/consent/export", Outcome: consent.AccessGranted},
		{Key: "crm", Right: "recordings", Route: "GET /v1/calls/{id}/recording", CallID: "call_1", Number: person(1), Outcome: consent.AccessGranted},
		{Key: "desk", Right: "erase", Route: "DELETE /v1/consent/{number}", Number: person(2), Outcome: consent.AccessRefused},
		{Key: "desk", Right: "speak", Route: "POST /v1/calls/{id}/say", CallID: "call_1", Number: person(1), Outcome: consent.AccessGranted},
	} {
		if err := l.RecordAccess(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name   string
		filter consent.AccessFilter
		want   []int64
	}{
		{"all", consent.AccessFilter{}, []int64{5, 4, 3, 2}},
		{"a key's", consent.AccessFilter{Key: "crm"}, []int64{3, 2}},
		{"of a right", consent.AccessFilter{Right: "erase"}, []int64{4}},
		{"to a call", consent.AccessFilter{CallID: "call_1"}, []int64{5, 3}},
		{"about a number", consent.AccessFilter{Number: person(1)}, []int64{5, 3}},
		{"a page", consent.AccessFilter{Limit: 2}, []int64{5, 4}},
		{"the next", consent.AccessFilter{Limit: 2, Before: 4}, []int64{3, 2}},
		{"of tomorrow", consent.AccessFilter{Since: time.Now().Add(time.Hour)}, nil},
		{"nobody's", consent.AccessFilter{Key: "nobody"}, nil},
	} {
		list, next, err := l.Accesses(t.Context(), test.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, f := range list {
			got = append(got, f.Seq)
		}
		if len(got) != len(test.want) || len(got) > 0 && (got[0] != test.want[0] || got[len(got)-1] != test.want[len(test.want)-1]) {
			t.Errorf("%s: rows %v, want %v", test.name, got, test.want)
		}
		if more := test.name == "a page" || test.name == "the next"; more != (next != 0) {
			t.Errorf("%s: the next page is before %d", test.name, next)
		}
	}
	list, _, err := l.Accesses(t.Context(), consent.AccessFilter{Limit: 1})
	if err != nil || list[0].Key != "desk" || list[0].Right != "speak" || list[0].Route != "POST /v1/calls/{id}/say" ||
		list[0].Outcome != consent.AccessGranted || len(list[0].Person) != 64 {
		t.Errorf("the newest is %+v, %v", list, err)
	}
	if own, err := l.Own(t.Context(), consent.Accessed); err != nil || len(own) != 0 {
		t.Errorf("they are among what every decision reads: %d, %v", len(own), err)
	}
	if v, err := l.Verify(t.Context()); err != nil || !v.OK || v.Rows != 5 {
		t.Errorf("the chain: %+v, %v", v, err)
	}
	text := export(t, l, proof.ExportFilter{From: 2})
	if bytes.Contains(text, []byte(person(1).E164())) || bytes.Contains(text, []byte(person(2).E164())) {
		t.Errorf("a number is in a row: %s", text)
	}
}

// A number of accesses beyond any bound on a person's rows stops no decision.
func TestAccessesStopNoDecision(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("it only computes")
	}
	l := openLedger(t, postgrestest.New(t))
	facts := make([]consent.Fact, 10_000)
	for i := range facts {
		facts[i] = consent.Access{Key: "crm", Right: "speak", Outcome: consent.AccessGranted}.Fact("", time.Now())
	}
	record(t, l, facts...)
	record(t, l, facts[:2]...)
	receipts, err := l.Transact(t.Context(), phone.Number{}, func(s consent.Snapshot) []consent.Fact {
		if s.Broken != "" || len(s.Facts) != 0 {
			t.Errorf("the ledger's own rows: %d, %q", len(s.Facts), s.Broken)
		}
		return []consent.Fact{{Type: consent.PolicyKept, TextSHA256: "x"}}
	})
	if err != nil || len(receipts) != 1 {
		t.Errorf("got %v, %v", receipts, err)
	}
}
