package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
)

const (
	screeningWords = "Hi, the person you're calling is using a screening service. Please say your name and why you're calling."
	menuWords      = "Thank you for calling. For sales, press 1. For support, press 2."
)

// machineWords is one of each kind, and what repeats itself.
var machineWords = []string{greetingWords, screeningWords, menuWords, "The mailbox is full and cannot accept any messages.", "Para español, oprima el dos."}

// An assistant's question is told to the agent, once. The person behind it hears the
// opening from its beginning.
func TestScreened(t *testing.T) {
	atDesk(t, leaves, func(d *desk) {
		head, c, p := d.opened()
		d.hears(p, screeningWords)
		d.hears(p, "Thanks. I'll see if this person is available. Please stay on the line.")
		d.hears(p, "One moment, please.")
		told := p.Told()
		if len(told) != 1 || !strings.Contains(told[0], "call-screening") || !strings.Contains(told[0], "Riverbend Dental") || !strings.Contains(told[0], "AI") || !strings.Contains(told[0], "information for you") {
			d.Fatalf("the agent was told %q", told)
		}
		speaks(p, "a", "This is an AI assistant, calling for Riverbend Dental.", sound(time.Second, agentSound))
		d.pass(2 * time.Second)
		if count(c.Heard(), agentSound) != time.Second || count(c.Heard(), openingSound) != time.Second {
			d.Error("the assistant did not hear the agent, or the opening again")
		}
		d.hears(p, "Hello, this is Dana.")
		speaks(p, "b", "Hi Dana!", sound(time.Second, agentSound+1))
		d.pass(3 * time.Second)
		if count(c.Heard(), openingSound) != 2*time.Second || count(c.Heard(), agentSound+1) != time.Second {
			d.Error("the person did not hear the opening, and then the agent")
		}
		d.hears(p, "Yes, that is me.")
		c.HangUp()
		d.pass(2 * time.Second)
		rec := d.outcome(head.ID, call.CallerHungUp)
		if facts := d.ledger.Facts(consent.OpeningPlayed); len(facts) != 2 || !rec.Opening.Complete {
			d.Errorf("the ledger has %d openings", len(facts))
		}
		if !noted(rec, "call-screening") || !noted(rec, "a person came on the line") || len(notes(rec)) != 2 {
			d.Errorf("the notes are %q", notes(rec))
		}
	})
}

// A phone menu is told to the agent, with the tool if it has it.
func TestPhoneMenu(t *testing.T) {
	for name, tools := range map[string][]string{"keys": {"send_digits"}, "none": nil} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) { p.Builtins = tools }, func(d *desk) {
				_, c, p := d.opened()
				d.hears(p, menuWords)
				d.hears(p, "To hear our hours, press 4.")
				d.hears(p, "You have selected billing.")
				if told := p.Told(); len(told) != 1 || !strings.Contains(told[0], "phone menu") || strings.Contains(told[0], "send_digits") != (tools != nil) {
					d.Errorf("the agent was told %q", told)
				}
				d.pass(2 * time.Second)
				if count(c.Heard(), openingSound) != time.Second {
					d.Error("the menu heard the opening twice")
				}
				d.hears(p, "Billing, how can I help you?")
				d.pass(2 * time.Second)
				if count(c.Heard(), openingSound) != 2*time.Second {
					d.Error("the person behind it did not hear the opening")
				}
			})
		})
	}
}

// Two machines that talk do not talk for ever.
func TestLoop(t *testing.T) {
	const long = "I am the automated receptionist of Dana Reyes and I am glad to help you with whatever it is that you are calling about today."
	for _, tt := range []struct {
		name  string
		texts []string
		told  int
		want  call.Reason // empty: it goes on
	}{
		{"a menu", []string{menuWords, "One moment.", menuWords, "One moment.", strings.Replace(menuWords, "1", "one", 1)}, 2, call.Failed},
		{"a long text", []string{long, long, long}, 1, call.Failed},
		{"a greeting", []string{greetingWords, greetingWords, greetingWords}, 0, call.Voicemail},
		{"the same sentence", slices.Repeat([]string{"I did not quite get that."}, 6), 1, call.Failed},
		{"a person who repeats", []string{"I want to talk to a person.", "I want to talk to a person!", "I want to talk to a person.", "No."}, 1, ""},
		{"short answers", slices.Repeat([]string{"No."}, 12), 0, ""},
		{"hello, again and again", slices.Repeat([]string{"Hello?"}, 8), 0, ""},
		{"different long texts", []string{long, menuWords, "and now for something that is completely different and yet as long as the others were before it"}, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, leaves, func(d *desk) {
				head, c, p := d.opened()
				c.Speak(sound(time.Minute, voiceSound))
				for _, text := range tt.texts {
					d.hears(p, text)
					d.pass(500 * time.Millisecond)
				}
				if told := p.Told(); len(told) != tt.told {
					d.Errorf("the agent was told %q", told)
				}
				if tt.want == "" {
					if c.Ended() != "" {
						d.Errorf("ended: %q", notes(d.logged(head.ID)))
					}
					return
				}
				<-c.Done()
				d.pass(time.Second)
				if rec := d.outcome(head.ID, tt.want); !noted(rec, "again and again") || slices.Contains(verbs(c), "Say") {
					d.Errorf("the notes are %q", notes(rec))
				}
			})
		})
	}
}

// None of it applies to a call that came in: no words and no beep change anything, but
// that the very same sentence, six times, takes the caller to the fallback.
func TestCallsInHearNoMachines(t *testing.T) {
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) { p.Opening = nil }, func(d *desk) {
		c, p := d.connected()
		for n := range 4 {
			for _, text := range machineWords {
				d.hears(p, text)
			}
			c.Speak(beepSound(1000, 400*time.Millisecond))
			d.pass(6 * time.Second)
			speaks(p, string(rune('a'+n)), "Yes?", sound(time.Second, agentSound))
			d.pass(2 * time.Second)
		}
		if len(p.Told()) > 0 || c.Ended() != "" || count(c.Heard(), agentSound) != 4*time.Second || p.Interrupts() > 0 {
			d.Errorf("the agent was told %q, the call ended %q, the agent was heard for %v", p.Told(), c.Ended(), count(c.Heard(), agentSound))
		}
		for range 6 {
			d.hears(p, "I did not quite get that.")
			d.pass(time.Second)
		}
		if len(p.Told()) > 0 || len(p.Said()) > 0 {
			d.Errorf("the agent was told %q, and asked to say %q", p.Told(), p.Said())
		}
		<-c.Done()
		if rec := d.record(c); rec.Outcome != string(call.Failed) || len(notes(rec)) != 1 || !noted(rec, "again and again") || !slices.Contains(verbs(c), "Say") {
			d.Errorf("%q, %q; the phone followed %q", rec.Outcome, notes(rec), verbs(c))
		}
	})
}
