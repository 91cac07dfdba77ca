package twiliotest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
)

// office is a product that places calls: it notes what it is told, and hangs up on whoever
// answers, after doc.
type office struct {
	*testing.T
	ctx    context.Context
	client *twilio.Client
	api    *API
	callee *Callee
	url    string
	doc    string

	mu   sync.Mutex
	told []url.Values // by path, in the field "path"
}

func newOffice(t *testing.T) *office {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	o := &office{T: t, ctx: ctx, doc: "<Response><Pause length=\"30\"/></Response>", callee: &Callee{Number: "+14155550142"}}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		form := r.PostForm
		form.Set("path", r.URL.Path)
		o.mu.Lock()
		o.told = append(o.told, form)
		o.mu.Unlock()
		if r.URL.Path == "/answer" {
			w.Header().Set("Content-Type", "text/xml")
			w.Write([]byte(o.doc))
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	o.url = web.URL
	p := &Phone{Bridge: web.URL, AuthToken: token}
	o.api = NewAPI(p)
	o.api.Permitted = func(id string) bool { return strings.HasPrefix(id, "permitted") }
	o.api.Expect(o.callee)
	server := httptest.NewServer(o.api)
	t.Cleanup(func() {
		o.api.HangUpAll()
		server.Close()
		web.Close()
	})
	var err error
	if o.client, err = twilio.NewClient(twilio.Config{AccountSID: p.account(), AuthToken: token, BaseURL: server.URL, Timeout: 500 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	return o
}

// create asks for a call under an id.
func (o *office) create(id string) (twilio.CallSID, error) {
	to, err := phone.Parse(o.callee.Number)
	if err != nil {
		o.Fatal(err)
	}
	from, err := phone.Parse("+14155550100")
	if err != nil {
		o.Fatal(err)
	}
	return o.client.CreateCall(o.ctx, twilio.CallParams{To: to, From: from, URL: o.url + "/answer?call=" + id, StatusCallback: o.url + "/status?call=" + id,
		Detect: twilio.DetectMachine, DetectCallback: o.url + "/amd?call=" + id, Ring: 2 * time.Second, Max: time.Minute})
}

// statuses is the statuses that were told, with their numbers.
func (o *office) statuses() (list []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.told {
		if f.Get("path") == "/status" {
			list = append(list, f.Get("SequenceNumber")+" "+f.Get("CallStatus"))
		}
	}
	return list
}

func TestOutboundCall(t *testing.T) {
	for name, tt := range map[string]struct {
		how  Callbacks
		want []string
	}{
		"in order": {InOrder, []string{"0 initiated", "1 ringing", "2 in-progress", "3 completed"}},
		"twice":    {Twice, []string{"0 initiated", "0 initiated", "1 ringing", "1 ringing", "2 in-progress", "2 in-progress", "3 completed", "3 completed"}},
		"shuffled": {Shuffled, []string{"3 completed", "2 in-progress", "1 ringing", "0 initiated", "3 completed", "0 initiated"}},
		"never":    {Never, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.callee.Callbacks = tt.how
			o.callee.Does = (*Call).PickUp
			o.doc = "<Response><Say>Hello.</Say><Hangup/></Response>"
			sid, err := o.create("permitted")
			if err != nil {
				t.Fatal(err)
			}
			c, err := o.callee.Rung(o.ctx, 1)
			if err != nil || c.SID != string(sid) || c.Create().Get("Timeout") != "2" {
				t.Fatalf("%v, %v", c, err)
			}
			<-c.Done()
			if got := o.statuses(); !slices.Equal(got, tt.want) {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			if c.Ended() != "hangup" || len(c.Faults()) > 0 || len(o.api.Faults()) > 0 {
				t.Errorf("ended by %q; faults %q, %q", c.Ended(), c.Faults(), o.api.Faults())
			}
			at := slices.IndexFunc(o.told, func(f url.Values) bool { return f.Get("path") == "/answer" })
			if f := o.told[at]; f.Get("Direction") != "outbound-api" || f.Get("CallStatus") != "in-progress" || f.Get("To") != "+14155550142" || f.Get("From") != "+14155550100" {
				t.Errorf("asked for TwiML by %v", f)
			}
		})
	}
}

// Whoever is not expected, or not permitted, is not rung; a permit is good once.
func TestOnlyPermitted(t *testing.T) {
	o := newOffice(t)
	if _, err := o.create("invented"); !twilio.Refused(err) {
		t.Errorf("without a permit: %v", err)
	}
	if _, err := o.create("permitted"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.create("permitted"); !twilio.Refused(err) {
		t.Errorf("a permit twice: %v", err)
	}
	if got := o.api.Faults(); len(got) != 2 || len(o.callee.Calls()) != 1 {
		t.Errorf("faults %q, %d calls", got, len(o.callee.Calls()))
	}
	o.callee = &Callee{Number: "+14155550199"}
	var refused *twilio.APIError
	if _, err := o.create("permitted-3"); !errors.As(err, &refused) || refused.Code != 21211 {
		t.Errorf("a number of nobody: %v", err)
	}
}

func TestOutboundEndings(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(*office, *Call)
		want string
		sip  string
	}{
		"nobody answers": {func(*office, *Call) {}, "no-answer", "487"},
		"busy":           {func(_ *office, c *Call) { c.Decline("busy") }, "busy", "486"},
		"unreachable":    {func(_ *office, c *Call) { c.DeclineSIP("failed", "480") }, "failed", "480"},
		"hung up by us": {func(o *office, c *Call) {
			if err := o.client.HangUp(o.ctx, twilio.CallSID(c.SID)); err != nil {
				o.Error(err)
			}
		}, "completed", "200"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			sid, err := o.create("permitted")
			if err != nil {
				t.Fatal(err)
			}
			c, err := o.callee.Rung(o.ctx, 1)
			if err != nil {
				t.Fatal(err)
			}
			tt.do(o, c)
			<-c.Done()
			last := o.told[len(o.told)-1]
			if last.Get("CallStatus") != tt.want || last.Get("SipResponseCode") != tt.sip {
				t.Errorf("told %v", last)
			}
			if got, err := o.client.FetchCall(o.ctx, sid); err != nil || string(got.Status) != tt.want {
				t.Errorf("fetched %+v, %v", got, err)
			}
		})
	}
}

// After some failures the call is there all the same, and is listed.
func TestCreateEnds(t *testing.T) {
	for _, tt := range []struct {
		end       Create
		certainty func(error) bool
		rings     bool
	}{
		{CreateTooMany, twilio.Retryable, false}, {CreateRefused, twilio.Refused, false}, {CreateFails, twilio.Ambiguous, false},
		{CreateFailsAfter, twilio.Ambiguous, true}, {CreateHangsAfter, twilio.Ambiguous, true}, {CreateBrokenAfter, twilio.Ambiguous, true},
	} {
		t.Run(string(tt.end), func(t *testing.T) {
			o := newOffice(t)
			began := time.Now()
			o.callee.Will(tt.end)
			if _, err := o.create("permitted"); !tt.certainty(err) {
				t.Errorf("%v", err)
			}
			to, err := phone.Parse(o.callee.Number)
			if err != nil {
				t.Fatal(err)
			}
			list, err := o.client.ListCalls(o.ctx, to, began)
			if err != nil || (len(list) == 1) != tt.rings || len(o.callee.Calls()) != len(list) {
				t.Errorf("listed %+v, %v", list, err)
			}
		})
	}
}

// More calls than CPS wait their turn.
func TestCPS(t *testing.T) {
	o := newOffice(t)
	o.api.CPS = 2
	began := time.Now()
	for _, id := range []string{"permitted-1", "permitted-2", "permitted-3"} {
		if _, err := o.create(id); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 400*time.Millisecond {
		t.Errorf("creating takes %v", took)
	}
	for _, c := range o.callee.Calls() {
		<-c.Done() // all ring for 2 s
	}
	if took := time.Since(began); took < 3*time.Second {
		t.Errorf("the third call was over after %v: it did not wait", took)
	}
}
