package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/lookup/lookuptest"
)

// asksAt is benchYAML with a look-up.
func asksAt(url string) string {
	return benchYAML + fmt.Sprintf("lookups:\n  reassigned: {url: %q, headers: {Authorization: \"Basic ${HUME_API_KEY}\"}}\n", url)
}

// A consent is enough where the rest can be looked up: a call asked for, and one that is
// due.
func TestLookedUpBeforeACall(t *testing.T) {
	twilio := &lookuptest.Twilio{Line: "mobile", Reassigned: "no"}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Basic key" {
			t.Errorf("the header is %q", r.Header.Get("Authorization"))
		}
		r.Header.Del("Authorization")
		r.SetBasicAuth("", "")
		twilio.ServeHTTP(w, r)
	}))
	defer web.Close()
	for name, place := range map[string][]string{
		"a call":     append([]string{"call"}, ask(person)...),
		"a reminder": append(append([]string{"remind", "add"}, ask(person)...), "--in", "1ms"),
	} {
		t.Run(name, func(t *testing.T) {
			b := servingWith(t, asksAt(web.URL+"/v2/PhoneNumbers/{number}?Fields=line_type_intelligence,reassigned_number&LastVerifiedDate={yyyymmdd}"), evitest.Script())
			before := len(twilio.Asked())
			exits(t, exitDone, []string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational", "--source", "phone", "--text", "Yes, call me.", "--verified-by", "call-in"})
			exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "reassigned") // it writes nothing, and asks nobody
			bridge(t, place...)
			if _, err := b.callee.Rung(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if n := len(twilio.Asked()) - before; n != 1 {
				t.Errorf("asked %d times", n)
			}
			var facts, decisions []consent.Fact
			for _, f := range b.history(person) {
				switch f.Type {
				case consent.NumberFact:
					facts = append(facts, f)
				case consent.Decided:
					decisions = append(decisions, f)
				}
			}
			if len(facts) != 1 || facts[0].Source != "127.0.0.1" || facts[0].Actor != "lookup" || facts[0].LineType != "wireless" || facts[0].Reassigned != consent.No {
				t.Errorf("the ledger has %+v", facts)
			}
			if len(decisions) != 1 {
				t.Errorf("%d decisions", len(decisions))
			}
		})
	}
}

// An endpoint that has a page for everyone in the place of an answer, or is not there,
// holds the call; the doctor tells of a host that is not there.
func TestLookupThatAnswersHTML(t *testing.T) {
	var asked atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, "<!doctype html><title>Sign in</title>")
	}))
	defer web.Close()
	b := servingWith(t, asksAt(web.URL), evitest.Script())
	exits(t, exitDone, []string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational", "--source", "phone", "--text", "Yes, call me.", "--verified-by", "call-in"})
	exits(t, exitRefused, append([]string{"call"}, ask(person)...), "HELD", "reassigned")
	r := exits(t, exitDone, append(append([]string{"remind", "add", "--json"}, ask(person)...), "--in", "1ms"))
	id := strings.SplitN(strings.SplitN(r.out, `"id":"`, 2)[1], `"`, 2)[0]
	b.reminds(id, "held", func(r api.Reminder) bool { return r.Status == "held" })
	if asked.Load() != 2 || len(b.callee.Calls()) != 0 {
		t.Errorf("asked %d times, rang %d times", asked.Load(), len(b.callee.Calls()))
	}
	exits(t, exitDone, []string{"doctor"}, "lookup reassigned", "127.0.0.1 resolves")
}

func TestLookupSettings(t *testing.T) {
	configtest.In(t, map[string]string{"bridge.yaml": asksAt("http://lookup.example/") + "  shoe_size: {url: \"https://lookup.example/{phone}\"}\n  line_type: {}\n  dnc_state: {url: \"https://lookup.invalid/{state}\", colour: red}\n"})
	exits(t, exitUsage, []string{"doctor"}, "lookups.reassigned.url", "want https", "lookups.shoe_size", "line_type reassigned dnc_national dnc_state", "placeholders", "lookups.line_type.url", "required", "unknown key colour", "no HUME_API_KEY")
}
