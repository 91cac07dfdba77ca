package call_test

import (
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
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// withTool lets the agent opt people out.
func withTool(_ *desk, _ *call.Config, p *call.Profile) { p.Builtins = []string{builtin.StopCalling} }

// presses is key 9.
func presses(d *desk, c *twiliotest.Call, _ *call.Puppet) {
	if err := c.Press("9"); err != nil {
		d.Fatal(err)
	}
}

// says is the words.
func says(_ *desk, _ *twiliotest.Call, p *call.Puppet) {
	p.Events <- agent.CallerSaid{Text: "Please stop calling me."}
}

// tells is the tool.
func tells(_ *desk, _ *twiliotest.Call, p *call.Puppet) {
	p.Events <- agent.ToolCall{ID: "t1", Name: builtin.StopCalling, Arguments: "{}", WantAnswer: true}
}

// Whoever says stop, in whichever way and at whatever moment, is in the ledger first, is
// told so, and is hung up on within two seconds.
func TestStop(t *testing.T) {
	ways := []struct {
		name, trigger string
		do            func(*desk, *twiliotest.Call, *call.Puppet)
	}{{"key", "key", presses}, {"words", "speech", says}, {"tool", "tool", tells}}
	moments := []struct {
		name  string
		until func(*desk, *call.Puppet)
		keys  bool // nothing else reaches us at this moment
	}{
		{"in the opening", func(d *desk, _ *call.Puppet) { d.pass(500 * time.Millisecond) }, false},
		{"while the agent talks", func(d *desk, p *call.Puppet) {
			d.pass(1200 * time.Millisecond)
			speaks(p, "a", "A long offer.", sound(20*time.Second, 1))
			d.pass(3 * time.Second)
		}, false},
		{"in silence", func(d *desk, _ *call.Puppet) { d.pass(8 * time.Second) }, false},
		{"without an agent", func(d *desk, p *call.Puppet) {
			d.pass(2 * time.Second)
			p.Leave(&agent.LostError{Op: "receive"})
			d.pass(3 * time.Second)
		}, true},
		{"in the goodbye", func(d *desk, p *call.Puppet) {
			d.pass(1200 * time.Millisecond)
			p.Events <- agent.AgentSaid{Segment: "a", Text: "Goodbye."}
			p.Events <- agent.Audio{Segment: "a", ULaw: sound(5*time.Second, 1)}
			p.Events <- agent.SegmentEnd{Segment: "a"}
			p.Leave(&agent.LostError{Op: "receive", Ended: true})
			d.pass(time.Second)
		}, true},
	}
	states := []struct {
		name    string
		state   consenttest.State
		spooled int
	}{{"ledger well", consenttest.Well, 0}, {"ledger away", consenttest.Away, 3}, {"ledger hangs", consenttest.Hangs, 3}}
	for _, way := range ways {
		for _, moment := range moments {
			for _, state := range states {
				if moment.keys && way.name != "key" {
					continue
				}
				t.Run(way.name+" "+moment.name+", "+state.name, func(t *testing.T) {
					atDesk(t, withTool, func(d *desk) {
						head, c, p := d.talking()
						moment.until(d, p)
						d.ledger.Set(state.state)
						began := time.Now()
						way.do(d, c, p)
						clear := d.await(c, twiliotest.Clear, "")
						at := time.Now()
						<-c.Done()
						if took := at.Sub(began); took > 100*time.Millisecond {
							d.Errorf("the line is emptied after %v", took)
						}
						if took := time.Since(began); took > 2*time.Second {
							d.Errorf("the call ends %v after the trigger", took)
						}
						heard := c.Heard()
						if from := int(clear.At/time.Millisecond) * 8; from < len(heard) && (count(heard[from:], 1) > 40*time.Millisecond || count(heard[from:], openingSound) > 40*time.Millisecond) {
							d.Error("something else than the goodbye is heard after the clear")
						}
						if state.state == consenttest.Well {
							facts := d.ledger.Facts(consent.Revoke, consent.DNCAdd, consent.OptOutInCall)
							if len(facts) != 3 || facts[2].Trigger != way.trigger || facts[0].Scope != consent.AllAutomated {
								d.Errorf("the ledger has %+v", facts)
							}
						}
						waiting := d.gate.Spool.Of(numberOf(callee))
						waiting = slices.DeleteFunc(waiting, func(f consent.Fact) bool { return f.Type == consent.Permitted || f.Type == consent.OpeningPlayed })
						if len(waiting) != state.spooled {
							d.Errorf("%d facts wait in the spool, want %d: %+v", len(waiting), state.spooled, waiting)
						}
						d.pass(20 * time.Second)
						d.ledger.Set(consenttest.Well)
						rec := d.logged(head.ID)
						if rec.Outcome != string(call.OptedOut) {
							d.Errorf("the outcome is %q", rec.Outcome)
						}
						if s := said(d, rec, "I've removed you from our list."); s.Heard != calllog.HeardFull && state.state != consenttest.Hangs {
							d.Errorf("the goodbye is logged as heard %q", s.Heard)
						}
						if len(p.Answers()) != 0 {
							d.Error("the agent gets an answer")
						}
						// Whom the ledger could not be told of is refused all the same.
						if _, decision, err := d.board.Place(d.ctx, toCallee()); err == nil || decision.Outcome != consent.Deny {
							d.Errorf("called again: %v", err)
						}
						noFaults(d, c)
					})
				})
			}
		}
	}
}

// A refusal is one, also in words for which the log has no more room, and in a text that goes on
// and on.
func TestStopBeyondWhatIsWritten(t *testing.T) {
	long := strings.Repeat("And so on. ", 5000)
	for name, tt := range map[string]struct {
		lines int
		text  string
	}{"no room": {40, "Please stop calling me."}, "at the end": {0, long + "Please stop calling me."}, "at the beginning": {0, "Please stop calling me. " + long}} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				_, c, p := d.opened()
				for i := range tt.lines {
					p.Events <- agent.CallerSaid{Text: fmt.Sprint("This is line ", i, ".")}
				}
				p.Events <- agent.CallerSaid{Text: tt.text}
				d.pass(15 * time.Second)
				if len(d.ledger.Facts(consent.Revoke)) == 0 {
					d.Errorf("the refusal is not recorded; the call was ended by %q", c.Ended())
				}
			})
		})
	}
}

// Words that sound like stop are none, nor is key 9 on a call that came in, nor what the
// agent says itself.
func TestNoStop(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		_, c, p := d.opened()
		for _, text := range []string{"I'll stop by the office on Monday.", "Don't stop, tell me more."} {
			p.Events <- agent.CallerSaid{Text: text}
		}
		p.Events <- agent.CallerSaid{Text: "Please stop calling me.", Interim: true}
		p.Events <- agent.CallerSaid{Text: "Please stop calling me.", Typed: true}
		p.Events <- agent.AgentSaid{Segment: "a", Text: "Please stop calling me."}
		p.Events <- agent.ToolCall{ID: "t1", Name: builtin.StopCalling, Arguments: "{}", WantAnswer: true}
		d.pass(5 * time.Second)
		if c.Ended() != "" || len(d.ledger.Facts(consent.Revoke)) != 0 {
			d.Errorf("the call was ended by %q", c.Ended())
		}
		if a := p.Answers(); len(a) != 1 || a[0].Error == "" {
			d.Errorf("a tool that the agent may not use answers %+v", a)
		}
		in, _ := d.connected()
		presses(d, in, nil)
		d.pass(3 * time.Second)
		if in.Ended() != "" {
			d.Error("key 9 ends a call that came in")
		}
	})
}

// The words opt out on a call that came in, too: the number is the caller's.
func TestStopInbound(t *testing.T) {
	atDesk(t, withTool, func(d *desk) {
		c, p := d.connected()
		d.pass(1200 * time.Millisecond)
		says(d, c, p)
		<-c.Done()
		if r := d.record(c); r.Outcome != string(call.OptedOut) {
			d.Errorf("the outcome is %q", r.Outcome)
		}
		facts := d.ledger.Facts()
		if len(facts) != 3 || facts[0].Number != numberOf(caller) || facts[0].Seller != "riverbend" {
			d.Errorf("the ledger has %+v", facts)
		}
	})
}

// Without a gate, or a number, nobody can be taken off a list: the agent hears so, and
// the call goes on.
func TestStopWithoutALedger(t *testing.T) {
	for name, configure := range map[string]func(*desk, *call.Config, *call.Profile){
		"no gate":   func(d *desk, c *call.Config, p *call.Profile) { withTool(d, c, p); c.Gate = nil },
		"no number": withTool,
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, configure, func(d *desk) {
				from := caller
				if name == "no number" {
					from = "anonymous"
				}
				d.agents.Answers <- nil
				c, err := d.phone.Dial(d.ctx, from, number)
				if err != nil {
					d.Fatal(err)
				}
				d.await(c, twiliotest.Started, "")
				p := <-d.agents.Dialled
				says(d, c, p)
				tells(d, c, p)
				d.pass(3 * time.Second)
				if c.Ended() != "" {
					d.Error("the call is ended")
				}
				if a := p.Answers(); len(a) != 1 || a[0].Error == "" {
					d.Errorf("the tool answers %+v", a)
				}
			})
		})
	}
}

// A call whose stream or caller is lost while it ends for a stop has opted out.
func TestStopAndLost(t *testing.T) {
	for name, lose := range map[string]func(*twiliotest.Call){
		"the stream": (*twiliotest.Call).CutStream, "the caller": (*twiliotest.Call).HangUp, "the line": (*twiliotest.Call).Lose,
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				head, c, p := d.opened()
				presses(d, c, p)
				d.await(c, twiliotest.Clear, "")
				lose(c)
				<-c.Done()
				d.outcome(head.ID, call.OptedOut)
				if got := verbs(c); slices.Contains(got[1:], "Connect") {
					d.Errorf("the call goes on: it followed %q", got)
				}
				if n := len(d.ledger.Facts(consent.Revoke)); n != 1 {
					d.Errorf("%d revocations", n)
				}
			})
		})
	}
}
