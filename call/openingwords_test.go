package call_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// What an opening says is known by its words, and by where they are.
func TestOpeningLacks(t *testing.T) {
	const name, stop, ai, recorded = "the seller's name (Riverbend Dental)", "how to stop the calls (such as: press 9)", "that an AI speaks", "that the call is recorded"
	for text, want := range map[string][]string{
		call.Greeting(seller, consent.Research, false): nil,
		ownOpening: nil,
		"Hello, this is Riverbend Dental. To stop these calls press 9. I am an AI assistant and this call is recorded.":                  nil,
		"This is Riverbend Dental calling with an AI voice. Press nine at any time to stop these calls. This call is recorded.":          nil,
		"Riverbend Dental LLC calling; press nine to opt out. This is an automated assistant on a recorded line.":                        nil,
		"Hi, RIVERBEND DENTAL here. Say stop and we won't call again. I'm an A.I., and we record.":                                       nil,
		"Hola, le llama Riverbend Dental. Para no recibir más llamadas marque 9. Soy una inteligencia artificial y la llamada se graba.": nil,

		"Thanks for calling Riverbend Dental. I'm an AI assistant, and this call is recorded.": {stop},
		"Hi there, how are you?":                       {name, stop, ai, recorded},
		"We said it again: stop by, said the captain.": {name, stop, ai, recorded},
		"Hello, this is Riverbend Dental. Press 9 to hear our offers. I'm an AI, and this call is recorded.":                       {stop},
		"Hello, this is Riverbend Dental. Don't press 9 to stop these calls. I'm an AI, and this call is recorded.":                {stop},
		"Hello, this is Riverbend Dental. To stop these calls, press 8. I'm an AI, and this call is recorded.":                     {stop},
		"To stop these calls, press 9. This is Riverbend Dental. I'm an AI, and this call is recorded.":                            {stop},
		"This is Riverbend Dental with news about your next visit to our office. To stop these calls, press 9. AI. Recorded line.": {stop},
		"Hello, this is Riverbend Dental. To stop these calls, press 9. I'm not a robot, and this call is recorded.":               {ai},
		"Hello, this is Riverbend Dental. To stop these calls, press 9. I said I'm calling about your records.":                    {ai, recorded},
		"Hello, this is Riverbend Dental. To stop these calls, press 9. I'm an AI. This call is not recorded.":                     {recorded},
		"Hello, this is Riverbend Dentists. To stop these calls, press 9. I'm an AI. This call is recorded.":                       {name},
	} {
		if got := call.OpeningLacks(text, seller); !slices.Equal(got, want) {
			t.Errorf("%s\nlacks %q, want %q", text, got, want)
		}
	}
	if call.SaysRecorded("We have your records.") || !call.SaysRecorded("This call may be recorded.") {
		t.Error("what says that it records")
	}
}

// What an opening of one's own leaves out is spoken before it, in the order of the law, and
// belongs to the proof. A clip comes after it.
func TestOpeningIsCompleted(t *testing.T) {
	const who = "Hello, this is Riverbend Dental. To stop these calls, press 9 or say stop, at any time."
	for _, tt := range []struct {
		name, own, before string
		marketing         bool
	}{
		{"it says all", ownOpening, "", false},
		{"it says all but that it sells", ownOpening, who + " This is a sales call.", true},
		{"it says nothing", "Good day.", who + " I'm an AI assistant, and this call is recorded.", false},
		{"it doesn't say that it records", "Riverbend Dental. Press 9 to opt out. I'm an AI.", who + " This call is recorded.", false},
		{"it doesn't say who speaks", "Riverbend Dental. Press 9 to opt out. This call is recorded.", who + " I'm an AI assistant.", false},
		{"it doesn't say how to stop", "Riverbend Dental. I'm an AI. This call is recorded.", who, false},
	} {
		for _, clip := range []bool{false, true} {
			name := tt.name + map[bool]string{false: ", spoken", true: ", as a clip"}[clip]
			t.Run(name, func(t *testing.T) { completes(t, tt.own, tt.before, tt.marketing, clip) })
		}
	}
}

// completes places a call with an opening of its own and hears what comes before it.
func completes(t *testing.T, own, before string, marketing, clip bool) {
	const ownSound = openingSound + 1
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) {
		p.Opening = &call.Opening{Text: own}
		if clip {
			p.Opening.Clip = sound(time.Second, ownSound)
		}
	}, func(d *desk) {
		o := toCallee()
		o.Marketing = marketing
		head, _, err := d.board.Place(d.ctx, o)
		if err != nil {
			d.Fatal(err)
		}
		c, err := d.person.Rung(d.ctx, 1)
		if err != nil {
			d.Fatal(err)
		}
		d.agents.Answers <- nil
		c.PickUp()
		d.await(c, twiliotest.Started, "")
		p := <-d.agents.Dialled
		d.pass(0)
		all, ask := own, own
		if before != "" {
			all, ask = before+" "+own, before+" "+own
		}
		if clip {
			ask = before
		}
		if said := p.Said(); ask == "" && len(said) > 0 || ask != "" && !slices.Equal(said, []string{ask}) {
			d.Fatalf("the agent is asked to say %q, want %q", said, ask)
		}
		if ask != "" {
			p.Events <- agent.AgentSaid{Segment: "asked", Text: ask, Asked: true}
			p.Events <- agent.Audio{Segment: "asked", ULaw: sound(time.Second, openingSound)}
			p.Events <- agent.SegmentEnd{Segment: "asked"}
			p.Events <- agent.Spoken{Exact: true}
			p.Events <- agent.TurnEnd{}
		}
		d.pass(900 * time.Millisecond)
		if n := len(d.ledger.Facts(consent.OpeningPlayed)); n > 0 {
			d.Error("it is proved before it was heard")
		}
		d.pass(2 * time.Second)
		heard := c.Heard()
		if clip && (count(heard, ownSound) != time.Second || ask != "" && firstOf(heard, ownSound) < firstOf(heard, openingSound)+time.Second) {
			d.Errorf("the clip was heard for %v, from %v on; the rest from %v on", count(heard, ownSound), firstOf(heard, ownSound), firstOf(heard, openingSound))
		}
		c.HangUp()
		<-c.Done()
		rec := d.outcome(head.ID, call.CallerHungUp)
		if rec.Opening == nil || !rec.Opening.Complete || rec.Opening.Text != all {
			d.Errorf("the log has the opening %+v, want %q", rec.Opening, all)
		}
		if clip && said(d, rec, own).Heard != calllog.HeardFull {
			d.Error("the clip is not logged as heard")
		}
		if facts := d.ledger.Facts(consent.OpeningPlayed); len(facts) != 1 || facts[0].TextSHA256 != digestOf(all) {
			d.Errorf("the ledger has %+v", facts)
		}
		noFaults(d, c)
	})
}

// digestOf is the SHA-256 of a text, in hex.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// An emergency call says the text that was approved, whatever its agent's opening is.
func TestAnEmergencySaysItsText(t *testing.T) {
	const text = "The building is flooded."
	atDesk(t, func(d *desk, _ *call.Config, _ *call.Profile) {
		d.rules.Owe(consent.Result{Rule: "exemption.invalid", Status: consent.Pass, Effect: consent.EffectInCall, Duty: consent.DutyEmergencyText, Say: text})
	}, func(d *desk) {
		head, c, p := d.talking()
		want := call.Greeting(seller, consent.Informational, false) + " " + text
		if got := p.Said(); !slices.Equal(got, []string{want}) {
			d.Errorf("the agent is asked to say %q", got)
		}
		c.HangUp()
		<-c.Done()
		if rec := d.logged(head.ID); rec.Order.Say != text || rec.Opening.Text != want {
			d.Errorf("the log has %+v, %+v", rec.Order, rec.Opening)
		}
	})
}
