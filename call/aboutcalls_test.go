package call_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/recording"
)

// told tells whether the agent was told something with some words in it.
func told(p *call.Puppet, words string) bool {
	return slices.ContainsFunc(p.Told(), func(s string) bool { return strings.Contains(s, words) })
}

// events is the events of a call's log.
func events(rec calllog.Call) (list []calllog.Event) {
	for _, e := range rec.Entries {
		if e.Event != "" {
			list = append(list, e.Event)
		}
	}
	return list
}

const question = "Do you want us to stop calling you?"

// What is unclear holds all calls to the number, and the agent is told to ask. The first words
// after its question decide: a yes is a refusal; a clear no of somebody who is known to be at the
// number resolves it; all else leaves it to a person.
func TestUnclear(t *testing.T) {
	const unclear = "You keep calling me."
	for name, x := range map[string]struct {
		before, answer string // what is said before the question, and after
		asks           string // by the agent; empty: our question
		stir           string // of a call that comes in; empty: one that we placed
		away           bool   // the ledger
		stops, settles bool
	}{
		"yes":                        {answer: "Yes.", stops: true},
		"yes, please":                {answer: "Yeah, please.", stops: true},
		"a refusal":                  {answer: "Stop calling me.", stops: true},
		"no":                         {answer: "No, that's fine.", settles: true},
		"no, and something else":     {answer: "No, I just wanted to know the time."},
		"talk that goes on":          {answer: "What about my appointment?"},
		"yes, but":                   {answer: "Yes, but not today."},
		"yes, call":                  {answer: "Yes, you can call me."},
		"yes, go on":                 {answer: "Please keep calling."},
		"no, in a sentence":          {answer: "No, I don't.", settles: true},
		"no to something else":       {asks: "Is there anything else?", answer: "No."},
		"yes to something else":      {asks: "Does Tuesday at three suit you?", answer: "Yes."},
		"no to a question behind it": {asks: question + " And shall we move your visit?", answer: "No."},
		"yes, to our other words":    {asks: "Let me ask: do you want us to quit calling you?", answer: "Yes.", stops: true},
		"yes, in Spanish":            {asks: "¿Quiere que dejemos de llamarle?", answer: "Sí.", stops: true},
		"yes before the question":    {before: "Yes.", answer: "My appointment."},
		"no before the question":     {before: "No.", answer: "My appointment."},
		"no, of a caller":            {answer: "No.", stir: "TN-Validation-Passed-B"},
		"no, of a forged number":     {answer: "No.", stir: "TN-Validation-Failed-C"},
		"no, of a vouched-for one":   {answer: "No.", stir: "TN-Validation-Passed-A", settles: true},
		"yes, of a forged number":    {answer: "Yes.", stir: "TN-Validation-Failed-C", stops: true},
		"no, with the ledger away":   {answer: "No.", away: true},
		"yes, with the ledger away":  {answer: "Yes.", away: true, stops: true},
		"nothing more":               {answer: "No more of this."},
		"a word that is no answer":   {answer: "Um."},
		"the same unclear words":     {answer: unclear},
		"a no to be called no more ": {answer: "No, don't call me again.", stops: true},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				person := callee
				var p *call.Puppet
				if x.stir != "" {
					d.phone.Attestation, person = x.stir, caller
					_, p = d.connected()
					d.pass(1200 * time.Millisecond)
				} else {
					_, _, p = d.opened()
				}
				if x.away {
					d.ledger.Set(consenttest.Away)
				}
				p.Events <- agent.CallerSaid{Text: unclear}
				d.pass(10 * time.Millisecond)
				if !told(p, question) {
					d.Errorf("the agent was told %q", p.Told())
				}
				if x.before != "" {
					p.Events <- agent.CallerSaid{Text: x.before}
					d.pass(4 * time.Second)
				}
				speaks(p, "q", cmp.Or(x.asks, question), sound(time.Second, 1))
				d.pass(4 * time.Second)
				p.Events <- agent.CallerSaid{Text: x.answer}
				d.pass(3 * time.Second)
				d.ledger.Set(consenttest.Well)
				if x.away {
					if err := d.gate.Spool.Replay(d.ctx, d.ledger); err != nil {
						d.Fatal(err)
					}
				}
				held := d.ledger.Facts(consent.OptOutUnclear)
				if len(held) != 1 || held[0].Words != unclear || held[0].Number != numberOf(person) || held[0].Attestation != x.stir {
					d.Errorf("the ledger holds %+v", held)
				}
				if got := len(d.ledger.Facts(consent.Revoke)) > 0; got != x.stops {
					d.Errorf("revoked: %t, want %t", got, x.stops)
				}
				resolved := d.ledger.Facts(consent.Resolve)
				if (len(resolved) == 1) != x.settles || x.settles && (resolved[0].Renews != held[0].Seq || resolved[0].Result != consent.MeantNoRefusal) {
					d.Errorf("resolved by %+v", resolved)
				}
			})
		})
	}
}

// A no ends no more than three doubts of one call. Who has raised a fourth keeps the number held,
// whatever they answer, and a yes counts as ever.
func TestDoubtsOfOneCall(t *testing.T) {
	const doubts, most = 4, 3
	for last, stops := range map[string]bool{"No.": false, "Yes.": true} {
		t.Run(last, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, _, p := d.opened()
				for i := range doubts {
					p.Events <- agent.CallerSaid{Text: "You keep calling me."}
					d.pass(4 * time.Second)
					speaks(p, fmt.Sprintf("q%d", i), question, sound(time.Second, 1))
					d.pass(4 * time.Second)
					answer := "No."
					if i == doubts-1 {
						answer = last
					}
					p.Events <- agent.CallerSaid{Text: answer}
					d.pass(4 * time.Second)
					held, resolved := d.ledger.Facts(consent.OptOutUnclear), d.ledger.Facts(consent.Resolve)
					if want := min(i+1, most); len(held) != i+1 || len(resolved) != want {
						d.Fatalf("%d doubts and %d resolved, want %d and %d", len(held), len(resolved), i+1, want)
					}
				}
				if got := len(d.ledger.Facts(consent.Revoke)) > 0; got != stops {
					d.Errorf("revoked: %t, want %t", got, stops)
				}
				if waits := len(consent.Unresolved(d.ledger.Facts(), seller)); waits != 1 {
					d.Errorf("%d doubts wait for a person, want 1", waits)
				}
			})
		})
	}
}

// An answer that comes before our question is heard, while an earlier one plays, answers that one.
func TestUnclearAnsweredTooSoon(t *testing.T) {
	for _, answer := range []string{"Yes.", "No."} {
		t.Run(answer, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, _, p := d.opened()
				speaks(p, "a", "Does Tuesday at three suit you?", sound(3*time.Second, 1))
				p.Events <- agent.CallerSaid{Text: "You keep calling me."}
				d.pass(10 * time.Millisecond)
				speaks(p, "q", question, sound(time.Second, 1))
				d.pass(time.Second)
				p.Events <- agent.CallerSaid{Text: answer}
				d.pass(time.Second)
				if facts := d.ledger.Facts(consent.Revoke, consent.Resolve); len(facts) > 0 {
					d.Errorf("the ledger has %+v", facts)
				}
			})
		})
	}
}

// Who talks all day about when to call writes no more than a few rows in one call, and says the
// same once.
func TestPreferencesOfOneCall(t *testing.T) {
	for text, want := range map[string]struct{ preferences, unclear int }{
		"Please don't call me before %d.":      {5, 1},
		"Please don't call me on Sundays.%.0d": {1, 0},
	} {
		t.Run(text, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, _, p := d.opened()
				for i := range 30 {
					p.Events <- agent.CallerSaid{Text: fmt.Sprintf(text, 8+i%12)}
					d.pass(4 * time.Second)
				}
				if got := len(d.ledger.Facts(consent.Preference)); got != want.preferences {
					d.Errorf("the ledger has %d preferences, want %d", got, want.preferences)
				}
				if got := len(d.ledger.Facts(consent.OptOutUnclear)); got != want.unclear {
					d.Errorf("a person is to look at %d, want %d", got, want.unclear)
				}
			})
		})
	}
}

// Who says stop and hangs up before the recognizer is done has said it.
func TestStopAndHangUp(t *testing.T) {
	for said, stops := range map[string]bool{"Stop calling me": true, "Okay, thank you, see you": false} {
		t.Run(said, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, c, p := d.opened()
				p.Events <- agent.CallerSaid{Text: said[:6], Interim: true}
				p.Events <- agent.CallerSaid{Text: said, Interim: true}
				d.pass(100 * time.Millisecond)
				c.HangUp()
				<-c.Done()
				d.pass(time.Second)
				if got := len(d.ledger.Facts(consent.Revoke)) > 0; got != stops {
					d.Errorf("revoked: %t", got)
				}
			})
		})
	}
}

// So has one of whom the voice sent more texts than its budget lets through, the last of them too many.
func TestStopIsHeardOverTheBudget(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		_, c, p := d.opened()
		most := agent.Budgets{}.WithDefaults().InterimsMinute
		for range most {
			p.Events <- agent.CallerSaid{Text: "Well, I", Interim: true}
		}
		p.Events <- agent.CallerSaid{Text: "Stop calling me", Interim: true}
		d.pass(100 * time.Millisecond)
		c.HangUp()
		<-c.Done()
		d.pass(time.Second)
		if len(d.ledger.Facts(consent.Revoke)) == 0 {
			d.Error("nothing is revoked")
		}
	})
}

// What else people say about being called is written down for what it is.
func TestAboutCalls(t *testing.T) {
	types := func(facts []consent.Fact) (list []string) {
		for _, f := range facts {
			if slices.Contains(consent.Told, f.Type) || f.Type == consent.OptOutInCall {
				list = append(list, string(f.Type))
			}
		}
		return list
	}
	for name, x := range map[string]struct {
		says []string // with a pause of 2 s between
		want string   // the types of facts
		tell string   // to the agent
		ends bool
	}{
		"nothing of it":         {[]string{"When will my stitches be removed?"}, "", "", false},
		"cut by a pause":        {[]string{"I don't want any more", "calls from you."}, "[revoke dnc_add optout_in_call]", "", true},
		"two whole sentences":   {[]string{"I don't want any more.", "What time is it?"}, "", "", false},
		"a time":                {[]string{"Please don't call me until next Monday, I'm away."}, "[preference]", "", false},
		"an hour":               {[]string{"Call me after six, please."}, "[preference]", "", false},
		"an hour of a machine":  {[]string{"You have reached the Smiths. Leave a message after the tone, or call us back after six."}, "", "", true},
		"a child":               {[]string{"I'm only twelve years old."}, "[dnc_add optout_unclear]", "won't call it again", false},
		"a death":               {[]string{"She passed away last month."}, "[dnc_add optout_unclear]", "won't call it again", false},
		"a lawyer":              {[]string{"Talk to my lawyer."}, "[dnc_add optout_unclear]", "won't call it again", false},
		"no recording":          {[]string{"Stop recording this call."}, "", "nothing of the call is kept", false},
		"the wrong number":      {[]string{"You have the wrong number. There is no Dana here."}, "[number_fact dnc_add]", "", true},
		"the wrong number, too": {[]string{"You have the wrong number.", "Wrong number!"}, "[number_fact dnc_add]", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				head, c, p := d.opened()
				for i, text := range x.says {
					if i > 0 {
						d.pass(2 * time.Second)
					}
					p.Events <- agent.CallerSaid{Text: text}
				}
				d.pass(time.Second)
				if got := types(d.ledger.Facts()); strings.Join(got, " ") != strings.Trim(x.want, "[]") {
					d.Errorf("the ledger has %v, want %s", got, x.want)
				}
				if x.tell != "" && !told(p, x.tell) {
					d.Errorf("the agent was told %q", p.Told())
				}
				d.pass(12 * time.Second)
				if (c.Ended() != "") != x.ends {
					d.Errorf("the call was ended by %q", c.Ended())
				}
				if rec := d.logged(head.ID); slices.ContainsFunc(notes(rec), func(n string) bool { return strings.Contains(n, "Dana") || strings.Contains(n, "twelve") }) {
					d.Errorf("the notes quote the person: %q", notes(rec))
				}
			})
		})
	}
}

// "Next Monday" begins where the person is, on the clock of the order.
func TestPreferenceInTheirZone(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		_, _, p := d.opened()
		p.Events <- agent.CallerSaid{Text: "Please don't call me until next Monday."}
		d.pass(time.Second)
		facts := d.ledger.Facts(consent.Preference)
		if len(facts) != 1 || facts[0].NotBefore == nil || facts[0].Zone != "America/Los_Angeles" {
			d.Fatalf("the ledger has %+v", facts)
		}
		place, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			d.Fatal(err)
		}
		at := facts[0].NotBefore.In(place)
		if at.Weekday() != time.Monday || at.Hour() != 0 || at.Before(time.Now()) {
			d.Errorf("not before %v", at)
		}
	})
}

// Our own words, sent back by a loudspeaker, are nobody's: neither the opening's nor the agent's.
// The same words long after are the person's.
func TestEcho(t *testing.T) {
	const spoken = "You can tell us to stop calling you at any time."
	for name, x := range map[string]struct {
		says  string
		after time.Duration // since the agent's words began, which take 2 s
		stops bool
	}{
		"of the opening":          {"To stop these calls, press 9.", 300 * time.Millisecond, false},
		"of the agent":            {"Tell us to stop calling you at any time.", 3 * time.Second, false},
		"while it plays":          {"us to stop calling you", time.Second, false},
		"more than was played":    {"Stop calling me right now.", 3 * time.Second, true},
		"a stop in between":       {"Stop calling.", time.Second, true},
		"in the person's own way": {"I tell you to stop calling me.", 3 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, c, p := d.opened()
				speaks(p, "a", spoken, sound(2*time.Second, 1))
				d.pass(x.after)
				p.Events <- agent.CallerSaid{Text: x.says}
				d.pass(2 * time.Second)
				if got := len(d.ledger.Facts(consent.Revoke)) > 0; got != x.stops {
					d.Errorf("revoked: %t; the call was ended by %q", got, c.Ended())
				}
			})
		})
	}
}

// Who does not want to be recorded is not, for the rest of the call, whatever the agent does.
func TestNoMoreRecording(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	atDesk(t, func(_ *desk, c *call.Config, p *call.Profile) { recorded(folder)(c, p) }, func(d *desk) {
		head, c, p := d.opened()
		p.Events <- agent.CallerSaid{Text: "Hello there."}
		d.pass(time.Second)
		p.Events <- agent.CallerSaid{Text: "Please stop recording this call."}
		d.pass(time.Second)
		uses(p, "t1", builtin.ResumeRecording, "{}")
		p.Events <- agent.CallerSaid{Text: "My secret is seven."}
		d.pass(3 * time.Second)
		c.HangUp()
		<-c.Done()
		rec := d.logged(head.ID)
		if !slices.Contains(events(rec), calllog.EventRecordingStopped) {
			d.Errorf("the log has the events %v", events(rec))
		}
		left, right := tape(t, folder, head.ID)
		if kept := at(len(left)); kept < time.Second || kept > 5*time.Second || len(left) != len(right) { // of a call of 6 s
			d.Errorf("the recording lasts %v", kept)
		}
		for _, e := range rec.Entries {
			if strings.Contains(e.Text, "secret") {
				d.Errorf("the log has %q", e.Text)
			}
		}
	})
}
