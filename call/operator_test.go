package call_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// order is a request of an operator's; it returns the status and the body.
func (r *rig) order(method, path, body string) (status int, answer map[string]any) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.ctx, method, r.web.URL+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	res, err := r.web.Client().Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		r.Errorf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, answer
}

// An operator speaks through the agent of a live call, and ends it.
func TestOperator(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{})
	c, agent := r.connected()
	r.until("the agent listens", func() bool { return len(r.now(c).ChatIDs) == 1 })
	id := r.now(c).ID
	if status, _ := r.order("POST", "/v1/calls/"+id+"/say", `{"text":"`+private+`"}`); status != 202 {
		t.Errorf("say: %d", status)
	}
	r.until("the agent is asked to say it", func() bool { return len(agent.sent("assistant_input")) == 1 })
	if got := agent.sent("assistant_input")[0].Fields["text"]; got != private {
		t.Errorf("the agent is asked to say %q", got)
	}
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 202 {
		t.Errorf("hangup: %d", status)
	}
	<-c.Done()
	if got := c.Ended(); got != "hangup" {
		t.Errorf("the call was ended by %q", got)
	}
	rec := r.record(c)
	if rec.Outcome != string(call.AgentEnded) || len(entries(rec, calllog.KindNote)) != 2 {
		t.Errorf("the outcome is %q, with the notes %+v", rec.Outcome, entries(rec, calllog.KindNote))
	}
	for _, verb := range []string{"hangup", "say"} {
		if status, problem := r.order("POST", "/v1/calls/"+id+"/"+verb, `{"text":"Hello?"}`); status != 409 || problem["status"] != 409.0 {
			t.Errorf("%s after the end: %d, %v", verb, status, problem)
		}
	}
	if status, _ := r.order("POST", "/v1/calls/call_unknown/hangup", ""); status != 404 {
		t.Errorf("an unknown call: %d", status)
	}
}

// A call that has no stream yet can't be spoken to; that it ends is asked of
// Twilio.
func TestOperatorHangsUpEarly(t *testing.T) {
	t.Parallel()
	phone := &twiliotest.Phone{AuthToken: authToken, AccountSID: "AC00000000000000000000000000000001"}
	rest := twiliotest.NewAPI(phone)
	web := httptest.NewServer(rest)
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections() // of twilio's client
		web.Close()
	})
	r := newRig(t, plan{configure: func(c *call.Config) {
		client, err := twilio.NewClient(twilio.Config{AccountSID: phone.AccountSID, AuthToken: authToken, BaseURL: web.URL})
		if err != nil {
			t.Fatal(err)
		}
		c.Carrier = twiliocarrier.New(client, documents)
	}})
	answered(r.board.Answer(carrier.Incoming{Call: someSID, From: caller, To: number}))
	id := r.now(&twiliotest.Call{SID: someSID}).ID
	if status, _ := r.order("POST", "/v1/calls/"+id+"/say", `{"text":"Hello?"}`); status != 409 {
		t.Errorf("say: %d, want 409", status)
	}
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 202 {
		t.Errorf("hangup: %d, want 202", status)
	}
	if asked := rest.Requests(); len(asked) != 1 || !strings.Contains(asked[0].Path, someSID) || asked[0].Form.Get("Status") != "completed" {
		t.Errorf("Twilio was asked %+v", asked)
	}
	rest.Fail(twiliotest.Failure{Status: 500, Code: 20500, Message: "no"})
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 503 {
		t.Errorf("hangup while Twilio is out of order: %d, want 503", status)
	}
}
