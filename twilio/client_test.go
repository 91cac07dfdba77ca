package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// answering is a client whose requests are answered by a handler. That it and Twilio's true
// behaviour fit together is tested with twiliotest.API.
func answering(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c, err := NewClient(Config{AccountSID: account, AuthToken: "s3cret", BaseURL: server.URL + "/prefix"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRequest(t *testing.T) {
	var got, form string
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		r.ParseForm()
		got, form = fmt.Sprint(r.Method, " ", r.URL.Path, " ", user, " ", password), r.Form.Encode()
		io.WriteString(w, `{"sid":"`+callSID+`"}`)
	})
	if err := c.Redirect(t.Context(), callSID, "<Response/>"); err != nil {
		t.Fatal(err)
	}
	if want := "POST /prefix/2010-04-01/Accounts/" + account + "/Calls/" + callSID + ".json " + account + " s3cret"; got != want || form != "Twiml=%3CResponse%2F%3E" {
		t.Errorf("sent %s, %s", got, form)
	}
}

func TestAnswers(t *testing.T) {
	refuse := func(status int, header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if header != "" {
				w.Header().Set("Retry-After", header)
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   APIError
		gone   bool
	}{
		"not found":       {refuse(404, "", `{"code":20404,"message":"The requested resource was not found","status":404}`), APIError{404, 20404, "The requested resource was not found", 0}, true},
		"not in progress": {refuse(400, "", `{"code":21220,"message":"Call is not in-progress. Cannot redirect.","status":400}`), APIError{400, 21220, "Call is not in-progress. Cannot redirect.", 0}, true},
		"a number in it":  {refuse(400, "", `{"code":21211,"message":"The number +1 (415) 555-0142 or +14155550142 is not valid"}`), APIError{400, 21211, "The number … or … is not valid", 0}, false},
		"too many":        {refuse(429, "3", `{"code":20429,"message":"Too Many Requests","status":429}`), APIError{429, 20429, "Too Many Requests", 3 * time.Second}, false},
		"bad gateway":     {refuse(502, "", "<html>nginx</html>"), APIError{502, 0, "Bad Gateway", 0}, false},
		"empty":           {refuse(503, "86400", ""), APIError{503, 0, "Service Unavailable", time.Hour}, false},
		"redirect":        {refuse(302, "", "{}"), APIError{302, 0, "Found", 0}, false},
		"endless":         {refuse(500, "", strings.Repeat(" ", maxAnswer+10)), APIError{500, 0, "Internal Server Error", 0}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := answering(t, tt.answer)
			err := c.Redirect(t.Context(), callSID, "<Response/>")
			var got *APIError
			if !errors.As(err, &got) || *got != tt.want || got.Gone() != tt.gone {
				t.Errorf("got %+v, want %+v", err, tt.want)
			}
			if !strings.HasPrefix(err.Error(), "twilio: redirect: the API answered ") || strings.Contains(err.Error(), "5550142") {
				t.Errorf("%v", err)
			}
			if err := c.HangUp(t.Context(), callSID); (err == nil) != tt.gone {
				t.Errorf("hang up: %v", err)
			}
		})
	}
	c := answering(t, refuse(200, "", "not JSON"))
	var refused *APIError
	if _, err := c.Account(t.Context()); err == nil || errors.As(err, &refused) {
		t.Errorf("a good answer that is not JSON: %v", err)
	}
}

// The end of the context ends a request at once; without one, the timeout does. Neither
// error shows the URL, in which the number is.
func TestRequestsEnd(t *testing.T) {
	released := make(chan struct{})
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-released:
		}
	})
	t.Cleanup(func() { close(released) })
	n, err := phone.Parse("+14155550142")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, _, err := c.IncomingNumber(ctx, n); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "4155550142") {
		t.Errorf("cancelled: %v", err)
	}
	c.timeout = 20 * time.Millisecond
	if _, _, err := c.IncomingNumber(t.Context(), n); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "4155550142") {
		t.Errorf("timed out: %v", err)
	}
}

// Error answers must not cost a connection each.
func TestConnectionsAreReused(t *testing.T) {
	from := map[string]bool{}
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		from[r.RemoteAddr] = true
		w.WriteHeader(500)
		io.WriteString(w, strings.Repeat("x", 100_000))
	})
	for range 5 {
		if _, err := c.Account(t.Context()); err == nil {
			t.Fatal("no error")
		}
	}
	if len(from) != 1 {
		t.Errorf("%d connections", len(from))
	}
}

func TestArguments(t *testing.T) {
	c := answering(t, func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for", r.URL.Path) })
	for name, err := range map[string]error{
		"SID":        c.HangUp(t.Context(), "CA1/../../x"),
		"empty SID":  c.Redirect(t.Context(), "", "<Response/>"),
		"no TwiML":   c.Redirect(t.Context(), callSID, ""),
		"long TwiML": c.Redirect(t.Context(), callSID, strings.Repeat("x", maxTwiML+1)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "twilio: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewClientRefuses(t *testing.T) {
	if _, err := NewClient(Config{AccountSID: account, AuthToken: "s3cret"}); err != nil {
		t.Errorf("the least: %v", err)
	}
	_, err := NewClient(Config{AccountSID: "AC1", AuthToken: "s3cret!", BaseURL: "ftp://user:s3cret@h", Timeout: -1})
	for _, want := range []string{"AccountSID: want", "AuthToken, or APIKey and APISecret: want", "BaseURL: want", "Timeout: want"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a secret is in %v", err)
	}
	if _, err := NewClient(Config{AccountSID: account, AuthToken: "s3cret", APIKey: "SK1"}); err == nil {
		t.Error("a key without its secret is taken")
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, "-3": 0, "soon": 0, "9999999999999999": time.Hour, "99999999999999999999": 0,
		"Sun, 22 Nov 2026 18:00:30 GMT": 30 * time.Second, "Sun, 22 Nov 2026 17:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}
