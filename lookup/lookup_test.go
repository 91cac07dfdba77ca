package lookup_test

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/lookup/lookuptest"
)

const callee = "+12122352671"

// Whatever an endpoint says, only a whole and fitting "no" lets a call through.
func TestAnswers(t *testing.T) {
	t.Parallel()
	date := time.Now().UTC().AddDate(0, 0, -10).Format(time.DateOnly)
	day, n := strings.ReplaceAll(date, "-", ""), `"number":"`+callee+`"`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   consent.Outcome
		facts  int
	}{
		"no":            {says(200, `{`+n+`,"reassigned":"no"}`), consent.Allow, 1},
		"no since then": {says(200, `{`+n+`,"reassigned":"no","date":"`+date+`","line_type":"wireless"}`), consent.Allow, 1},
		"yes":           {says(200, `{`+n+`,"reassigned":"yes"}`), consent.Deny, 1},
		"no data":       {says(200, `{`+n+`,"reassigned":"no_data"}`), consent.Hold, 1},
		"in Twilio's": {says(200,
			`{"phone_number":"`+callee+`","line_type_intelligence":{"type":"nonFixedVoip"},"reassigned_number":{"last_verified_date":"`+day+`","is_number_reassigned":"no"}}`), consent.Allow, 1},
		"a new type": {says(200, `{`+n+`,"reassigned":"no","line_type_intelligence":{"type":"hologram"}}`),
			consent.Allow, 1},
		"Twilio's yes": {says(200, `{"phone_number":"`+callee+`","reassigned_number":{"is_number_reassigned":"yes"}}`),
			consent.Deny, 1},
		"Twilio's error": {says(200,
			`{"phone_number":"`+callee+`","reassigned_number":{"is_number_reassigned":null,"error_code":60601}}`),
			consent.Hold, 0},

		"HTML":           {says(200, "<!doctype html><title>Sign in</title>"), consent.Hold, 0},
		"nothing":        {says(200, ""), consent.Hold, 0},
		"null":           {says(200, "null"), consent.Hold, 0},
		"an array":       {says(200, `[{`+n+`,"reassigned":"no"}]`), consent.Hold, 0},
		"half":           {says(200, `{`+n+`,"reassigned":"no"`), consent.Hold, 0},
		"two":            {says(200, `{`+n+`,"reassigned":"no"}{`+n+`,"reassigned":"no"}`), consent.Hold, 0},
		"a boolean":      {says(200, `{`+n+`,"reassigned":false}`), consent.Hold, 0},
		"a number":       {says(200, `{"number":12122352671,"reassigned":"no"}`), consent.Hold, 0},
		"a list":         {says(200, `{`+n+`,"reassigned":["no"]}`), consent.Hold, 0},
		"no number":      {says(200, `{"reassigned":"no"}`), consent.Hold, 0},
		"another number": {says(200, `{"number":"+12122352672","reassigned":"no"}`), consent.Hold, 0},
		"two numbers":    {says(200, `{`+n+`,"phone_number":"+12122352672","reassigned":"no"}`), consent.Hold, 0},
		"another date":   {says(200, `{`+n+`,"reassigned":"no","date":"2020-01-01"}`), consent.Hold, 0},
		"a future date":  {says(200, `{`+n+`,"reassigned":"no","date":"2126-01-01"}`), consent.Hold, 0},
		"both": {says(200, `{`+n+`,"reassigned":"no","reassigned_number":{"is_number_reassigned":"yes"}}`),
			consent.Hold, 0},
		"twice": {says(200, `{`+n+`,"reassigned":"yes","reassigned":"no"}`), consent.Hold, 0},
		"twice within": {says(200,
			`{`+n+`,"reassigned_number":{"is_number_reassigned":"yes","Is_Number_Reassigned":"no"}}`), consent.Hold, 0},
		"maybe":            {says(200, `{`+n+`,"reassigned":"maybe"}`), consent.Hold, 0},
		"suspected":        {says(200, `{`+n+`,"reassigned":"suspected"}`), consent.Hold, 0},
		"an odd line":      {says(200, `{`+n+`,"reassigned":"no","line_type":"string and cans"}`), consent.Hold, 0},
		"something else":   {says(200, `{`+n+`,"result":"no"}`), consent.Hold, 0},
		"an error's words": {says(500, `{`+n+`,"reassigned":"no"}`), consent.Hold, 0},
		"created":          {says(201, `{`+n+`,"reassigned":"no"}`), consent.Hold, 0},
		"too long": {says(200, `{`+n+`,"reassigned":"no","more":"`+strings.Repeat("x", 64<<10)+`"}`),
			consent.Hold, 0},
		"a bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, `{`+n+`,"reassigned":"no"}`, strings.Repeat(" ", 8<<20))
			z.Close()
		}, consent.Hold, 0},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusTemporaryRedirect)
		}, consent.Hold, 0},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{`+n+`,"reassigned":"no"}`)
		}, consent.Hold, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c.answer, lookup.Reassigned)
			s.agreed(consent.Informational)
			d := s.clear(consent.Informational)
			if d.Outcome != c.want {
				t.Errorf("%s: %+v", d.Outcome, d.Failing())
			}
			facts := s.ledger.Facts(consent.NumberFact)
			if len(facts) != c.facts {
				t.Fatalf("the ledger has %+v", facts)
			}
			for _, f := range facts {
				if f.Source != "127.0.0.1" || f.Actor != "lookup" || f.Seller != "riverbend" || f.DateParam != date {
					t.Errorf("the ledger has %+v", f)
				}
			}
			if asked := s.requests(); len(asked) != 1 || !strings.Contains(asked[0], date) {
				t.Errorf("asked %q", asked)
			}
			if log := s.log.String(); strings.Contains(log, callee[1:]) || strings.Contains(log, "secret") ||
				(c.facts == 0) != strings.Contains(log, "lookup failed; call held") {
				t.Errorf("the log says %s", log)
			}
		})
	}
}

// It is asked once, and only where the answer decides.
func TestWhenItIsAsked(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC().Format(time.DateOnly)
	answer := func(w http.ResponseWriter, r *http.Request) {
		more := map[string]string{"/reassigned": `"reassigned":"no"`, "/line_type": `"line_type":"landline"`,
			"/dnc_national": `"result":"no","version_date":"` + today + `"`,
			"/dnc_state":    `"result":"no","version_date":"` + today + `"`}[r.URL.Path]
		fmt.Fprintf(w, `{"number":"%s",%s}`, callee, more)
	}
	all := lookup.Kinds
	for name, c := range map[string]struct {
		kinds   []lookup.Kind
		before  func(*stage)
		purpose consent.Purpose
		state   string
		asked   string // the paths, in order of their names
		want    consent.Outcome
	}{
		"a call that sells nothing": {all, func(s *stage) { s.agreed(consent.Informational) }, consent.Informational,
			"NY", "/line_type /reassigned", consent.Allow},
		"a sale": {all, func(s *stage) { s.agreed(consent.Telemarketing) }, consent.Telemarketing,
			"VA", "/dnc_national /line_type /reassigned", consent.Allow},
		"with no consent": {all, func(*stage) {}, consent.Informational, "NY", "", consent.Deny},
		"one that covers other calls": {all, func(s *stage) { s.agreed(consent.Research) }, consent.Informational, "NY",
			"", consent.Deny},
		"who said stop": {all, func(s *stage) {
			s.agreed(consent.Informational)
			s.record(consent.Fact{Type: consent.Revoke, Source: "phone"})
		}, consent.Informational, "NY", "", consent.Deny},
		"what may be a stop": {all, func(s *stage) {
			s.agreed(consent.Informational)
			s.record(consent.Fact{Type: consent.OptOutUnclear, Source: "call", Words: "hm, stop it"})
		}, consent.Informational, "NY", "", consent.Hold},
		"held all the same": {all, func(s *stage) { // the ledger's head is written down nowhere else
			s.agreed(consent.Informational)
			s.gate.Ledger = s.ledger
		}, consent.Informational, "NY", "", consent.Hold},
		"of two things one can't be asked": {[]lookup.Kind{lookup.Reassigned},
			func(s *stage) { s.agreed(consent.Telemarketing) }, consent.Telemarketing, "VA", "", consent.Hold},
		"the fact is there": {all, func(s *stage) {
			s.record(consent.Fact{Type: consent.NumberFact, Source: "csv", Reassigned: consent.No,
				DateParam: s.agreed(consent.Informational)})
		}, consent.Informational, "NY", "", consent.Allow},
		"nothing is known but that there is no data": {all, func(s *stage) {
			s.record(consent.Fact{Type: consent.NumberFact, Source: "127.0.0.1", Actor: "lookup", Reassigned: consent.NoData,
				DateParam: s.agreed(consent.Informational)})
		}, consent.Informational, "NY", "", consent.Hold},
		"it was said long ago": {all, func(s *stage) {
			s.record(consent.Fact{Type: consent.NumberFact, Source: "csv", Reassigned: consent.No,
				DateParam: s.agreed(consent.Informational), OccurredAt: time.Now().AddDate(0, 0, -40)})
		}, consent.Informational, "NY", "/line_type /reassigned", consent.Allow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, answer, c.kinds...)
			c.before(s)
			req := s.request(c.purpose)
			req.Location = consent.Location{State: c.state, Zone: "America/New_York"}
			req.Marketing = c.purpose == consent.Telemarketing
			s.gate.LookUp(t.Context(), req)
			if _, d, _ := s.gate.Clear(t.Context(), req); d.Outcome != c.want { // nothing is lacking by now, or nothing helps
				t.Errorf("%s: %+v", d.Outcome, d.Failing())
			}
			var paths []string
			for _, a := range s.requests() {
				paths = append(paths, strings.Fields(a)[1])
			}
			if got := strings.Join(sorted(paths), " "); got != c.asked {
				t.Errorf("asked %q, want %q", got, c.asked)
			}
		})
	}
}

// Many who ask about one number at once ask once.
func TestManyAskOnce(t *testing.T) {
	t.Parallel()
	s := open(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"number":"%s","reassigned":"no"}`, callee)
	}, lookup.Reassigned)
	s.agreed(consent.Informational)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { s.gate.LookUp(t.Context(), s.request(consent.Informational)) })
	}
	wg.Wait()
	if n, facts := len(s.requests()), len(s.ledger.Facts(consent.NumberFact)); n != 1 || facts != 1 {
		t.Errorf("asked %d times, %d facts", n, facts)
	}
}

// Twilio's own API, by its own shape: one request for both.
func TestTwilioLookup(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]consent.Outcome{"no": consent.Allow, "yes": consent.Deny,
		"no data": consent.Hold, "": consent.Hold} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			twilio := &lookuptest.Twilio{User: "AC1", Password: "token", Line: "mobile", Reassigned: answer}
			s := open(t, twilio.ServeHTTP)
			e := lookup.Endpoint{URL: s.web.URL + "/v2/PhoneNumbers/{number}?Fields=line_type_intelligence,reassigned_number&LastVerifiedDate={yyyymmdd}",
				Headers: map[string]string{"Authorization": "Basic QUMxOnRva2Vu"}}
			s.look(map[lookup.Kind]lookup.Endpoint{lookup.Reassigned: e, lookup.LineType: e})
			date := s.agreed(consent.Informational)
			if d := s.clear(consent.Informational); d.Outcome != want {
				t.Errorf("%s: %+v", d.Outcome, d.Failing())
			}
			if asked := twilio.Asked(); len(asked) != 1 ||
				!strings.HasSuffix(asked[0], "LastVerifiedDate="+strings.ReplaceAll(date, "-", "")) {
				t.Errorf("asked %q", asked)
			}
			for _, f := range s.ledger.Facts(consent.NumberFact) {
				if f.LineType != "wireless" || f.DateParam != date {
					t.Errorf("the ledger has %+v", f)
				}
			}
		})
	}
}

func TestBadEndpoints(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"": "required", "lookup.example": "no host", "ftp://lookup.example/": "https", "http://lookup.example/": "https",
		"https://user:secret@lookup.example/": "user or password",
		"https://lookup.example/{phone}":      "placeholders", "https://%zz": "not a URL",
		"https://lookup.example/{number}?on={date}": "", "http://localhost:1/": "", "http://[::1]:1/{state}": "",
	} {
		err := lookup.Endpoint{URL: url}.Check()
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q: %v, want %q", url, err, want)
		}
	}
	_, err := lookup.New(lookup.Config{Endpoints: map[lookup.Kind]lookup.Endpoint{"shoe_size": {URL: "x"},
		lookup.LineType: {}}})
	for _, want := range []string{"shoe_size", "line_type: url: required"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
