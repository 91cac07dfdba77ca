package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
)

// renewed is a consent that names the refusal of a row, with the words of the person.
func renewed(seq int, words string, change ...string) string {
	body := strings.Replace(agreed, `"type":"grant"`, fmt.Sprintf(`"type":"grant","renews":%d,"by":"Ana","reason":"called and asked for it"`, seq), 1)
	body = strings.Replace(body, "I agree that Riverbend Dental LLC may call me.", words, 1)
	return strings.NewReplacer(change...).Replace(body)
}

// A refusal stands until a fact names it, by a route on which the person acted.
func TestOnlyARenewalLiftsARefusal(t *testing.T) {
	t.Parallel()
	s := open(t)
	via := func(route, body string) answer {
		r := s.request("POST", "/v1/consent/events", body)
		r.Header.Set("Authorization", "Bearer "+apiToken)
		r.Header.Set("Patchcord-Via", route)
		return s.do(r)
	}
	refused := func(after string) {
		t.Helper()
		if got := s.order("GET", "/v1/consent/"+caller, ""); !strings.Contains(got.body, `"state":"revoked"`) {
			t.Errorf("after %s: %s", after, got.body)
		}
	}
	s.order("POST", "/v1/consent/events", agreed)
	verbs(t, s.text("SM1", number, "STOP")) // rows 2 and 3
	s.order("POST", "/v1/consent/events", strings.ReplaceAll(stop("revoke"), caller, "+14155550143"))
	refused("a STOP")

	if got := s.order("POST", "/v1/consent/events", strings.Replace(agreed, "web_form", "salesforce", 1)); got.status != 201 {
		t.Errorf("a grant that names nothing: %d %s", got.status, got.body)
	}
	removed := strings.Replace(stop("dnc_remove"), `"source"`, `"evidence":{"method":"web_form","text":"Call me again."},"source"`, 1)
	if got := s.order("POST", "/v1/consent/events", removed); got.status != 201 {
		t.Errorf("a removal that names nothing: %d %s", got.status, got.body)
	}
	refused("a grant and a removal that name nothing")

	const words = "Rang the desk and asked for reminders again."
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(4, words)), "renews")
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(1, words)), "renews")
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(99, words)), "renews")
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(2, words, "riverbend\"", "harbor\"")), "renews")
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(2, words, `"by":"Ana",`, "")), "by")
	wrongs(t, s.order("POST", "/v1/consent/events", "["+agreed+","+renewed(2, words, `"reason":"called and asked for it",`, "")+"]"), "[1].reason")
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(2, "I agree that Riverbend Dental LLC may call me! 2026-11-20T10:00Z")), "evidence.text")
	wrongs(t, via("import", renewed(2, words)), "renews")
	wrongs(t, via("sms", renewed(2, words)), "Patchcord-Via", "renews")
	wrongs(t, via("link", renewed(2, words)), "Patchcord-Via", "renews")
	refused("renewals that are none")

	if got := s.order("POST", "/v1/consent/events", renewed(2, words)); got.status != 201 {
		t.Fatalf("a renewal: %d %s", got.status, got.body)
	}
	if got := s.order("GET", "/v1/consent/"+caller, ""); !strings.Contains(got.body, `"state":"granted"`) {
		t.Errorf("after it: %s", got.body)
	}
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		t.Fatal(err)
	}
	if f := facts[len(facts)-1]; f.Via != consent.ViaAPI || f.By != "Ana" || f.Reason != "called and asked for it" || f.Renews != 2 {
		t.Errorf("the row says %+v", f)
	}
	verbs(t, s.text("SM2", number, "STOP"))
	wrongs(t, s.order("POST", "/v1/consent/events", renewed(10, words)), "evidence.text")
	refused("another STOP, and the same words again")
}
