package twilio

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/phone"
)

func mustParse(t *testing.T, s string) phone.Number {
	t.Helper()
	n, err := phone.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func toDana(t *testing.T) CallParams {
	return CallParams{To: mustParse(t, "+14155550142"), From: mustParse(t, "+14155550100"),
		URL: "https://voice.example.test/twilio/answer?call=call_1", StatusCallback: "https://voice.example.test/twilio/status?call=call_1",
		Detect: DetectMachine, DetectCallback: "https://voice.example.test/twilio/amd?call=call_1", Ring: 30 * time.Second, Max: time.Hour}
}

func TestCreateCall(t *testing.T) {
	var path string
	var form url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		path, form = r.Method+" "+r.URL.Path, r.PostForm
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"sid":"`+callSID+`","status":"queued","price":null}`)
	})
	sid, err := c.CreateCall(t.Context(), toDana(t))
	if err != nil || sid != callSID {
		t.Fatalf("%q, %v", sid, err)
	}
	if want := "POST /prefix/2010-04-01/Accounts/" + account + "/Calls.json"; path != want {
		t.Errorf("sent %s", path)
	}
	want := url.Values{"To": {"+14155550142"}, "From": {"+14155550100"}, "Method": {"POST"}, "StatusCallbackMethod": {"POST"}, "AsyncAmdStatusCallbackMethod": {"POST"},
		"Url": {"https://voice.example.test/twilio/answer?call=call_1"}, "StatusCallback": {"https://voice.example.test/twilio/status?call=call_1"},
		"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"}, "Timeout": {"30"}, "TimeLimit": {"3600"},
		"MachineDetection": {"Enable"}, "AsyncAmd": {"true"}, "AsyncAmdStatusCallback": {"https://voice.example.test/twilio/amd?call=call_1"}}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
}

// What is not sent is no call, and the error names every field.
func TestCreateCallChecks(t *testing.T) {
	c := answering(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	_, err := c.CreateCall(t.Context(), CallParams{Detect: DetectMessageEnd})
	if !Refused(err) || Ambiguous(err) || Retryable(err) {
		t.Errorf("%v", err)
	}
	for _, field := range []string{"To", "From", "URL", "StatusCallback", "DetectCallback", "Ring", "Max"} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s is not named in %v", field, err)
		}
	}
}

// After each kind of failure it is known whether there may be a call.
func TestCertainty(t *testing.T) {
	status := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"not a number":      {status(400, `{"code":21211,"message":"The 'To' number +14155550142 is not a valid phone number."}`), "refused"},
		"wrong credentials": {status(401, `{"code":20003,"message":"Authenticate"}`), "refused"},
		"not Twilio":        {status(404, "<html>"), "refused"},
		"too many":          {status(429, `{"code":20429,"message":"Too Many Requests"}`), "retryable"},
		"a proxy's timeout": {status(408, ""), "ambiguous"},
		"an error":          {status(500, `{"code":20500,"message":"internal"}`), "ambiguous"},
		"a gateway's":       {status(502, "<html>"), "ambiguous"},
		"a redirect":        {status(302, ""), "ambiguous"},
		"a broken answer":   {status(201, `{"sid":"CA`), "ambiguous"},
		"an answer without": {status(201, `{}`), "ambiguous"},
		"no answer": {func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // or the end of the connection is not noticed
			<-r.Context().Done()
		}, "ambiguous"},
		"a cut connection": {func(w http.ResponseWriter, r *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		}, "ambiguous"},
	} {
		t.Run(name, func(t *testing.T) {
			c := answering(t, tt.answer)
			c.timeout = 300 * time.Millisecond
			_, err := c.CreateCall(t.Context(), toDana(t))
			if got := certainty(err); got != tt.want {
				t.Errorf("%v is %s, want %s", err, got, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "4155550142") {
				t.Errorf("the number is in %v", err)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		c, err := NewClient(Config{AccountSID: account, AuthToken: "s3cret", BaseURL: "http://" + l.Addr().String()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = c.CreateCall(t.Context(), toDana(t)); certainty(err) != "retryable" {
			t.Errorf("%v is %s", err, certainty(err))
		}
	})
	if certainty(nil) != "" || Refused(errors.New("what")) || !Ambiguous(context.DeadlineExceeded) {
		t.Error("an error of unknown origin is not ambiguous, or none is")
	}
}

// certainty is what the three say of an error. They never agree.
func certainty(err error) (s string) {
	for name, is := range map[string]bool{"refused": Refused(err), "retryable": Retryable(err), "ambiguous": Ambiguous(err)} {
		if is {
			s += name
		}
	}
	return s
}

func TestFetchAndListCalls(t *testing.T) {
	const calls = `[{"sid":"` + callSID + `","to":"+14155550142","from":"+14155550100","status":"ringing","direction":"outbound-api","date_created":"Wed, 25 Nov 2026 08:00:00 +0000"},
		{"sid":"CA2","to":"+14155550142","from":"+14155550100","status":"completed","direction":"outbound-api","date_created":"Wed, 25 Nov 2026 07:00:00 +0000"},
		{"sid":"CA3","to":"+14155550142","from":"+14155550100","status":"completed","direction":"inbound","date_created":"Wed, 25 Nov 2026 08:00:00 +0000"},
		{"sid":"CA4","to":"+14155550142","from":"+14155550100","status":"queued","direction":"outbound-api"}]`
	var query url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query()
		if strings.HasSuffix(r.URL.Path, "/Calls.json") {
			io.WriteString(w, `{"calls":`+calls+`}`)
			return
		}
		io.WriteString(w, `{"sid":"`+callSID+`","status":"no-answer","direction":"outbound-api"}`)
	})
	at := time.Date(2026, 11, 25, 8, 0, 0, 500, time.UTC)
	list, err := c.ListCalls(t.Context(), mustParse(t, "+14155550142"), at)
	if err != nil || len(list) != 2 || list[0].SID != callSID || list[0].Status != Ringing || !list[0].CreatedAt.Equal(at.Truncate(time.Second)) || list[1].SID != "CA4" {
		t.Errorf("%+v, %v", list, err)
	}
	if query.Get("To") != "+14155550142" {
		t.Errorf("asked for %v", query)
	}
	one, err := c.FetchCall(t.Context(), callSID)
	if err != nil || one.Status != NoAnswer || !one.Status.Terminal() {
		t.Errorf("%+v, %v", one, err)
	}
	if _, err := c.FetchCall(t.Context(), "../Messages"); err == nil {
		t.Error("any path can be fetched")
	}
}
