package call_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// diary is where calls back are scheduled.
type diary struct {
	mu     sync.Mutex
	orders []call.CallbackOrder
	fails  error
	unfit  error // what Check returns
	takes  time.Duration
	texts  bool // people can be asked by text
	asked  []call.CallbackOrder
}

func (d *diary) Check(call.CallbackOrder) error { return d.unfit }

func (d *diary) Ask(_ context.Context, o call.CallbackOrder) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.texts {
		return builtin.ErrNoTexts
	}
	d.asked = append(d.asked, o)
	return nil
}

func (d *diary) Schedule(ctx context.Context, o call.CallbackOrder) (string, error) {
	select {
	case <-time.After(d.takes):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		return "", d.fails
	}
	d.orders = append(d.orders, o)
	return "rem_1", nil
}

func (d *diary) all() []call.CallbackOrder {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.orders)
}

// callsBack lets the agent schedule calls back, and has the carrier vouch for callers.
func callsBack(book *diary) func(*desk, *call.Config, *call.Profile) {
	return func(d *desk, c *call.Config, p *call.Profile) {
		d.phone.Attestation = attestations[0].stir
		c.Callbacks, p.Builtins = book, []string{builtin.ScheduleCallback}
	}
}

// tomorrow is a time for a call back: bubbles begin on 1 January 2000 in UTC.
const tomorrow = `{"at":"2000-01-02T15:00:00-08:00","topic":"the loose crown"}`

// Who asks to be called back has agreed to that, in the words that are written down, and is.
func TestScheduleCallback(t *testing.T) {
	for _, direction := range []string{calllog.Inbound, calllog.Outbound} {
		t.Run(direction, func(t *testing.T) {
			book := &diary{}
			atDesk(t, callsBack(book), func(d *desk) {
				person, verified := caller, "caller ID"
				var c *twiliotest.Call
				var p *call.Puppet
				if direction == calllog.Inbound {
					c, p = d.connected()
				} else {
					person, verified = callee, "answered our call"
					_, c, p = d.opened()
				}
				uses(p, "t0", builtin.ScheduleCallback, tomorrow)
				p.Events <- agent.CallerSaid{Text: "Something said long ago."}
				d.pass(90 * time.Second)
				p.Events <- agent.CallerSaid{Text: "I have no time now."}
				d.pass(10 * time.Second)
				p.Events <- agent.CallerSaid{Text: "Call me at", Interim: true}
				p.Events <- agent.AgentSaid{Segment: "q", Text: "Shall we call you back?"}
				p.Events <- agent.CallerSaid{Text: "No, thank you."}
				uses(p, "t9", builtin.ScheduleCallback, tomorrow)
				p.Events <- agent.CallerSaid{Text: "Call me tomorrow at three."}
				p.Events <- agent.CallerSaid{Text: "The caller pressed the key 1.", Typed: true}
				uses(p, "t1", builtin.ScheduleCallback, tomorrow)
				uses(p, "t2", builtin.ScheduleCallback, tomorrow)
				d.pass(time.Second)
				a := p.Answers()
				want := `{"at":"Sunday 2000-01-02T15:00-08:00","callback":"rem_1","note":"It is scheduled. Tell them the day and the time."}`
				if len(a) != 4 || !strings.Contains(a[0].Content, "not said anything") || a[0].Error == "" || !strings.Contains(a[1].Content, "was no") || a[2].Content != want || a[3].Content != want {
					d.Fatalf("answered %+v", a)
				}
				grants := d.ledger.Facts(consent.Grant)
				if len(grants) != 1 {
					d.Fatalf("the ledger has %+v", grants)
				}
				g := grants[0]
				if g.Number != numberOf(person) || g.Seller != "riverbend" || g.Tier != consent.Express || !slices.Equal(g.Purposes, []consent.Purpose{consent.Informational}) ||
					!slices.Equal(g.Channels, []string{consent.VoiceAI}) || g.Subject != "the loose crown" || g.Source != "phone" || g.CallID == "" || g.Purpose != "" {
					d.Errorf("%+v", g)
				}
				if e := g.Evidence; e.Method != "spoken" || e.Text != "I have no time now.\nNo, thank you.\nCall me tomorrow at three." || !strings.Contains(e.VerifiedBy, verified) {
					d.Errorf("the evidence is %+v", e)
				}
				if want := "asked to be called back at 2000-01-02T15:00:00-08:00 about: the loose crown\nthe agent had said: Shall we call you back?"; g.Note != want {
					d.Errorf("the note is %q", g.Note)
				}
				g.CallID, g.Agent, g.From, g.Seq, g.Hash, g.PermitID, g.Attestation = "", "", "", 0, "", "", "" // the ledger's own to say
				g.Number = numberOf("+12125552671")                                                             // the tests' own is kept for fiction
				if err := g.Validate(time.Now()); err != nil {
					d.Error(err)
				}
				orders := book.all()
				if len(orders) != 1 {
					d.Fatalf("scheduled %+v", orders)
				}
				o := orders[0]
				if o.To != numberOf(person) || o.From != numberOf(number) || o.Agent != "support" || o.Purpose != consent.Informational || o.Marketing || o.Subject != "the loose crown" ||
					o.Variables["callback_topic"] != "the loose crown" || !o.At.Equal(time.Date(2000, 1, 2, 23, 0, 0, 0, time.UTC)) || !strings.HasSuffix(o.Key, "/t1") {
					d.Errorf("%+v", o)
				}
				if err := d.board.Check(o.Order); err != nil {
					d.Error(err)
				}
				if direction == calllog.Outbound && (o.Variables["name"] != "Dana" || o.Location.State != "CA") {
					d.Errorf("%+v", o)
				}
				c.HangUp()
				<-c.Done()
				if n := notes(d.record(c)); !slices.ContainsFunc(n, func(s string) bool { return strings.Contains(s, "their consent is row ") }) {
					d.Errorf("the log has the notes %q", n)
				}
			})
		})
	}
}

// Without a time, a topic, a number, a seller, a ledger or a diary nobody is called back, nothing
// is written down, and the agent hears why.
func TestScheduleCallbackRefused(t *testing.T) {
	for _, x := range []struct {
		name, arguments, say string
		change               func(*desk, *call.Config, *call.Profile)
	}{
		{"no time", `{"at":"tomorrow at three","topic":"x"}`, "at: want a time", nil},
		{"the past", `{"at":"1999-12-31T15:00:00-08:00","topic":"x"}`, "at: it is in the past: it is Friday 1999-12-31T16:00-08:00 now", nil},
		{"too far", `{"at":"2000-03-02T15:00:00-08:00","topic":"x"}`, "at: it is more than 60 days away", nil},
		{"no zone", `{"at":"2000-01-02T15:00","topic":"x","zone":"Mars/Base"}`, "zone: not a time zone", nil},
		{"another number", `{"at":"2000-01-02T15:00","topic":"x","number":"+14155550188"}`, "number", nil},
		{"no diary", tomorrow, "You place no calls", func(_ *desk, c *call.Config, _ *call.Profile) { c.Callbacks = nil }},
		{"no gate", tomorrow, "Their number is not known", func(_ *desk, c *call.Config, _ *call.Profile) { c.Gate = nil }},
		{"no seller", tomorrow, "Their number is not known", func(_ *desk, _ *call.Config, p *call.Profile) { p.Seller = consent.Seller{} }},
		{"sales", tomorrow, "sells", func(_ *desk, _ *call.Config, p *call.Profile) { p.Purpose = consent.Telemarketing }},
		{"denied", tomorrow, "We may not call this number", func(d *desk, _ *call.Config, _ *call.Profile) { d.rules.Refuse("destination") }},
		{"on the list", tomorrow, "are on our list", func(d *desk, _ *call.Config, _ *call.Profile) { d.rules.Refuse("dnc.internal") }},
		{"not then", tomorrow, "The earliest after it is Monday 2000-01-03T09:00-08:00", func(d *desk, _ *call.Config, _ *call.Profile) { d.gate.Policy = notBefore{} }},
		{"no voice can be given it", tomorrow, "none is", func(_ *desk, c *call.Config, _ *call.Profile) { c.Callbacks.(*diary).unfit = &call.OrderError{} }},
		{"ledger away", tomorrow, "none is", func(d *desk, _ *call.Config, _ *call.Profile) { d.ledger.Set(consenttest.Away) }},
		{"ledger hangs", tomorrow, "none is", func(d *desk, _ *call.Config, _ *call.Profile) { d.ledger.Set(consenttest.Hangs) }},
	} {
		t.Run(x.name, func(t *testing.T) {
			book := &diary{}
			atDesk(t, func(d *desk, c *call.Config, p *call.Profile) {
				callsBack(book)(d, c, p)
				if x.change != nil {
					x.change(d, c, p)
				}
			}, func(d *desk) {
				c, p := d.connected()
				p.Events <- agent.CallerSaid{Text: "Call me tomorrow at three."}
				uses(p, "t1", builtin.ScheduleCallback, x.arguments)
				d.pass(10 * time.Second)
				if a := p.Answers(); len(a) != 1 || a[0].Error == "" || !strings.Contains(a[0].Content, x.say) {
					d.Errorf("answered %+v, want %q", a, x.say)
				}
				if facts := d.ledger.Facts(); len(facts) != 0 || len(book.all()) != 0 {
					d.Errorf("the ledger has %+v, the diary %+v", facts, book.all())
				}
				c.HangUp()
				<-c.Done()
			})
		})
	}
}

// notBefore is a policy that puts calls off until 9 o'clock on the next day.
type notBefore struct{}

func (notBefore) Decide(_ consent.Request, _ consent.Snapshot, now time.Time) consent.Decision {
	day := now.AddDate(0, 0, 1).In(time.FixedZone("", -8*60*60))
	from := time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, day.Location()).UTC()
	return consent.Decision{Outcome: consent.Defer, NotBefore: &from, Results: []consent.Result{{Rule: "hours.federal", Status: consent.Fail, Effect: consent.EffectDefer, RetryAt: &from}}}
}

// Who withholds their number can't be called back.
func TestScheduleCallbackToNobody(t *testing.T) {
	book := &diary{}
	atDesk(t, callsBack(book), func(d *desk) {
		d.agents.Answers <- nil
		c, err := d.phone.Dial(d.ctx, "anonymous", number)
		if err != nil {
			d.Fatal(err)
		}
		d.await(c, twiliotest.Started, "")
		p := <-d.agents.Dialled
		p.Events <- agent.CallerSaid{Text: "Call me tomorrow at three."}
		uses(p, "t1", builtin.ScheduleCallback, tomorrow)
		if a := p.Answers(); len(a) != 1 || !strings.Contains(a[0].Content, "number is not known") {
			d.Errorf("answered %+v", a)
		}
		c.HangUp()
		<-c.Done()
	})
}

// A diary that fails leaves the consent, which was given, and no promise. One that is slow is waited
// for when the caller has gone.
func TestScheduleCallbackLate(t *testing.T) {
	for name, book := range map[string]*diary{"fails": {fails: errors.New("the diary is away")}, "is slow": {takes: 3 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, callsBack(book), func(d *desk) {
				c, p := d.connected()
				p.Events <- agent.CallerSaid{Text: "Call me tomorrow at three."}
				uses(p, "t1", builtin.ScheduleCallback, tomorrow)
				uses(p, "t2", builtin.ScheduleCallback, tomorrow)
				d.pass(time.Second)
				c.HangUp()
				<-c.Done()
				d.pass(5 * time.Second)
				if n := len(d.ledger.Facts(consent.Grant)); n < 1 {
					d.Errorf("%d grants", n)
				}
				tool := entries(d.record(c), calllog.KindTool)
				if fails := book.fails != nil; len(tool) != 2 || (tool[0].Error != "") != fails || len(book.all()) == 1 == fails {
					d.Errorf("the log has %+v, the diary %+v", tool, book.all())
				}
			})
		})
	}
}
