package call_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// callee is whom the tests call.
const callee = "+14155550177"

// ownOpening says all that the opening of a placed call has to.
const ownOpening = "Hello, this is Riverbend Dental. To stop these calls, press 9. I'm an AI assistant, and this call is recorded."

// numberOf is a number of these tests.
func numberOf(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

var seller = consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental",
	Callback: numberOf("+14155550123"), TollfreeOptout: numberOf("+18005550123")}

// desk is a bubble from which calls are placed: with a gate over a ledger in memory,
// and somebody who can be called.
type desk struct {
	*bubble
	ledger  *consenttest.Ledger
	rules   *consenttest.Rules
	gate    *consent.Gate
	person  *twiliotest.Callee
	profile *call.Profile
	spooled string // the folder of the gate's spool

	mu    sync.Mutex
	ended []calllog.Call // as Config.Ended was told
}

// atDesk runs a test in a bubble that places calls. The agent has an opening of a second,
// as a clip, unless configure takes it away.
func atDesk(t *testing.T, configure func(*desk, *call.Config, *call.Profile), test func(*desk)) {
	t.Helper()
	d := &desk{ledger: &consenttest.Ledger{}, rules: &consenttest.Rules{}, person: &twiliotest.Callee{Number: callee}}
	openBubble(t, func(b *bubble, c *call.Config, p *call.Profile) {
		d.bubble, d.profile = b, p
		d.gate = &consent.Gate{Ledger: d.ledger, Policy: d.rules}
		var err error
		d.spooled = b.TempDir()
		if d.gate.Spool, err = consent.OpenSpool(d.spooled); err != nil {
			b.Fatal(err)
		}
		b.api = twiliotest.NewAPI(b.phone)
		b.api.Permitted = d.ledger.Permitted
		b.api.Expect(d.person)
		c.Gate, c.Carrier = d.gate, serveAPI(b)
		c.Ended = func(head calllog.Call) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.ended = append(d.ended, head)
		}
		p.Seller, p.Purpose = seller, consent.Informational
		p.Opening = &call.Opening{Text: ownOpening, Clip: sound(time.Second, openingSound)}
		if configure != nil {
			configure(d, c, p)
		}
	}, func(b *bubble) {
		d.ledger.Watch = b.board.Revoked
		d.gate.Spool.Watch(b.board.Revoked)
		test(d)
		if faults := b.api.Faults(); len(faults) > 0 {
			b.Errorf("the API objects: %q", faults)
		}
	})
}

// serveAPI serves the bubble's API over a pipe and returns a carrier on it.
func serveAPI(b *bubble) carrier.Carrier {
	b.Helper()
	pipe := twiliotest.NewPipe()
	web := &http.Server{Handler: b.api}
	web.SetKeepAlivesEnabled(false)
	var serving sync.WaitGroup
	serving.Go(func() { web.Serve(pipe) })
	b.Cleanup(func() {
		web.Close()
		serving.Wait()
	})
	return newClient(b, "http://api", &http.Transport{DialContext: pipe.DialContext, DisableKeepAlives: true})
}

// newClient makes a carrier of the simulated account.
func newClient(t testing.TB, base string, transport http.RoundTripper) carrier.Carrier {
	t.Helper()
	c, err := twilio.NewClient(twilio.Config{AccountSID: "AC00000000000000000000000000000001", AuthToken: authToken, BaseURL: base, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return twiliocarrier.New(c, documents)
}

// answering adds the webhooks of outbound calls to a service.
func answering(board *call.Switchboard, slow *atomic.Int64, all http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /twilio/answer", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		v, err := twilio.ParseVoice(r.PostForm)
		doc := ""
		if err == nil {
			doc, err = documents.Write(board.AnswerOutbound(r.Context(), twiliocarrier.Incoming(v), r.URL.Query().Get("call")))
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, doc)
	})
	mux.HandleFunc("POST /twilio/amd", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		board.Machine(r.Context(), r.URL.Query().Get("call"), r.PostForm.Get("AnsweredBy"))
		w.WriteHeader(http.StatusNoContent)
	})
	if slow == nil {
		slow = new(atomic.Int64)
	}
	mux.HandleFunc("POST /twilio/next", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // so that the end of the connection is noticed
		r.Body = io.NopCloser(bytes.NewReader(body))
		select {
		case <-time.After(time.Duration(slow.Load())):
		case <-r.Context().Done():
		}
		all.ServeHTTP(w, r)
	})
	mux.Handle("/", all)
	return mux
}

// toCallee is a call to the callee.
func toCallee() call.Order {
	return call.Order{To: numberOf(callee), From: numberOf(number), Agent: "support", Subject: "appointment",
		Variables: map[string]string{"name": "Dana"}, Location: consent.Location{State: "CA", Zone: "America/Los_Angeles"}}
}

// place places a call and waits until it rings.
func (d *desk) place() (calllog.Call, *twiliotest.Call) {
	d.Helper()
	head, _, err := d.board.Place(d.ctx, toCallee())
	if err != nil {
		d.Fatal(err)
	}
	c, err := d.person.Rung(d.ctx, len(d.person.Calls())+1)
	if err != nil {
		d.Fatal(err)
	}
	synctest.Wait()
	return head, c
}

// talking places a call, has it answered, and waits for its stream and agent.
func (d *desk) talking() (calllog.Call, *twiliotest.Call, *call.Puppet) {
	d.Helper()
	head, c := d.place()
	d.agents.Answers <- nil
	c.PickUp()
	d.await(c, twiliotest.Started, "")
	p := <-d.agents.Dialled
	synctest.Wait()
	return head, c, p
}

// opened is talking, with the opening heard.
func (d *desk) opened() (calllog.Call, *twiliotest.Call, *call.Puppet) {
	d.Helper()
	head, c, p := d.talking()
	d.pass(1200 * time.Millisecond)
	return head, c, p
}

// log is a call's log as it is.
func (d *desk) logged(id string) calllog.Call {
	d.Helper()
	synctest.Wait()
	if err := d.log.Flush(d.ctx); err != nil {
		d.Fatal(err)
	}
	head, err := d.shelf.Get(d.ctx, id)
	if err != nil {
		d.Fatal(err)
	}
	return head
}

// outcome checks how a call ended, and that it did so once.
func (d *desk) outcome(id string, want call.Reason) calllog.Call {
	d.Helper()
	rec := d.logged(id)
	if rec.Outcome != string(want) || rec.Status != calllog.StatusCompleted || rec.EndedAt == nil {
		d.Errorf("the outcome is %q, status %q, ended %v: want %q; %+v", rec.Outcome, rec.Status, rec.EndedAt, want, rec.Entries)
	}
	ends := d.permits(id, consent.PermitEnded, consent.PermitReleased)
	if len(ends) != 1 || ends[0].Outcome != rec.Outcome {
		d.Errorf("the ledger has %+v of the end", ends)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := countOf(d.ended, func(c calllog.Call) bool { return c.ID == id && c.Outcome == rec.Outcome }); n != 1 || len(d.ended) != len(d.person.Calls()) && len(d.person.Calls()) > 0 {
		d.Errorf("of the end was told %d times: %+v", n, d.ended)
	}
	if live := d.board.Live(); live != 0 {
		d.Errorf("%d calls are live", live)
	}
	return rec
}

func countOf[T any](list []T, is func(T) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}

// permits is what the ledger has of a call's permit, by its status.
func (d *desk) permits(id string, status ...string) []consent.Fact {
	return slices.DeleteFunc(d.ledger.Facts(consent.Permitted), func(f consent.Fact) bool {
		return f.CallID != id || !slices.Contains(status, f.PermitStatus)
	})
}

// notes is the notes of a call.
func notes(rec calllog.Call) (list []string) {
	for _, e := range rec.Entries {
		if e.Kind == calllog.KindNote {
			list = append(list, e.Text)
		}
	}
	return list
}

// breakSpool makes the spool's disk take nothing.
func (d *desk) breakSpool() {
	d.Helper()
	if err := os.RemoveAll(d.spooled); err != nil {
		d.Fatal(err)
	}
}

// revoke records that the callee wants no more calls.
func (d *desk) revoke() {
	d.Helper()
	if _, err := d.gate.Record(context.Background(), consent.Fact{Type: consent.Revoke, Number: numberOf(callee), Seller: seller.Name, Scope: consent.AllAutomated}); err != nil {
		d.Fatal(err)
	}
}
