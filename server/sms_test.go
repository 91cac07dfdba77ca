package server_test

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
)

// text is the webhook of a text from the caller to one of our numbers.
func (s *site) text(sid, to, body string, change ...string) answer {
	s.Helper()
	form := url.Values{"MessageSid": {sid}, "AccountSid": {"AC1"}, "From": {caller}, "To": {to}, "Body": {body}, "NumMedia": {"0"}}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return s.hook("/twilio/sms", form)
}

// revoked is the sellers whom the caller has told to stop, each time.
func (s *site) revoked() []string {
	s.Helper()
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		s.Fatal(err)
	}
	var list []string
	for _, f := range facts {
		if f.Type != consent.Revoke {
			continue
		}
		if f.Source != "sms" || f.Actor != "sms" || f.Scope != consent.AllAutomated || f.OccurredAt.IsZero() {
			s.Errorf("a revocation by text is %+v", f)
		}
		list = append(list, f.Seller)
	}
	return list
}

const emptyResponse = "<Response/>"

// STOP and its kin end all calls of whoever texts from the number that it reached.
func TestTextedStop(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"STOP", " stop. ", "Stop", "stopall", "STOP ALL", "Unsubscribe", "CANCEL", "end", "Quit", "revoke", "OPTOUT", "opt-out", "STOP!", "\"stop\"", "stop\n"} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			got := s.text("SM1", number, body)
			if verbs(t, got); !strings.HasSuffix(got.body, emptyResponse) {
				t.Errorf("answered %s", got.body)
			}
			if list := s.revoked(); fmt.Sprint(list) != "[riverbend]" {
				t.Errorf("revoked of %v", list)
			}
			if got := s.order("POST", "/v1/calls", whole); got.status != 403 {
				t.Errorf("a call after it: %d", got.status)
			}
		})
	}
}

func TestTextedToWhom(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		to, want string
		change   []string
	}{
		"the number of an agent":                 {number, "[riverbend]", nil},
		"another seller's":                       {"+14155550109", "[harbor]", nil},
		"the number to call back":                {callback, "[riverbend]", nil},
		"the toll-free number":                   {tollfree, "[riverbend]", nil},
		"a number that nobody knows":             {"+14155550188", "[harbor riverbend]", nil},
		"a messaging service":                    {"", "[harbor riverbend]", []string{"MessagingServiceSid", "MG1"}},
		"a short code":                           {"72345", "[harbor riverbend]", nil},
		"WhatsApp":                               {"whatsapp:" + number, "[riverbend]", []string{"From", "whatsapp:" + caller}},
		"a word that only Twilio knows":          {number, "[riverbend]", []string{"Body", "ARRET", "OptOutType", "STOP"}},
		"a text that Twilio gives no identifier": {number, "[riverbend]", []string{"MessageSid", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			verbs(t, s.text("SM1", test.to, "STOP", test.change...))
			list := s.revoked()
			if slices.Sort(list); fmt.Sprint(list) != test.want {
				t.Errorf("revoked of %v, want %s", list, test.want)
			}
		})
	}
}

// The same text announced again is written once; another one again.
func TestTextedTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		verbs(t, s.text("SM1", number, "STOP"))
	}
	if list := s.revoked(); len(list) != 1 {
		t.Errorf("one text: revoked %d times", len(list))
	}
	verbs(t, s.text("SM2", number, "STOP"))
	if list := s.revoked(); len(list) != 2 {
		t.Errorf("two texts: revoked %d times", len(list))
	}
	verbs(t, s.text("SM2", number, "Please stop calling me"))
	if list := s.revoked(); len(list) != 3 {
		t.Errorf("two texts under one identifier: revoked %d times", len(list))
	}
}

// HELP says who texts, how to stop it and where to ask.
func TestTextedHelp(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, body := range []string{"HELP", " help? ", "Info"} {
		all := verbs(t, s.text("SM1", number, body))
		if len(all) != 1 || all[0].Name != "Message" {
			t.Fatalf("%s: %+v", body, all)
		}
		for _, want := range []string{"Riverbend Dental", "STOP", callback, tollfree} {
			if !strings.Contains(all[0].Text, want) {
				t.Errorf("%s: nothing of %s in %q", body, want, all[0].Text)
			}
		}
		if n := len(all[0].Text); n > 160 {
			t.Errorf("%s: %d characters are more than one text", body, n)
		}
	}
	if all := verbs(t, s.text("SM1", "+14155550109", "HELP")); !strings.Contains(all[0].Text, "Harbor Bank NA") {
		t.Errorf("of the other seller: %q", all[0].Text)
	}
	if list := s.revoked(); len(list) != 0 {
		t.Errorf("revoked of %v", list)
	}
}

// All else is answered by nothing, and changes nothing.
func TestOtherTexts(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, test := range []struct {
		body   string
		change []string
	}{
		{"", nil}, {"Thanks!", nil}, {"I'll stop by the office on Monday", nil}, {"Don't stop", nil}, {"START", nil}, {"yes", nil}, {"end of the month?", nil},
		{"HELP", []string{"OptOutType", "HELP"}}, // Twilio has answered already
		{"START", []string{"OptOutType", "START"}}, {"HELP", []string{"To", "+14155550188"}},
		{"STOP", []string{"From", "72345"}}, {"STOP", []string{"From", ""}}, {"STOP", []string{"From", "Riverbend"}},
	} {
		if got := s.text("SM1", number, test.body, test.change...); got.status != 200 || !strings.HasSuffix(got.body, emptyResponse) {
			t.Errorf("%q %v: %d %s", test.body, test.change, got.status, got.body)
		}
	}
	if list := s.revoked(); len(list) != 0 {
		t.Errorf("revoked of %v", list)
	}
}

// With the ledger away a STOP is kept on disk, counts from then on, and Twilio is sent to its
// fallback. Where the disk takes nothing either it counts all the same.
func TestTextedWhileTheLedgerIsAway(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]bool{"on disk": false, "in memory alone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if broken {
				if err := os.RemoveAll(s.spooled); err != nil {
					t.Fatal(err)
				}
			}
			s.book.gone.Store(true)
			isProblem(t, s.text("SM1", number, "STOP"), 503, "")
			if n := s.gate.Spool.Waiting(); n != 2 {
				t.Fatalf("%d facts wait", n)
			}
			s.book.gone.Store(false)
			isProblem(t, s.order("POST", "/v1/calls", whole), 403, "revoked")
			if broken {
				return
			}
			if err := s.gate.Spool.Replay(s.ctx, s.book); err != nil {
				t.Fatal(err)
			}
			if list := s.revoked(); fmt.Sprint(list) != "[riverbend]" {
				t.Errorf("revoked of %v", list)
			}
			if verbs(t, s.text("SM1", number, "STOP")); len(s.revoked()) != 2 { // the fallback got it, too
				t.Errorf("announced again: revoked %d times", len(s.revoked()))
			}
		})
	}
}
