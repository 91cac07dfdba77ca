package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// sentCode has a link sent, and is the code beside it and the link.
func sentCode(t *testing.T, s *site, api *twiliotest.API, purposes ...consent.Purpose) (code, link string) {
	t.Helper()
	body := linkFor
	if purposes != nil {
		list, err := json.Marshal(purposes)
		if err != nil {
			t.Fatal(err)
		}
		body = strings.Replace(linkFor, `["informational"]`, string(list), 1)
	}
	if got := s.order("POST", "/v1/consent/links", body); got.status != 202 || strings.Contains(got.body, "optin") {
		t.Fatalf("%d %s", got.status, got.body)
	}
	texts := api.Texts()
	body = texts[len(texts)-1].Body
	found := codeIn.FindStringSubmatch(body)
	if found == nil || len(body) > 1600 {
		t.Fatalf("%d bytes were sent: %s", len(body), body)
	}
	return found[1], linkIn.FindString(body)
}

// other is a code of as many digits that is another one.
func other(code string) string {
	return fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000)
}

func atoi(s string) (n int) {
	_, _ = fmt.Sscan(strings.TrimLeft(s, "0")+" ", &n)
	return n
}

// A code that was sent to a number and is texted back from it lifts the refusal that it names: for
// nobody else, to no other number, once with its link, within the hour, and after few tries.
func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		does  func(s *site, code, link string) answer
		lifts bool
		says  string
	}{
		"as it was sent":            {func(s *site, code, _ string) answer { return s.text("SM2", number, code) }, true, "want our calls again"},
		"in two groups":             {func(s *site, code, _ string) answer { return s.text("SM2", number, " "+code[:3]+"-"+code[3:]+".\n") }, true, "want our calls again"},
		"another code":              {func(s *site, code, _ string) answer { return s.text("SM2", number, other(code)) }, false, "not the code"},
		"another person":            {func(s *site, code, _ string) answer { return s.text("SM2", number, code, "From", "+14155550188") }, false, "<Response/>"},
		"to another number of ours": {func(s *site, code, _ string) answer { return s.text("SM2", "+14155550101", code) }, false, "<Response/>"},
		"in a sentence":             {func(s *site, code, _ string) answer { return s.text("SM2", number, "is it "+code+"?") }, false, "<Response/>"},
		"in the last try": {func(s *site, code, _ string) answer {
			for i := range 4 {
				s.text(fmt.Sprint("SMx", i), number, other(code))
			}
			return s.text("SM2", number, code)
		}, true, "want our calls again"},
		"after five tries": {func(s *site, code, _ string) answer {
			for i := range 5 {
				s.text(fmt.Sprint("SMx", i), number, other(code))
			}
			return s.text("SM2", number, code)
		}, false, "not valid any more"},
		"after the hour": {func(s *site, code, _ string) answer {
			s.gate.Now = func() time.Time { return time.Now().Add(time.Hour + time.Second) }
			return s.text("SM2", number, code)
		}, false, "<Response/>"},
		"after the link": {func(s *site, code, link string) answer {
			if got := s.do(s.request("POST", link, "")); got.status != 200 {
				s.Errorf("the link: %d", got.status)
			}
			return s.text("SM2", number, code)
		}, true, "not valid any more"},
		"with the ledger away, and again": {func(s *site, code, _ string) answer {
			s.book.gone.Store(true)
			if got := s.text("SM2", number, code); got.status != 503 {
				s.Errorf("without a ledger: %d %s", got.status, got.body)
			}
			s.book.gone.Store(false)
			return s.text("SM2", number, code)
		}, true, "want our calls again"},
		"after START": {func(s *site, code, _ string) answer {
			verbs(s, s.text("SM4", number, "START"))
			return s.text("SM2", number, code)
		}, true, "want our calls again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, api := asksAgain(t)
			code, link := sentCode(t, s, api)
			got := x.does(s, code, link)
			if got.status != 200 || !strings.Contains(got.body, x.says) {
				t.Errorf("answered %d %s, want %q", got.status, got.body, x.says)
			}
			if s.standing() == consent.StateGranted != x.lifts {
				t.Errorf("after it: %s", s.standing())
			}
		})
	}
}

// What a code leaves is a consent of its route, with the question and the answer.
func TestWhatACodeLeaves(t *testing.T) {
	t.Parallel()
	s, api := asksAgain(t)
	code, link := sentCode(t, s, api)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() { s.text(fmt.Sprint("SM2", i), number, code) })
	}
	wg.Wait()
	grants := s.told(consent.Grant)
	if len(grants) != 2 { // with the one before
		t.Fatalf("the ledger has %+v", grants)
	}
	f := grants[1]
	if f.Via != consent.ViaLink || f.Renews != 2 || f.From != number || f.Evidence.Method != "one_time_code" || !strings.HasSuffix(f.Evidence.Text, "\n"+code) ||
		!strings.HasPrefix(f.Evidence.Text, "Riverbend Dental: you asked") || strings.Contains(f.Evidence.Text, link) {
		t.Errorf("the row says %+v %+v", f, f.Evidence)
	}
	if got := s.do(s.request("GET", link, "")); got.status != 200 { // it shows, and changes nothing
		t.Errorf("the link: %d", got.status)
	}
	if got := s.do(s.request("POST", link, "")); got.status != 410 {
		t.Errorf("the link of a code that was used: %d", got.status)
	}
}

// The page speaks the browser's language, or the one that was chosen on it, and what is recorded
// is what it said.
func TestLinkInTwoLanguages(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ query, accept, lang string }{
		{"", "", "en"}, {"", "es", "es"}, {"", "es-MX,es;q=0.9,en;q=0.8", "es"}, {"", "en-US, es;q=0.5", "en"}, {"", "fr, es;q=0.4, en;q=0.2", "es"},
		{"", "de", "en"}, {"", "es;q=0, en;q=0.1", "en"}, {"", "es;q=x", "en"}, {"?lang=es", "en", "es"}, {"?lang=en", "es", "en"}, {"?lang=xx", "es", "es"},
	} {
		t.Run(x.query+" "+x.accept, func(t *testing.T) {
			t.Parallel()
			s, api := asksAgain(t)
			_, link := sentCode(t, s, api)
			open := func(method string) answer {
				r := s.request(method, link+x.query, "")
				r.Header.Set("Accept-Language", x.accept)
				return s.do(r)
			}
			want := map[string]string{"en": "I agree that Riverbend Dental LLC may call me again", "es": "Acepto que Riverbend Dental LLC me vuelva a llamar"}[x.lang]
			page := open("GET")
			if page.status != 200 || !strings.Contains(page.body, want) || !strings.Contains(page.body, `<html lang="`+x.lang+`"`) || page.header.Get("Content-Language") != x.lang ||
				!strings.Contains(page.body, `action="?lang=`+x.lang+`"`) || !strings.Contains(page.header.Get("Vary"), "Accept-Language") {
				t.Errorf("%d %v %s", page.status, page.header, page.body)
			}
			if page := open("POST"); page.status != 200 || page.header.Get("Content-Language") != x.lang {
				t.Errorf("%d %s", page.status, page.body)
			}
			grants := s.told(consent.Grant)
			if f := grants[len(grants)-1]; !strings.HasPrefix(f.Evidence.Text, want) {
				t.Errorf("the ledger has %q", f.Evidence.Text)
			}
			if s.standing() != consent.StateGranted {
				t.Errorf("after it: %s", s.standing())
			}
		})
	}
}

// Whatever a link is for has a name in both languages.
func TestPurposesInTwoLanguages(t *testing.T) {
	t.Parallel()
	s, api := asksAgain(t)
	_, link := sentCode(t, s, api, consent.Purposes...)
	for lang, has := range map[string]bool{"en": true, "es": false} {
		page := s.do(s.request("GET", link+"?lang="+lang, "")).body
		for _, p := range consent.Purposes {
			if strings.Contains(page, strings.ReplaceAll(string(p), "_", " ")) != has {
				t.Errorf("%s: %s: %s", lang, p, page)
			}
		}
	}
}
