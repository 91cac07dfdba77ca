package consent

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// filled fills every exported field of a struct with something, so that none is forgotten
// on the way into the ledger and back.
func filled(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch f.Interface().(type) {
		case time.Time:
			f.Set(reflect.ValueOf(time.Date(2026, 11, 22, 18, 0, 0, 123456789, time.UTC)))
			continue
		case interface{ E164() string }:
			f.Set(reflect.ValueOf(number("+14155550142")))
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString("x" + name)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int, reflect.Int64:
			f.SetInt(7)
		case reflect.Struct:
			filled(t, f)
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.String {
				f.Set(reflect.ValueOf([]string{"a", "b"}).Convert(f.Type()))
			}
		case reflect.Map: // what is shared by snapshots is not an input
		default:
			t.Fatalf("%s is of a kind that this test does not know", name)
		}
	}
}

func TestEveryInputOfADecisionIsKept(t *testing.T) {
	t.Parallel()
	var req Request
	var s Snapshot
	filled(t, reflect.ValueOf(&req).Elem())
	filled(t, reflect.ValueOf(&s).Elem())
	waiting := []Fact{{Type: Revoke, Number: req.To, Seller: "riverbend", Words: "stop"}}
	raw, err := inputsOf(req, s, waiting)
	if err != nil {
		t.Fatal(err)
	}
	text, digest := req.Seller.record()
	gotReq, gotS, err := readInputs(raw, map[string]string{digest: text})
	if err != nil {
		t.Fatal(err)
	}
	s.Facts, s.Calls = waiting, nil
	if !reflect.DeepEqual(gotReq, req) {
		t.Errorf("the request came back as\n%+v, not\n%+v", gotReq, req)
	}
	if !reflect.DeepEqual(gotS, s) {
		t.Errorf("the snapshot came back as\n%+v, not\n%+v", gotS, s)
	}
	if strings.Contains(string(raw), req.Seller.LegalName) {
		t.Error("the seller's record is kept with each decision")
	}
}

// What is missing or other than it was is said, and never a silent "same".
func TestReplaySaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	p, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	req := Request{To: number("+12122352616"), Agent: "reminders", Seller: Seller{Name: "riverbend",
		LegalName: "Riverbend Dental LLC"}, Purpose: Informational}
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	s := Snapshot{AsOf: 9, AnchoredAt: now}
	d := p.Decide(req, s, now)
	in, err := inputsOf(req, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := Fact{Type: Decided, Seq: 10, Number: req.To, Decision: &d, Inputs: in}
	policy, err := PolicyText(p)
	if err != nil {
		t.Fatal(err)
	}
	own := []Fact{policy, SellerText(req.Seller)}
	if r, err := Replay(row, nil, own); err != nil || !r.Same || len(r.Different) > 0 {
		t.Fatalf("%+v, %v", r.Different, err)
	}
	late := []Fact{{Type: Revoke, Seq: 11, Number: req.To, Seller: "riverbend"}}
	if r, err := Replay(row, late, own); err != nil || !r.Same {
		t.Errorf("a row of later counts: %+v, %v", r.Different, err)
	}
	early := []Fact{{Type: Revoke, Seq: 8, Number: req.To, Seller: "riverbend", OccurredAt: now.Add(-time.Hour)}}
	if r, err := Replay(row, early, own); err != nil || r.Same || len(r.Different) == 0 {
		t.Errorf("a refusal that the decision did not see changes nothing: %+v, %v", r.Different, err)
	}
	other := row
	forged := d
	forged.Outcome = Allow
	other.Decision = &forged
	if r, err := Replay(other, nil, own); err != nil || r.Same || !strings.Contains(r.Different[0], "outcome") {
		t.Errorf("another outcome: %+v, %v", r.Different, err)
	}
	erased := row
	erased.Inputs = nil
	for name, test := range map[string]struct {
		row Fact
		own []Fact
	}{
		"no decision":   {Fact{Type: Grant}, own},
		"no policy":     {row, own[1:]},
		"no seller":     {row, own[:1]},
		"nothing kept":  {erased, own},
		"garbage":       {Fact{Type: Decided, Decision: &d, Inputs: json.RawMessage(`{"request":7}`)}, own},
		"another hash":  {row, []Fact{{Type: PolicyKept, TextSHA256: "sha256:0", Note: policy.Note}, own[1]}},
		"broken policy": {row, []Fact{{Type: PolicyKept, TextSHA256: d.Policy, Note: "caps: {per_day: 900}"}, own[1]}},
	} {
		if r, err := Replay(test.row, nil, test.own); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
