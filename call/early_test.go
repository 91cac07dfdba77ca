package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// noClip leaves the opening to the bridge, and its words to the agent's voice.
func noClip(_ *desk, _ *call.Config, p *call.Profile) { p.Opening = nil }

// What an outbound call begins with, in the order of the law.
func TestGreeting(t *testing.T) {
	for _, tt := range []struct {
		purpose   consent.Purpose
		marketing bool
		want      string
	}{
		{consent.Informational, false, "Hello, this is Riverbend Dental. To stop these calls, press 9 or say stop, at any time. I'm an AI assistant, and this call is recorded. " +
			"I'm calling with information for you. You can also reach us at 4 1 5, 5 5 5, 0 1 2 3."},
		{consent.Informational, true, "Hello, this is Riverbend Dental. To stop these calls, press 9 or say stop, at any time. I'm an AI assistant, and this call is recorded. " +
			"This is a sales call. You can also reach us at 4 1 5, 5 5 5, 0 1 2 3."},
	} {
		if got := call.Greeting(seller, tt.purpose, tt.marketing); got != tt.want {
			t.Errorf("%s", got)
		}
	}
	for _, p := range consent.Purposes {
		if text := call.Greeting(seller, p, false); strings.Contains(text, "recorded.  ") {
			t.Errorf("%s has no words: %s", p, text)
		}
	}
}

// The opening is built from the seller and spoken by the agent. What the agent says of
// its own will before waits until it is proved.
func TestNobodySpeaksBeforeTheOpening(t *testing.T) {
	atDesk(t, noClip, func(d *desk) {
		head, c, p := d.talking()
		want := call.Greeting(seller, consent.Informational, false)
		if got := p.Said(); !slices.Equal(got, []string{want}) {
			d.Fatalf("the agent is asked to say %q", got)
		}
		speaks(p, "own", "Hi, I'm Kora!", sound(700*time.Millisecond, 1))
		d.pass(100 * time.Millisecond)
		p.Events <- agent.Audio{Segment: "asked", ULaw: sound(500*time.Millisecond, openingSound)} // before its text
		p.Events <- agent.AgentSaid{Segment: "asked", Text: want, Asked: true}
		p.Events <- agent.Audio{Segment: "asked", ULaw: sound(500*time.Millisecond, openingSound)}
		p.Events <- agent.SegmentEnd{Segment: "asked"}
		p.Events <- agent.Spoken{Exact: true}
		p.Events <- agent.TurnEnd{}
		speaks(p, "b", "It is about your appointment.", sound(300*time.Millisecond, 2))
		d.pass(5 * time.Second)
		heard := c.Heard()
		opening, own, b := firstOf(heard, openingSound), firstOf(heard, 1), firstOf(heard, 2)
		if count(heard, openingSound) != time.Second || own < opening+time.Second || b < own+700*time.Millisecond ||
			count(heard, 1) != 700*time.Millisecond || count(heard, 2) != 300*time.Millisecond {
			d.Errorf("heard the opening from %v, the agent's own words from %v, the rest from %v", opening, own, b)
		}
		c.HangUp()
		<-c.Done()
		rec := d.outcome(head.ID, call.CallerHungUp)
		if !rec.Opening.Complete || rec.Opening.Text != want || said(d, rec, "Hi, I'm Kora!").Heard != calllog.HeardFull {
			d.Errorf("%+v", rec.Opening)
		}
	})
}

// Who speaks while the opening plays drops what the agent said before its time.
func TestInterruptedBeforeItsTime(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c, p := d.talking()
		speaks(p, "own", "Hi, I'm Kora!", sound(700*time.Millisecond, 1))
		d.pass(200 * time.Millisecond)
		p.Events <- agent.Interrupted{}
		d.pass(3 * time.Second)
		if count(c.Heard(), 1) != 0 || count(c.Heard(), openingSound) != time.Second {
			d.Errorf("heard %v of the opening and %v of what was cut", count(c.Heard(), openingSound), count(c.Heard(), 1))
		}
		c.HangUp()
		<-c.Done()
		if rec := d.outcome(head.ID, call.CallerHungUp); said(d, rec, "Hi, I'm Kora!").Heard != calllog.HeardNo {
			d.Error("it is logged as heard")
		}
	})
}

// An outbound call whose opening can't be proved ends; nobody else speaks in it, not even
// a holding line.
func TestOpeningUnproved(t *testing.T) {
	for _, tt := range []struct {
		name      string
		configure func(*desk, *call.Config, *call.Profile)
		agent     any
		do        func(*desk, *twiliotest.Call, *call.Puppet)
		after     time.Duration
		abandoned bool
	}{
		{"its mark does not come back", nil, nil, func(d *desk, c *twiliotest.Call, p *call.Puppet) {
			c.HoldMarks(true)
			speaks(p, "a", "An offer.", sound(time.Second, 1))
		}, 16 * time.Second, false},
		{"the agent does not speak it", noClip, nil, func(*desk, *twiliotest.Call, *call.Puppet) {}, 5 * time.Second, true},
		{"the agent says something else", noClip, nil, func(d *desk, c *twiliotest.Call, p *call.Puppet) {
			speaks(p, "a", "An offer.", sound(time.Second, 1))
		}, 5 * time.Second, true},
		{"the agent does not come", noClip, time.Hour, nil, 15 * time.Second, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, tt.configure, func(d *desk) {
				head, c := d.place()
				d.agents.Answers <- tt.agent
				c.PickUp()
				d.await(c, twiliotest.Started, "")
				began := time.Now()
				if tt.do != nil {
					tt.do(d, c, <-d.agents.Dialled)
				}
				<-c.Done()
				near(d, "the end", time.Since(began), tt.after)
				if n := count(c.Heard(), 1); n != 0 {
					d.Errorf("%v of the agent were heard", n)
				}
				if rest := len(c.Heard())/8 - int(count(c.Heard(), 0xFF)/time.Millisecond) - int(count(c.Heard(), openingSound)/time.Millisecond); rest > 20 {
					d.Errorf("%d ms of something else were heard", rest)
				}
				if want := []string{"Connect", "Hangup"}; !slices.Equal(verbs(c), want) {
					d.Errorf("the call followed %q", verbs(c))
				}
				if rec := d.outcome(head.ID, call.Failed); rec.Opening.Complete {
					d.Error("the opening is logged as proved")
				}
				if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned != tt.abandoned {
					d.Errorf("the permit's end: %+v", end)
				}
				if n := len(d.ledger.Facts(consent.OpeningPlayed)); n != 0 {
					d.Error("the ledger has it that the opening was played")
				}
			})
		})
	}
}

// Who picked up and heard nothing was abandoned, whoever hung up and however soon: also if
// Twilio tells of the end alone.
func TestSilentHangUps(t *testing.T) {
	for name, tt := range map[string]struct {
		configure func(*desk, *call.Config, *call.Profile)
		wait      time.Duration
		abandoned bool
	}{"at once": {noClip, 0, true}, "after a second": {noClip, time.Second, true}, "after three": {noClip, 3 * time.Second, true}, "while the clip plays": {nil, 300 * time.Millisecond, false}} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, tt.configure, func(d *desk) {
				head, c, _ := d.talking()
				d.pass(tt.wait)
				c.HangUp()
				<-c.Done()
				d.logged(head.ID)
				if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned != tt.abandoned {
					d.Errorf("the permit's end: %+v", end)
				}
			})
		})
	}
	t.Run("before Twilio asked", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c := d.place()
			d.board.Status(head.ID, carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
			d.logged(head.ID)
			if ends := d.permits(head.ID, consent.PermitEnded); len(ends) != 1 || !ends[0].Abandoned || proof.MarkOf(ends[0]) != proof.MarkAbandoned {
				d.Errorf("the permit's end: %+v", ends)
			}
		})
	})
}

// Whom we kept waiting for more than two seconds was abandoned, unless a machine waited.
func TestAbandoned(t *testing.T) {
	for name, tt := range map[string]struct {
		wait      time.Duration
		by        string
		abandoned bool
	}{"in time": {time.Second, "human", false}, "late": {2500 * time.Millisecond, "human", true}, "a machine": {2500 * time.Millisecond, "machine_start", false}} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, noClip, func(d *desk) {
				head, c, p := d.talking()
				d.pass(tt.wait)
				p.Events <- agent.AgentSaid{Segment: "asked", Text: p.Said()[0], Asked: true}
				p.Events <- agent.Audio{Segment: "asked", ULaw: sound(time.Second, openingSound)}
				p.Events <- agent.SegmentEnd{Segment: "asked"}
				p.Events <- agent.Spoken{Exact: true}
				p.Events <- agent.TurnEnd{}
				d.pass(1500 * time.Millisecond)
				c.Machine(tt.by)
				d.pass(100 * time.Millisecond)
				c.HangUp()
				<-c.Done()
				d.logged(head.ID)
				end := d.permits(head.ID, consent.PermitEnded)[0]
				near(d, "the first sound", time.Duration(end.FirstAudioMS)*time.Millisecond, tt.wait)
				if end.Abandoned != tt.abandoned {
					d.Errorf("the permit's end: %+v", end)
				}
			})
		})
	}
}
