package twiliocarrier

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/twilio"
)

const (
	account = "AC00000000000000000000000000000001"
	callID  = carrier.CallID("CA00000000000000000000000000000001")
	callee  = "+14155550142"
)

// answering makes a carrier of an account that answers so.
func answering(t *testing.T, answer http.HandlerFunc) *Carrier {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	transport := &http.Transport{DisableKeepAlives: true}
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, AuthToken: "s3cret", BaseURL: server.URL,
		Transport: transport, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return New(client, Documents{public})
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func permit(t *testing.T) consent.Permit {
	t.Helper()
	gate := &consent.Gate{Ledger: &consenttest.Ledger{}, Policy: &consenttest.Rules{}}
	p, _, err := gate.Clear(t.Context(), consent.Request{To: number(t, callee), From: number(t, "+14155550100"),
		CallID: "call_1", Agent: "support",
		Seller: consent.Seller{Name: "riverbend"}, Purpose: consent.Informational})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var placing = carrier.Placing{Detect: carrier.DetectGreetingEnd, Ring: 30 * time.Second, Max: time.Hour}

func TestPlace(t *testing.T) {
	var form url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		form = r.PostForm
		status(http.StatusCreated, `{"sid":"`+string(callID)+`"}`)(w, r)
	})
	p := permit(t)
	id, err := c.Place(t.Context(), p, placing)
	if err != nil || id != callID {
		t.Fatalf("%s, %v", id, err)
	}
	for name, want := range map[string]string{"To": callee, "From": "+14155550100",
		"Url": public + "/twilio/answer?call=call_1", "Timeout": "30", "TimeLimit": "3600",
		"StatusCallback":         public + "/twilio/status?call=call_1",
		"AsyncAmdStatusCallback": public + "/twilio/amd?call=call_1", "MachineDetection": "DetectMessageEnd"} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
	}
	form = nil
	for _, p := range []consent.Permit{p, {}} { // used up, and none
		var refused *carrier.Error
		if _, err := c.Place(t.Context(), p, placing); !errors.As(err, &refused) || refused.Ambiguous ||
			refused.Fault != carrier.FaultNone || form != nil {
			t.Errorf("with a permit that is none: %v, sent %v", err, form)
		}
	}
}

// After each failure it is known whether the telephone may ring all the same, and whose
// failure it was.
func TestPlaceFails(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   carrier.Error
	}{
		"not a number": {status(400, `{"code":21211,"message":"+14155550142 is no number"}`),
			carrier.Error{Fault: carrier.FaultNumber, Code: 21211}},
		"wrong credentials": {status(401, `{"code":20003,"message":"Authenticate"}`),
			carrier.Error{Fault: carrier.FaultCarrier, Code: 20003}},
		"an error": {status(500, `{"code":20500,"message":"internal"}`),
			carrier.Error{Ambiguous: true, Fault: carrier.FaultCarrier, Code: 20500}},
		"no answer": {func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // or the end of the connection is not noticed
			<-r.Context().Done()
		}, carrier.Error{Ambiguous: true, Fault: carrier.FaultCarrier}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			_, err := answering(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				tt.answer(w, r)
			}).Place(t.Context(), permit(t), placing)
			var got *carrier.Error
			if !errors.As(err, &got) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), callee[1:]) || strings.Contains(got.Refusal, callee[1:]) ||
				(got.Refusal == "") != (name == "no answer") {
				t.Errorf("%v: refused with %q", err, got.Refusal)
			}
			if n := asked.Load(); n != 1 {
				t.Errorf("asked %d times", n)
			}
			if got.Ambiguous != tt.want.Ambiguous || got.Fault != tt.want.Fault || got.Code != tt.want.Code || got.Gone {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// What was refused for now is asked for again with the one permit, until ctx ends.
func TestPlaceAgain(t *testing.T) {
	asked := 0
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 1 {
			status(http.StatusTooManyRequests, `{"code":20429,"message":"Too Many Requests"}`)(w, r)
			return
		}
		status(http.StatusCreated, `{"sid":"`+string(callID)+`"}`)(w, r)
	})
	if id, err := c.Place(t.Context(), permit(t), placing); err != nil || id != callID || asked != 2 {
		t.Errorf("%s, %v, asked %d times", id, err, asked)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	revoked := errors.New("consent was withdrawn")
	cancel(revoked)
	if _, err := c.Place(ctx, permit(t), placing); !errors.Is(err, revoked) || asked != 2 {
		t.Errorf("after the end: %v, asked %d times", err, asked)
	}
}

func TestCallsUnderWay(t *testing.T) {
	var form url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		form = r.PostForm
		status(http.StatusOK, `{"sid":"`+string(callID)+`","from":"+14155550100","status":"ringing"}`)(w, r)
	})
	if err := c.Continue(t.Context(), callID, carrier.Say{Text: "Bye."}); err != nil ||
		!strings.Contains(form.Get("Twiml"), "<Say>Bye.</Say>") {
		t.Errorf("%v, %v", err, form)
	}
	if err := c.HangUp(t.Context(), callID); err != nil || form.Get("Status") != "completed" {
		t.Errorf("%v, %v", err, form)
	}
	if err := c.Cancel(t.Context(), callID); err != nil || form.Get("Status") != "canceled" {
		t.Errorf("%v, %v", err, form)
	}
	want := carrier.Found{Call: callID, From: "+14155550100", State: carrier.Ringing}
	if got, err := c.Find(t.Context(), callID); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	gone := answering(t, status(http.StatusNotFound, `{"code":20404,"message":"not found"}`))
	_, err := gone.Find(t.Context(), callID)
	for _, err := range []error{err, gone.Continue(t.Context(), callID, carrier.HangUp{})} {
		var e *carrier.Error
		if !errors.As(err, &e) || !e.Gone {
			t.Errorf("%v", err)
		}
	}
	if err := gone.HangUp(t.Context(), callID); err != nil {
		t.Error(err)
	}
}

func TestSearch(t *testing.T) {
	c := answering(t, status(http.StatusOK,
		`{"calls":[{"sid":"CA1","from":"+14155550100","status":"queued","direction":"outbound-api"},
		{"sid":"CA2","from":"+14155550142","status":"completed","direction":"inbound"}]}`))
	list, err := c.Search(t.Context(), number(t, callee), time.Now())
	want := carrier.Found{Call: "CA1", From: "+14155550100", State: carrier.Queued}
	if err != nil || len(list) != 1 || list[0] != want {
		t.Errorf("%+v, %v", list, err)
	}
}
