package call_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const (
	greetingWords = "You've reached Dana. Please leave a message after the beep."
	agentSound    = 0x31
	voiceSound    = 0x12 // loud, and no tone
)

// beepSound is a machine's beep.
func beepSound(hz float64, d time.Duration) []byte {
	pcm := make([]int16, int(d*8/time.Millisecond))
	for i := range pcm {
		pcm[i] = int16(6000 * math.Sin(2*math.Pi*hz*float64(i)/8000))
	}
	return media.AppendEncodeULaw(nil, pcm)
}

// hears tells the call what the agent understood.
func (d *desk) hears(p *call.Puppet, text string) {
	p.Events <- agent.CallerSaid{Text: text}
	d.pass(0)
}

// noted tells whether the log has a note with these words.
func noted(rec calllog.Call, words string) bool {
	return slices.ContainsFunc(notes(rec), func(n string) bool { return strings.Contains(n, words) })
}

// How a machine becomes known or supposed, what is heard then, and when the message
// begins: at once, never, or after so long.
func TestMessageAfterTheBeep(t *testing.T) {
	const never = -1
	type step func(*desk, *twiliotest.Call, *call.Puppet)
	verdict := func(by string) step { return func(_ *desk, c *twiliotest.Call, _ *call.Puppet) { c.Machine(by) } }
	words := func(text string) step { return func(d *desk, _ *twiliotest.Call, p *call.Puppet) { d.hears(p, text) } }
	interim := func(_ *desk, _ *twiliotest.Call, p *call.Puppet) {
		p.Events <- agent.CallerSaid{Text: greetingWords, Interim: true}
	}
	voice := func(l time.Duration) step {
		return func(_ *desk, c *twiliotest.Call, _ *call.Puppet) { c.Speak(sound(l, voiceSound)) }
	}
	beep := func(_ *desk, c *twiliotest.Call, _ *call.Puppet) { c.Speak(beepSound(1000, 400*time.Millisecond)) }
	pause := func(_ *desk, c *twiliotest.Call, _ *call.Puppet) { c.Speak(sound(500*time.Millisecond, media.Silence)) }
	wait := func(l time.Duration) step { return func(d *desk, _ *twiliotest.Call, _ *call.Puppet) { d.pass(l) } }
	for _, tt := range []struct {
		name  string
		steps []step
		after time.Duration // from the last step to the end; or never
		quiet bool          // nobody but the machine is heard meanwhile
	}{
		{"verdict, greeting, beep", []step{voice(4 * time.Second), verdict("machine_start"), beep}, 4520 * time.Millisecond, true},
		{"words, beep", []step{voice(4 * time.Second), words(greetingWords), beep}, 4520 * time.Millisecond, true},
		{"interim words, beep", []step{voice(4 * time.Second), interim, beep}, 4520 * time.Millisecond, true},
		{"words in two pieces, beep", []step{voice(5 * time.Second), words("I can't come to the phone right now."), wait(time.Second), words("Please leave your name and number."), beep}, 4520 * time.Millisecond, true},
		{"verdict, silence", []step{voice(4 * time.Second), verdict("machine_start")}, 7 * time.Second, true},
		{"words, silence", []step{voice(2 * time.Second), words(greetingWords)}, 5 * time.Second, true},
		{"verdict, no end", []step{voice(time.Minute), verdict("machine_start")}, 20 * time.Second, true},
		{"words, verdict later, no end", []step{voice(time.Minute), words(greetingWords), wait(8 * time.Second), verdict("machine_start")}, 20 * time.Second, true},
		{"words, Twilio hears the end", []step{voice(time.Minute), words(greetingWords), wait(3 * time.Second), verdict("machine_end_other")}, 0, true},
		{"beep, then the words of it", []step{voice(2 * time.Second), beep, pause, voice(20 * time.Second), wait(8 * time.Second), words(greetingWords)}, 0, false},
		{"beep, then the verdict", []step{voice(2 * time.Second), beep, pause, voice(20 * time.Second), wait(8 * time.Second), verdict("machine_start")}, 0, false},
		{"silence before the words came", []step{wait(4 * time.Second), words(greetingWords)}, 0, false},
		{"a beep too long ago", []step{beep, pause, voice(time.Minute), wait(17 * time.Second), verdict("machine_start")}, 20 * time.Second, true},
		{"an assistant's beep, then a mailbox", []step{voice(2 * time.Second), beep, pause, voice(time.Minute), wait(3 * time.Second), words("Please state your name after the tone."), wait(5 * time.Second), words(greetingWords), beep}, never, true},
		{"a beep alone", []step{voice(4 * time.Second), beep}, never, false},
		{"a beep, words of a person", []step{voice(4 * time.Second), beep, wait(5 * time.Second), words("I'm not available Tuesday.")}, never, false},
		{"a person's offer", []step{voice(time.Second), words("He's not available. Would you like to leave a message?")}, never, false},
		{"words, no end", []step{voice(time.Minute), words(greetingWords)}, never, true},
		{"words, a person", []step{voice(time.Minute), words(greetingWords), wait(time.Second), words("Hello?")}, never, false},
		{"words after a minute", []step{voice(time.Minute), wait(50 * time.Second), words(greetingWords), beep}, never, false},
		{"an assistant, a verdict about it", []step{voice(time.Minute), words(screeningWords), verdict("machine_end_silence")}, never, false},
		{"a menu, a verdict about it", []step{voice(time.Minute), words(menuWords), verdict("machine_start")}, never, false},
		{"an assistant, a mailbox, a verdict", []step{voice(time.Minute), words(screeningWords), wait(time.Second), words(greetingWords), verdict("machine_end_other")}, 0, true},
		{"verdict, a person", []step{voice(time.Minute), verdict("machine_start"), wait(time.Second), words("Hello? I'm here, who is this?")}, never, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, leaves, func(d *desk) {
				head, c, p := d.opened()
				for _, s := range tt.steps {
					s(d, c, p)
					d.pass(0)
				}
				last := time.Now()
				speaks(p, "muted", "Hi Dana, it is about your appointment.", sound(10*time.Second, agentSound))
				if tt.after == never {
					d.pass(30 * time.Second)
					if c.Ended() != "" {
						d.Fatalf("the call was ended by %q; %q", c.Ended(), notes(d.logged(head.ID)))
					}
					speaks(p, "later", "Are you there?", sound(time.Second, agentSound+1))
					d.pass(3 * time.Second)
					if count(c.Heard(), agentSound+1) != time.Second {
						d.Error("the agent has lost its voice")
					}
					c.HangUp()
					d.pass(time.Second)
					if ends := d.permits(head.ID, consent.PermitEnded); len(ends) != 1 || ends[0].Outcome != string(call.CallerHungUp) {
						d.Errorf("%+v", ends)
					}
				} else {
					d.await(c, twiliotest.Closed, "")
					near(d, "the message began", time.Since(last), tt.after)
					<-c.Done()
					d.pass(time.Second)
					rec := d.outcome(head.ID, call.Voicemail)
					if got := verbs(c); !slices.Contains(got, "Say") {
						d.Errorf("the call followed %q", got)
					}
					if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned {
						d.Error("the machine was abandoned")
					}
					if !noted(rec, "was left a message") {
						d.Errorf("the notes are %q", notes(rec))
					}
				}
				if tt.quiet && count(c.Heard(), agentSound) > 0 {
					d.Error("the agent spoke to the machine")
				}
				noFaults(d, c)
			})
		})
	}
}

// The opening stops, too, when a machine is known; of a machine that is none it is heard
// from the beginning, and proved.
func TestOpeningAndMachine(t *testing.T) {
	atDesk(t, func(d *desk, c *call.Config, p *call.Profile) {
		leaves(d, c, p)
		p.Opening.Clip = sound(5*time.Second, openingSound)
	}, func(d *desk) {
		head, c, p := d.talking()
		c.Speak(sound(time.Minute, voiceSound))
		d.pass(2 * time.Second)
		c.Machine("machine_start")
		d.pass(3 * time.Second)
		if heard := count(c.Heard(), openingSound); heard > 2200*time.Millisecond {
			d.Errorf("the machine heard %v of the opening", heard)
		}
		if len(d.ledger.Facts(consent.OpeningPlayed)) > 0 {
			d.Error("it is proved all the same")
		}
		p.Events <- agent.ToolCall{ID: "t1", Name: "end_call", WantAnswer: true}
		d.pass(time.Second)
		if a := p.Answers(); len(a) != 1 || a[0].Error == "" || c.Ended() != "" {
			d.Errorf("the muted agent's tool was answered with %+v", a)
		}
		d.hears(p, "Hello? I'm here!")
		speaks(p, "b", "Hello Dana!", sound(time.Second, agentSound))
		d.pass(7 * time.Second)
		if heard := count(c.Heard(), openingSound); heard < 7*time.Second-300*time.Millisecond || firstOf(c.Heard(), agentSound) < 10*time.Second {
			d.Errorf("the person heard the opening for %v, the agent at %v", heard-2*time.Second, firstOf(c.Heard(), agentSound))
		}
		if facts := d.ledger.Facts(consent.OpeningPlayed); len(facts) != 1 {
			d.Errorf("the ledger has %d openings", len(facts))
		}
		c.HangUp()
		d.pass(time.Second)
		if rec := d.outcome(head.ID, call.CallerHungUp); !rec.Opening.Complete || !noted(rec, "a person spoke") {
			d.Errorf("%+v %q", rec.Opening, notes(rec))
		}
		if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned || end.FirstAudioMS == 0 {
			d.Errorf("%+v", end)
		}
	})
}

// What ends the wait of a call that leaves no message, and of a full mailbox: no message.
func TestNoMessage(t *testing.T) {
	full := "I'm sorry, the mailbox is full and cannot accept any messages."
	for _, tt := range []struct {
		name      string
		configure func(*desk, *call.Config, *call.Profile)
		text      string
		then      func(*twiliotest.Call)
		note      string
	}{
		{"a full mailbox, silence", leaves, full, func(*twiliotest.Call) {}, "full"},
		{"a full mailbox, verdict", leaves, full, func(c *twiliotest.Call) { c.Machine("machine_end_silence") }, "full"},
		{"a full mailbox hangs up", leaves, full, (*twiliotest.Call).HangUp, "full"},
		{"hang_up, beep", nil, greetingWords, func(c *twiliotest.Call) { c.Speak(beepSound(850, 500*time.Millisecond)) }, "took the call"},
		{"hang_up, verdict", nil, greetingWords, func(c *twiliotest.Call) { c.Machine("machine_start") }, "took the call"},
		{"the machine hangs up", leaves, greetingWords, (*twiliotest.Call).HangUp, "gone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, tt.configure, func(d *desk) {
				head, c, p := d.opened()
				d.hears(p, tt.text)
				tt.then(c)
				<-c.Done()
				d.pass(time.Second)
				rec := d.outcome(head.ID, call.Voicemail)
				if slices.Contains(verbs(c), "Say") || !noted(rec, tt.note) {
					d.Errorf("the call followed %q, notes %q", verbs(c), notes(rec))
				}
				if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned {
					d.Error("the machine was abandoned")
				}
			})
		})
	}
}

// The wait outlasts a stream that is lost.
func TestBeepOnAnotherStream(t *testing.T) {
	atDesk(t, leaves, func(d *desk) {
		head, c, p := d.opened()
		c.Speak(sound(2*time.Second, voiceSound))
		d.hears(p, greetingWords)
		d.agents.Answers <- nil
		c.CutStream()
		d.pass(time.Second)
		<-d.agents.Dialled
		before := count(c.Heard(), openingSound)
		c.Speak(beepSound(1000, 400*time.Millisecond))
		<-c.Done()
		d.pass(time.Second)
		if d.outcome(head.ID, call.Voicemail); !slices.Contains(verbs(c), "Say") || count(c.Heard(), openingSound) != before {
			d.Errorf("the call followed %q", verbs(c))
		}
	})
}

// A person who was taken for a machine is not taken for it again because of the same words.
func TestPersonAfterTheWait(t *testing.T) {
	atDesk(t, leaves, func(d *desk) {
		_, c, p := d.opened()
		c.Speak(sound(time.Minute, voiceSound))
		d.hears(p, greetingWords)
		d.pass(22 * time.Second)
		d.hears(p, "So what is it about?")
		speaks(p, "b", "Your appointment.", sound(time.Second, agentSound))
		d.pass(2 * time.Second)
		if heard := count(c.Heard(), agentSound); heard != time.Second {
			d.Errorf("the agent was heard for %v", heard)
		}
	})
}

// A silence on one stream is no silence of a greeting on the next.
func TestSilenceOfAnotherStream(t *testing.T) {
	atDesk(t, func(d *desk, c *call.Config, p *call.Profile) {
		leaves(d, c, p)
		p.Builtins = []string{builtin.SendDigits}
	}, func(d *desk) {
		_, c, p := d.opened()
		c.Speak(sound(time.Second, voiceSound))
		d.hears(p, menuWords)
		d.pass(6 * time.Second)
		d.agents.Answers <- nil
		p.Events <- agent.ToolCall{ID: "t1", Name: builtin.SendDigits, Arguments: `{"digits":"1"}`, WantAnswer: true}
		p = <-d.agents.Dialled
		d.pass(2 * time.Second)
		c.Speak(sound(10*time.Second, voiceSound))
		d.pass(2 * time.Second)
		d.hears(p, greetingWords)
		d.pass(2 * time.Second)
		if c.Ended() != "" || slices.Contains(verbs(c), "Say") {
			d.Errorf("the message began in the greeting: %q", verbs(c))
		}
	})
}
