package twiliotest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

// line is a phone, a bridge that only listens, and the API, over true sockets.
func line(t *testing.T) (*Phone, *API, *twilio.Client) {
	t.Helper()
	mux := http.NewServeMux()
	p := &Phone{AuthToken: token, AccountSID: "AC" + strings.Repeat("a", 32)}
	mux.HandleFunc("POST /twilio/voice", func(w http.ResponseWriter, r *http.Request) {
		doc, err := twiml.ConnectStream(twiml.Stream{URL: "ws" + strings.TrimPrefix(p.Bridge, "http") + "/twilio/media"})
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte(doc))
	})
	mux.HandleFunc("GET /twilio/media", func(w http.ResponseWriter, r *http.Request) {
		s, err := twilio.Accept(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		defer s.Close(1000, "")
		listen(s, nil)
	})
	bridge := httptest.NewServer(mux)
	t.Cleanup(bridge.Close)
	p.Bridge = bridge.URL
	api := NewAPI(p)
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	client, err := twilio.NewClient(twilio.Config{AccountSID: p.AccountSID, AuthToken: token, BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return p, api, client
}

func TestAPIHangsUp(t *testing.T) {
	p, api, client := line(t)
	c := dial(t.Context(), t, p)
	await(t.Context(), t, c, Started, "")
	sid := twilio.CallSID(c.SID)
	for range 2 { // the second finds the call ended
		if err := client.HangUp(t.Context(), sid); err != nil {
			t.Fatal(err)
		}
		<-c.Done()
	}
	if c.Ended() != "rest" {
		t.Errorf("ended by %q", c.Ended())
	}
	await(t.Context(), t, c, Stopped, "")
	noFaults(t, c)
	if err := client.HangUp(t.Context(), twilio.CallSID("CA"+strings.Repeat("0", 32))); err != nil {
		t.Errorf("a call that is not there: %v", err)
	}
	got := api.Requests()
	if len(got) != 3 || got[0].Method != "POST" || got[0].Form.Get("Status") != "completed" || !strings.HasSuffix(got[0].Path, c.SID+".json") {
		t.Errorf("requests %+v", got)
	}
}

// What no client of ours asks for is as on the wire.
func TestAPIFetchesACall(t *testing.T) {
	p, api, _ := line(t)
	c := dial(t.Context(), t, p)
	await(t.Context(), t, c, Started, "")
	get := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/2010-04-01/Accounts/"+p.AccountSID+path, nil)
		r.SetBasicAuth(p.AccountSID, p.AuthToken)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		return w
	}
	if w := get("/Calls/" + c.SID + ".json"); w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"in-progress"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/Calls/CA1.json", "/Calls/" + c.SID, "/Recordings.json"} {
		if w := get(path); w.Code != 404 || !strings.Contains(w.Body.String(), "20404") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	c.HangUp()
	<-c.Done()
}

func TestAPIRedirects(t *testing.T) {
	p, _, client := line(t)
	c := dial(t.Context(), t, p)
	await(t.Context(), t, c, Started, "")
	sid := twilio.CallSID(c.SID)
	if err := client.Redirect(t.Context(), sid, twiml.Fallback("", "+14155550199")); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	if got := names(c.Followed()); !slices.Equal(got, []string{"Connect", "Dial", "Hangup"}) {
		t.Errorf("followed %q", got)
	}
	if got := c.Followed()[1].Number(); got != "+14155550199" {
		t.Errorf("rang %s", got)
	}
	var refused *twilio.APIError
	if err := client.Redirect(t.Context(), sid, twiml.Hangup()); !errors.As(err, &refused) || !refused.Gone() || refused.Code != 21220 {
		t.Errorf("after the end: %v", err)
	}
	noFaults(t, c)
}

func TestAPIOfTheAccount(t *testing.T) {
	_, api, client := line(t)
	if status, err := client.Account(t.Context()); err != nil || status != "active" {
		t.Errorf("account: %q, %v", status, err)
	}
	n, err := phone.Parse("+14155550100")
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := client.IncomingNumber(t.Context(), n); err != nil || found {
		t.Errorf("a number that is not there: %v, %v", found, err)
	}
	api.SetNumbers(
		Number{PhoneNumber: "+14155550101", VoiceURL: "https://other.example/"},
		Number{PhoneNumber: "+14155550100", VoiceURL: "https://voice.example.test/twilio/voice", VoiceMethod: "POST", StatusCallback: "https://voice.example.test/twilio/status"},
	)
	got, found, err := client.IncomingNumber(t.Context(), n)
	want := twilio.IncomingNumber{SID: "PN00000000000000000000000000000002", VoiceURL: "https://voice.example.test/twilio/voice", VoiceMethod: "POST", StatusCallback: "https://voice.example.test/twilio/status"}
	if err != nil || !found || got != want {
		t.Errorf("number: %+v, %v, %v", got, found, err)
	}
}

func TestAPIRefuses(t *testing.T) {
	p, api, client := line(t)
	api.Key, api.Secret = "SKkey", "secret1"
	base := httptest.NewServer(api)
	defer base.Close()
	for name, tt := range map[string]struct {
		config twilio.Config
		status int
	}{
		"wrong token":   {twilio.Config{AccountSID: p.AccountSID, AuthToken: "wrong"}, 401},
		"key":           {twilio.Config{AccountSID: p.AccountSID, APIKey: "SKkey", APISecret: "secret1"}, 0},
		"wrong key":     {twilio.Config{AccountSID: p.AccountSID, AuthToken: token, APIKey: "SKkey", APISecret: "secret2"}, 401},
		"other account": {twilio.Config{AccountSID: "AC" + strings.Repeat("b", 32), APIKey: "SKkey", APISecret: "secret1"}, 404},
	} {
		tt.config.BaseURL = base.URL
		other, err := twilio.NewClient(tt.config)
		if err != nil {
			t.Fatal(err)
		}
		_, err = other.Account(t.Context())
		var refused *twilio.APIError
		if tt.status == 0 && err != nil || tt.status != 0 && (!errors.As(err, &refused) || refused.Status != tt.status) {
			t.Errorf("%s: %v, want %d", name, err, tt.status)
		}
	}

	api.Fail(
		Failure{Status: 429, Code: 20429, Message: "Too many requests", RetryAfter: "2"},
		Failure{Status: 502, Body: "<html>bad gateway</html>"},
		Failure{Delay: time.Hour},
	)
	_, err := client.Account(t.Context())
	var refused *twilio.APIError
	if !errors.As(err, &refused) || refused.Code != 20429 || refused.RetryAfter != 2*time.Second {
		t.Errorf("too many requests: %v", err)
	}
	_, err = client.Account(t.Context())
	if !errors.As(err, &refused) || refused.Status != 502 || refused.Code != 0 {
		t.Errorf("bad gateway: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, err := client.Account(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func TestDialRefused(t *testing.T) {
	status := 403
	kind := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		w.Write([]byte("<Response/>"))
	}))
	p := &Phone{Bridge: server.URL, AuthToken: token}
	var refused *WebhookError
	if _, err := p.Dial(t.Context(), "+1", "+2"); !errors.As(err, &refused) || refused.Status != 403 {
		t.Errorf("a webhook that says 403: %v", err)
	}
	status, kind = 200, "application/json"
	if _, err := p.Dial(t.Context(), "+1", "+2"); err == nil || !strings.Contains(err.Error(), "12300") {
		t.Errorf("TwiML as JSON: %v", err)
	}
	server.Close()
	if _, err := p.Dial(t.Context(), "+1", "+2"); err == nil || !strings.Contains(err.Error(), "11205") {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := new(Phone).Dial(t.Context(), "+1", "+2"); err == nil {
		t.Error("a phone without a bridge dials")
	}
}

// The public URL is what is signed and written in TwiML; the requests go to Bridge.
func TestLocal(t *testing.T) {
	p := &Phone{Bridge: "http://127.0.0.1:9/inner/", Public: "https://voice.example.test/pre"}
	for in, want := range map[string]string{
		"https://voice.example.test/pre/a?b=c":   "http://127.0.0.1:9/inner/a?b=c",
		"wss://voice.example.test:443/pre/m%2Fn": "ws://127.0.0.1:9/inner/m%2Fn",
	} {
		if got, err := p.local(in); err != nil || got != want {
			t.Errorf("%s is at %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"https://elsewhere.test/pre/a", "https://voice.example.test/a", "https://voice.example.test:8443/pre/a", "http://voice.example.test/pre", "::"} {
		if got, err := p.local(in); err == nil {
			t.Errorf("%s is taken as %s", in, got)
		}
	}
}
