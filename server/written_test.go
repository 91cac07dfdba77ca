package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// The route of a fact is what the server knows, and a request can only lower it.
func TestTheRouteOfAFact(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, x := range []struct {
		says string
		want consent.Via
	}{{"", consent.ViaAPI}, {"import", consent.ViaImport}, {"cli", consent.ViaCLI}} {
		r := s.request("POST", "/v1/consent/events", stop("revoke"))
		r.Header.Set("Authorization", "Bearer "+apiToken)
		if x.says != "" {
			r.Header.Set(api.ViaHeader, x.says)
		}
		if got := s.do(r); got.status != 201 {
			t.Fatalf("%q: %d %s", x.says, got.status, got.body)
		}
		facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
		if err != nil || len(facts) <= i {
			t.Fatal(facts, err)
		}
		if last := newest(facts); last.Via != x.want {
			t.Errorf("a request that says %q comes by %q, want %q", x.says, last.Via, x.want)
		}
	}
	body := strings.Replace(stop("revoke"), "{", `{"via":"sms",`, 1)
	isProblem(t, s.order("POST", "/v1/consent/events", body), 400, "via")
}

func newest(facts []consent.Fact) (last consent.Fact) {
	for _, f := range facts {
		if f.Seq > last.Seq && f.Type == consent.Revoke {
			last = f
		}
	}
	return last
}

// A date alone is the whole day.
func TestAnEventOfADay(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := strings.Replace(stop("preference"), `"2026-01-02T15:04:05Z"`, `"2026-01-02","not_before":"2026-01-05"`, 1)
	if got := s.order("POST", "/v1/consent/events", body); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil || len(facts) != 1 {
		t.Fatal(facts, err)
	}
	f := facts[0]
	if f.OccurredOn != "2026-01-02" || f.OccurredAt.UTC().Format(time.RFC3339) != "2026-01-02T12:00:00Z" {
		t.Errorf("it happened at %v, on %q", f.OccurredAt, f.OccurredOn)
	}
	if f.NotBefore == nil || f.NotBefore.UTC().Format(time.RFC3339) != "2026-01-05T12:00:00Z" { // midnight on Baker Island
		t.Errorf("not before %v", f.NotBefore)
	}
	for _, bad := range []string{"2026-02-30", "2026-1-2", "01/02/2026", "2026-01-02 ", "46346", ""} {
		isProblem(t, s.order("POST", "/v1/consent/events", strings.Replace(stop("revoke"), "2026-01-02T15:04:05Z", bad, 1)), 400, "occurred_at")
	}
}

// What the gate can't use is refused when it is written.
func TestWhatIsWrittenIsChecked(t *testing.T) {
	t.Parallel()
	s := withReminders(t, false)
	fact := func(more string) string {
		return fmt.Sprintf(`{"type":"number_fact","number":%q,"occurred_at":"2026-01-02T15:04:05Z","source":"crm",%s}`, caller, more)
	}
	at := func(number, body string) string { return strings.Replace(body, caller, number, 1) }
	located := func(where string) string { return strings.Replace(reminderBody(""), `{"state":"CA"}`, where, 1) }
	for body, about := range map[string]string{
		fact(`"zone":"EST"`):                           "America/New_York",
		fact(`"zone":"Etc/GMT+5"`):                     "zone",
		fact(`"zone":"Europe/London"`):                 "zone",
		fact(`"state":"ON"`):                           "state",
		fact(`"state":"FL","zone":"America/Denver"`):   "Florida",
		at("+442079460123", agreed):                    "number: can't be called",
		at("+12125550142", agreed):                     "fiction",
		at("+18002352671", fact(`"state":"CA"`)):       "toll-free",
		at("+19002352671", fact(`"line_type":"voip"`)): "premium",
	} {
		isProblem(t, s.order("POST", "/v1/consent/events", body), 400, about)
	}
	for body, about := range map[string]string{
		at("+442079460123", reminderBody("")):                  "to: this number can't be called",
		at("+12125550142", reminderBody("")):                   "fiction",
		located(`{"zone":"EST"}`):                              "America/New_York",
		located(`{"state":"ZZ"}`):                              "location.state",
		located(`{"state":"FL","zone":"America/Los_Angeles"}`): "location.zone",
	} {
		isProblem(t, s.order("POST", "/v1/reminders", body), 400, about)
	}
	for _, kind := range []string{"revoke", "dnc_add"} {
		for _, n := range []string{"+442079460123", "+12125550142", "+1212235261", "+18002352671"} {
			if got := s.order("POST", "/v1/consent/events", at(n, stop(kind))); got.status != 201 {
				t.Errorf("%s of %s: %d %s", kind, n, got.status, got.body)
			}
		}
	}
}
