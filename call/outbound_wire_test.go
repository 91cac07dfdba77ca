package call_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// world is what instances that place calls have in common: a ledger, Twilio's API, and
// somebody to call.
type world struct {
	ledger *consenttest.Ledger
	rules  *consenttest.Rules
	api    *twiliotest.API
	person *twiliotest.Callee
	url    string // of the API
}

// newWorld serves the API over a socket. Twilio reaches the service at phone.Bridge,
// which may be set later.
func newWorld(t *testing.T, phone *twiliotest.Phone) *world {
	t.Helper()
	w := &world{ledger: &consenttest.Ledger{}, rules: &consenttest.Rules{}, person: &twiliotest.Callee{Number: callee}, api: twiliotest.NewAPI(phone)}
	w.api.Permitted = w.ledger.Permitted
	w.api.Expect(w.person)
	s := httptest.NewServer(w.api)
	w.url = s.URL
	t.Cleanup(func() {
		w.api.HangUpAll()
		s.Close()
		if faults := w.api.Faults(); len(faults) > 0 {
			t.Errorf("the API objects: %q", faults)
		}
	})
	return w
}

// places makes an instance one that places calls.
func (w *world) places(t *testing.T) func(*call.Config) {
	return func(c *call.Config) {
		c.Gate = &consent.Gate{Ledger: w.ledger, Policy: w.rules}
		c.Carrier = newClient(t, w.url, nil)
		p := c.Profiles["support"]
		p.Seller, p.Purpose = seller, consent.Informational
	}
}

// logOf is a call's log, by our id, once it has its outcome.
func (r *rig) logOf(id string) (rec calllog.Call) {
	r.Helper()
	r.until("the call has an outcome", func() bool {
		if err := r.log.Flush(r.ctx); err != nil {
			r.Fatal(err)
		}
		var err error
		rec, err = r.db.Calls().Get(r.ctx, id)
		return err == nil && rec.Outcome != ""
	})
	return rec
}

// A whole outbound call over real sockets: gate, Twilio's API, EVI, Postgres. The agent
// speaks the opening; key 9 ends the call.
func TestOutboundOverTheWire(t *testing.T) {
	t.Parallel()
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	r := newRig(t, plan{configure: w.places(t)})
	phone.Bridge = r.web.URL
	head, _, err := r.board.Place(r.ctx, toCallee())
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.person.Rung(r.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.PickUp()
	r.await(c, twiliotest.Started)
	agent := r.chat()
	agent.reply(t, "own", "Hi, I'm Kora!", 700, 300*time.Millisecond) // which it was not asked to say
	text := r.input(agent)
	if text != call.Greeting(seller, consent.Informational, false) {
		t.Errorf("the opening is %q", text)
	}
	agent.speaks(t, text, 440, 600*time.Millisecond)
	r.until("the opening and the agent are heard", func() bool {
		return heardTone(c.Heard(), 440) >= 580*time.Millisecond && heardTone(c.Heard(), 700) >= 280*time.Millisecond
	})
	r.until("the ledger has it", func() bool { return len(w.ledger.Facts(consent.OpeningPlayed)) == 1 })
	began := time.Now()
	if err := c.Press("9"); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	if took := time.Since(began); took > 5*time.Second { // on a busy machine; TestStop has the bound
		t.Errorf("the call ends after %v", took)
	}
	rec := r.logOf(head.ID)
	if rec.Outcome != string(call.OptedOut) || !rec.Opening.Complete || rec.Order == nil || rec.Order.Variables["name"] != "Dana" {
		t.Errorf("%+v", rec)
	}
	if _, _, err := r.board.Place(r.ctx, toCallee()); err == nil {
		t.Error("called again")
	}
	noFaults(t, c)
}

// The instance that places a call, the one that is told of its answer, and the one that
// gets its stream need not be the same.
func TestOutboundAcrossInstances(t *testing.T) {
	t.Parallel()
	at := postgrestest.URL(t)
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	one := newRig(t, plan{url: at, configure: w.places(t)})
	two := newRig(t, plan{url: at, configure: func(c *call.Config) { w.places(t)(c); c.Instance = "there" }})
	one.listens()
	two.listens()
	for _, tt := range []struct {
		name   string
		bridge string // that Twilio's webhooks reach
		end    func(*twiliotest.Call)
		want   call.Reason
	}{
		{"webhooks to the other", two.web.URL, (*twiliotest.Call).HangUp, call.CallerHungUp},
		{"webhooks to the one, sockets to the other", front(t, one, two), (*twiliotest.Call).HangUp, call.CallerHungUp},
		{"a machine", two.web.URL, func(c *twiliotest.Call) { c.Machine("machine_start") }, call.Voicemail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			phone.Bridge = tt.bridge
			n := len(w.person.Calls())
			head, _, err := one.board.Place(one.ctx, toCallee())
			if err != nil {
				t.Fatal(err)
			}
			c, err := w.person.Rung(one.ctx, n+1)
			if err != nil {
				t.Fatal(err)
			}
			one.until("the log knows that it rings", func() bool {
				rec, err := one.db.Calls().Get(one.ctx, head.ID)
				return err == nil && rec.Status == calllog.StatusRinging
			})
			c.PickUp()
			one.await(c, twiliotest.Started)
			agent := two.chat()
			agent.speaks(t, two.input(agent), 440, 300*time.Millisecond)
			one.until("the opening is proved", func() bool {
				return slices.ContainsFunc(w.ledger.Facts(consent.OpeningPlayed), func(f consent.Fact) bool { return f.CallID == head.ID })
			})
			tt.end(c)
			<-c.Done()
			rec := two.logOf(head.ID)
			if rec.Outcome != string(tt.want) || rec.Instance != "there" || !rec.Opening.Complete {
				t.Errorf("%+v", rec)
			}
			one.until("the ledger knows once how it ended", func() bool {
				ends := slices.DeleteFunc(w.ledger.Facts(consent.Permitted), func(f consent.Fact) bool {
					return f.CallID != head.ID || f.PermitStatus == consent.PermitMinted
				})
				return len(ends) == 1 && ends[0].Outcome == rec.Outcome && ends[0].FirstAudioMS > 0
			})
			if asked := w.rules.Decided(); asked[len(asked)-1].Location != toCallee().Location || asked[len(asked)-1].Subject != "appointment" {
				t.Errorf("asked again about %+v", asked[len(asked)-1])
			}
			noFaults(t, c)
		})
	}
	t.Run("busy", func(t *testing.T) {
		phone.Bridge = two.web.URL
		n := len(w.person.Calls())
		head, _, err := one.board.Place(one.ctx, toCallee())
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.person.Rung(one.ctx, n+1)
		if err != nil {
			t.Fatal(err)
		}
		c.Decline("busy")
		if rec := one.logOf(head.ID); rec.Outcome != string(call.Busy) || rec.Instance != "here" {
			t.Errorf("%+v", rec)
		}
	})
	one.until("nothing is live", func() bool { return one.board.Live() == 0 && two.board.Live() == 0 })
}

// What a crash leaves between the permit and the answer is closed as failed at the next
// start, and hung up when it is answered.
func TestCrashWhileRinging(t *testing.T) {
	t.Parallel()
	at := postgrestest.URL(t)
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	before := newRig(t, plan{url: at, configure: w.places(t)})
	phone.Bridge = before.web.URL
	head, _, err := before.board.Place(before.ctx, toCallee())
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.person.Rung(before.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	before.until("the log knows that it rings", func() bool {
		rec, err := before.db.Calls().Get(before.ctx, head.ID)
		return err == nil && rec.Status == calllog.StatusRinging
	})
	after := newRig(t, plan{url: at, configure: w.places(t)}) // as if the one before had been killed
	if n, err := after.db.CloseOrphans(after.ctx, "here", time.Minute); err != nil || n != 1 {
		t.Fatalf("%d calls closed, %v", n, err)
	}
	phone.Bridge = after.web.URL
	c.PickUp()
	<-c.Done()
	if rec := after.logOf(head.ID); rec.Outcome != string(call.Failed) || !strings.Contains(strings.Join(notes(rec), ""), "stopped") {
		t.Errorf("%+v", rec)
	}
	if c.StreamSID() != "" || c.Ended() != "hangup" {
		t.Errorf("the call was ended by %q", c.Ended())
	}
}
