package server_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// asksAgain is a service that texts, and a person who said stop: row 2 is their refusal.
func asksAgain(t *testing.T) (*site, *twiliotest.API) {
	t.Helper()
	const account = "AC00000000000000000000000000000001"
	api := twiliotest.NewAPI(&twiliotest.Phone{AccountSID: account, AuthToken: authToken})
	carrier := httptest.NewServer(api)
	t.Cleanup(carrier.Close)
	texts, err := twilio.NewClient(twilio.Config{AccountSID: account, AuthToken: authToken, BaseURL: carrier.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := openWith(t, func(c *server.Config) {
		c.Texter, c.PublicURL, c.Directory.TextsFrom = texts, public, map[string]phone.Number{"riverbend": mustNumber(number)}
	})
	s.order("POST", "/v1/consent/events", agreed)
	verbs(t, s.text("SM1", number, "STOP")) // rows 2 and 3
	return s, api
}

const linkFor = `{"number":"` + caller + `","seller":"riverbend","renews":2,"purposes":["informational"]}`

var (
	linkIn = regexp.MustCompile(`/optin/\S+`)
	codeIn = regexp.MustCompile(`reply (\d{6}) or`)
)

// standing is what the caller's number is to riverbend.
func (s *site) standing() consent.State {
	return decode[api.History](s.T, s.order("GET", "/v1/consent/"+caller, "")).Sellers["riverbend"]
}

// A link that is sent to the number and comes back lifts the refusal that it names: once,
// by a button, and for nobody else.
func TestOneTimeLink(t *testing.T) {
	t.Parallel()
	s, api := asksAgain(t)
	body := linkFor
	wrongs(t, s.order("POST", "/v1/consent/links", strings.Replace(body, `"renews":2`, `"renews":1`, 1)), "renews")
	wrongs(t, s.order("POST", "/v1/consent/links", `{"purposes":["fun"]}`), "renews", "seller")
	got := s.order("POST", "/v1/consent/links", body)
	if got.status != 202 || strings.Contains(got.body, "optin") {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if again := s.order("POST", "/v1/consent/links", body); again.status != 409 {
		t.Errorf("a second link at once: %d %s", again.status, again.body)
	}
	sent := api.Texts()
	text := sent[len(sent)-1]
	link := linkIn.FindString(text.Body)
	if text.To != caller || text.From != number || link == "" || !strings.Contains(text.Body, "Riverbend Dental: ") {
		t.Fatalf("sent %v", text)
	}
	open := func(method, path string) answer { return s.do(s.request(method, path, "")) }
	for range 3 { // as scanners do
		if page := open("GET", link); page.status != 200 || !strings.Contains(page.body, "Riverbend Dental LLC") || page.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %s", page.status, page.body)
		}
	}
	if s.standing() != consent.StateRevoked {
		t.Errorf("to open the page changed something: %s", s.standing())
	}
	for _, bad := range []string{"/optin/x", link[:len(link)-2] + "AA", "/optin/" + strings.Repeat("A", 9000)} {
		if page := open("POST", bad); page.status != 410 {
			t.Errorf("%.20s: %d", bad, page.status)
		}
	}
	s.book.gone.Store(true)
	if page := open("POST", link); page.status != http.StatusServiceUnavailable {
		t.Errorf("without a ledger: %d", page.status)
	}
	s.book.gone.Store(false)
	taken := make(chan int, 8)
	var wg sync.WaitGroup
	for range cap(taken) {
		wg.Go(func() { taken <- open("POST", link).status })
	}
	wg.Wait()
	close(taken)
	count := map[int]int{}
	for status := range taken {
		count[status]++
	}
	if count[200] != 1 || count[410] != 7 {
		t.Errorf("confirmed at once by eight: %v", count)
	}
	if s.standing() != consent.StateGranted {
		t.Errorf("after it: %s", s.standing())
	}
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		t.Fatal(err)
	}
	if f := facts[len(facts)-1]; f.Via != consent.ViaLink || f.Renews != 2 || f.Evidence.IP == "" || f.Tier != consent.Express {
		t.Errorf("the row says %+v %+v", f, f.Evidence)
	}
	if got := s.text("SM3", number, codeIn.FindStringSubmatch(text.Body)[1]); !strings.Contains(got.body, "not valid any more") {
		t.Errorf("the code of a link that was used: %s", got.body)
	}
	api.Fail(twiliotest.Failure{Status: 500})
	verbs(t, s.text("SM2", number, "STOP"))
	if got := s.order("POST", "/v1/consent/links", strings.Replace(body, `"renews":2`, `"renews":5`, 1)); got.status != 502 {
		t.Errorf("a carrier that fails: %d %s", got.status, got.body)
	}
}

func TestLinksWithoutTexts(t *testing.T) {
	t.Parallel()
	body := linkFor
	if got := open(t).order("POST", "/v1/consent/links", body); got.status != 501 {
		t.Errorf("%d %s", got.status, got.body)
	}
}
