package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// Who may ask for what: each route, without anything to show for it.
func TestRoutesOfStrangers(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/healthz", 200}, {"HEAD", "/healthz", 200}, {"GET", "/readyz", 200},
		{"POST", "/twilio/voice", 403}, {"POST", "/twilio/next", 403}, {"POST", "/twilio/status", 403}, {"POST", "/twilio/stream", 403},
		{"POST", "/twilio/amd", 403}, {"POST", "/twilio/recording", 403}, {"POST", "/twilio/answer?call=x", 403}, {"POST", "/twilio/sms", 403}, {"GET", "/twilio/media", 403}, {"GET", "/twilio/voice", 403}, {"POST", "/twilio/nothing", 403},
		{"GET", "/v1/calls", 401}, {"GET", "/v1/calls/x", 401}, {"GET", "/v1/calls/x/events", 401}, {"POST", "/v1/calls/x/hangup", 401}, {"POST", "/v1/calls/x/say", 401},
		{"POST", "/v1/calls", 401}, {"POST", "/v1/consent/events", 401}, {"POST", "/v1/consent/check", 401}, {"GET", "/v1/consent/export", 401}, {"GET", "/v1/consent/verify", 401},
		{"GET", "/v1/consent/+14155550142", 401}, {"DELETE", "/v1/consent/+14155550142", 401},
		{"GET", "/v1/consent/erasures/x", 401}, {"GET", "/v1/consent/holds", 401}, {"POST", "/v1/consent/holds", 401}, {"POST", "/v1/consent/holds/1/release", 401},
		{"GET", "/v1/campaigns", 401}, {"POST", "/v1/campaigns/release", 401}, {"GET", "/v1/tools", 401}, {"GET", "/v1/nothing", 401}, {"GET", "/v1", 401}, {"GET", "/metrics", 401}, {"GET", "/console/", 401}, {"POST", "/mcp", 401},
		{"GET", "/", 404}, {"GET", "/nothing", 404}, {"POST", "/healthz", 405}, {"DELETE", "/readyz", 405},
	} {
		got := s.do(s.request(test.method, test.path, ""))
		if got.status != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got.status, test.want)
			continue
		}
		switch {
		case got.status == 403 && got.body != "":
			t.Errorf("%s %s: a stranger is told %q", test.method, test.path, got.body)
		case got.status == 401 && got.header.Get("WWW-Authenticate") == "":
			t.Errorf("%s %s: no WWW-Authenticate", test.method, test.path)
		case got.status >= 401 && got.status != 403:
			isProblem(t, got, test.want, "")
		}
	}
}

// The operators' routes, with the token: what there is not, and what is asked in
// the wrong way.
func TestRoutesOfOperators(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, test := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"GET", "/v1/calls", 200, ""}, {"HEAD", "/v1/calls", 200, ""}, {"GET", "/v1/tools", 200, ""}, {"GET", "/metrics", 200, ""},
		{"GET", "/v1/consent/events", 400, ""}, {"POST", "/v1/consent/export", 405, "GET, DELETE"}, {"POST", "/v1/consent/+14155550142", 405, "GET, DELETE"}, {"PUT", "/v1/calls", 405, "GET, POST"},
		{"POST", "/v1/tools", 405, "GET"}, {"DELETE", "/v1/calls/x", 405, "GET"}, {"POST", "/metrics", 405, "GET"},
		{"GET", "/v1/calls/x/hangup", 405, "POST"}, {"PUT", "/v1/calls/x/say", 405, "POST"},
		{"GET", "/v1/nothing", 404, ""}, {"GET", "/v1/calls/x/nothing", 404, ""}, {"GET", "/v1/calls/", 404, ""}, {"POST", "/mcp", 404, ""},
	} {
		got := s.order(test.method, test.path, "")
		if got.status != test.want || got.header.Get("Allow") != test.allow {
			t.Errorf("%s %s: %d, Allow %q, want %d, %q", test.method, test.path, got.status, got.header.Get("Allow"), test.want, test.allow)
		}
		if got.status >= 400 {
			isProblem(t, got, test.want, "")
		}
	}
}

// Only the token as it is gives access.
func TestBearerToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + apiToken + "x", "Bearer " + apiToken[:5], "Basic " + apiToken, apiToken} {
		r := s.request("GET", "/v1/calls", "")
		r.Header.Set("Authorization", header)
		isProblem(t, s.do(r), 401, "API key")
	}
	r := s.request("GET", "/v1/calls?token="+apiToken, "")
	isProblem(t, s.do(r), 401, "API key")
	r = s.request("GET", "/v1/calls", "")
	r.Header.Set("Authorization", "bearer "+apiToken) // the scheme is written in any case (RFC 9110, section 11.1)
	if got := s.do(r); got.status != http.StatusOK {
		t.Errorf("in lower case: %d, want 200", got.status)
	}
	if got := s.order("GET", "/metrics", "").body; !strings.Contains(got, `patchcord_requests_refused_total{by="token"} 9`) {
		t.Error("the metrics don't count who was refused")
	}
}

// What is written about calls is for nobody's cache.
func TestNothingIsCached(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, path := range []string{"/v1/calls", "/v1/calls/x", "/v1/tools", "/v1/nothing"} {
		if got := s.order("GET", path, "").header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

// A webhook is answered once for each connection.
func TestNoKeepAlive(t *testing.T) {
	t.Parallel()
	s := open(t)
	res, err := s.web.Client().Do(s.request("GET", "/healthz", "").WithContext(s.ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !res.Close {
		t.Error("the connection is kept")
	}
}

// The registry, with the schemas.
func TestListTools(t *testing.T) {
	t.Parallel()
	s := open(t)
	var list struct {
		Tools []struct {
			Name, Description string
			Parameters        struct{ Required []string }
		}
	}
	got := s.order("GET", "/v1/tools", "")
	if err := json.Unmarshal([]byte(got.body), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Tools) != 1 || list.Tools[0].Name != "order_status" || list.Tools[0].Description == "" || len(list.Tools[0].Parameters.Required) != 1 {
		t.Errorf("got %s", got.body)
	}
}

// Ready means that calls can be taken: not while draining, nor without the
// database. Alive is something else.
func TestReady(t *testing.T) {
	t.Parallel()
	s := open(t)
	if got := s.do(s.request("GET", "/readyz", "")); got.status != http.StatusOK || !strings.Contains(got.body, `"voice":"evi","failures":0,"asked_last":false`) {
		t.Errorf("%d, want 200, and how the voice does: %s", got.status, got.body)
	}
	for _, path := range []string{"/readyz", "/healthz"} {
		if got := s.do(s.request("GET", path, "")); !strings.Contains(got.body, `"spool":"ok"`) {
			t.Errorf("%s doesn't say that the spool can be written: %s", path, got.body)
		}
		s.full.Store(true)
		if got := s.do(s.request("GET", path, "")); got.status != http.StatusOK || !strings.Contains(got.body, `"spool":"unwritable"`) {
			t.Errorf("%s of a full disk: %d, %s", path, got.status, got.body)
		}
		s.full.Store(false)
	}
	s.db.Close()
	isProblem(t, s.do(s.request("GET", "/readyz", "")), 503, "database")
	isProblem(t, s.order("GET", "/v1/calls", ""), 503, "call log")
	isProblem(t, s.order("GET", "/v1/calls/x", ""), 503, "call log")
	isProblem(t, s.order("POST", "/v1/calls/x/hangup", ""), 503, "call log")
	s.drain()
	isProblem(t, s.do(s.request("GET", "/readyz", "")), 503, "new calls are refused")
	if got := s.do(s.request("GET", "/healthz", "")); got.status != http.StatusOK {
		t.Errorf("healthz: %d", got.status)
	}
}
