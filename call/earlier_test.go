package call_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// remembering is a service whose agent remembers for a quarter of an hour, and a phone whose
// number is its own.
func remembering(t *testing.T, forgets bool, test func(*bubble)) {
	t.Helper()
	inBubble(t, func(_ *call.Config, p *call.Profile) { p.Remember = 15 * time.Minute }, func(b *bubble) {
		b.agents.Forgets = forgets
		b.phone.Attestation = carrier.PassedA
		test(b)
	})
}

// talks makes a call in which something is said.
func (b *bubble) talks(text string) (*twiliotest.Call, *call.Puppet) {
	b.Helper()
	c, p := b.connected()
	p.Events <- agent.CallerSaid{Text: text}
	b.pass(time.Second)
	return c, p
}

// loses is the end of a call whose line breaks.
func (b *bubble) loses(c *twiliotest.Call) calllog.Call {
	b.Helper()
	c.Lose()
	<-c.Done()
	b.pass(5 * time.Second) // Twilio doesn't ask on
	return b.record(c)
}

// knows is all that an agent was given of what was said before.
func (b *bubble) knows(p *call.Puppet) string {
	b.Helper()
	b.pass(time.Second)
	all, _ := p.Remembers()
	return fmt.Sprint(all)
}

// Who calls again after a line that broke goes on with the conversation, or at least with
// what was said: if the carrier said of both calls that the number is theirs.
func TestCallerGoesOnByAttestation(t *testing.T) {
	for _, first := range attestations {
		for _, second := range attestations {
			if !first.holds && !second.holds && first != second {
				continue
			}
			for _, forgets := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, forgets %t", first.stir, second.stir, forgets), func(t *testing.T) {
					remembering(t, forgets, func(b *bubble) {
						b.phone.Attestation = first.stir
						c, _ := b.talks("I am Dana.")
						before := b.loses(c)
						b.phone.Attestation = second.stir
						c, p := b.connected()
						text := b.knows(p)
						resumes := p.Session.Resume == "group-1"
						c.HangUp()
						<-c.Done()
						note := ""
						for _, e := range b.record(c).Entries {
							if e.Event == calllog.EventContinues {
								note = e.Result
							}
						}
						goesOn := first.holds && second.holds
						if !before.Broke || resumes != (goesOn && !forgets) || strings.Contains(text, "Caller: I am Dana.") != (goesOn && forgets) ||
							strings.Contains(text, "The line broke here") != (goesOn && forgets) || (note == before.ID) != goesOn || note != "" && !goesOn {
							b.Errorf("broke %t, resumes %q, knows %s, the log names %q", before.Broke, p.Session.Resume, text, note)
						}
					})
				})
			}
		}
	}
}

// Only a call that broke is gone on with.
func TestWhatBreaks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		end   func(*bubble, *twiliotest.Call, *call.Puppet)
		broke bool
	}{
		{"the line is lost", func(_ *bubble, c *twiliotest.Call, _ *call.Puppet) { c.Lose() }, true},
		{"the agent stays away", func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) { p.Leave(errLost) }, true},
		{"the agent refuses to go on", func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) { p.Leave(errRefused) }, true},
		{"the caller gives up while the agent is away", func(b *bubble, c *twiliotest.Call, p *call.Puppet) {
			p.Leave(errLost)
			b.pass(3 * time.Second)
			c.HangUp()
		}, true},
		{"the caller hangs up", func(_ *bubble, c *twiliotest.Call, _ *call.Puppet) { c.HangUp() }, false},
		{"the caller hangs up in the midst of a sentence", func(b *bubble, c *twiliotest.Call, p *call.Puppet) {
			speaks(p, "a", "A long story.", sound(10*time.Second, 1))
			b.pass(time.Second)
			c.HangUp()
		}, false},
		{"the agent says goodbye", func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) {
			speaks(p, "a", "Goodbye.", sound(time.Second, 1))
			p.Leave(&agent.LostError{Op: "receive", Code: "1000", Ended: true, Err: errors.New("bye")})
		}, false},
		{"the line is lost during a goodbye", func(b *bubble, c *twiliotest.Call, p *call.Puppet) {
			speaks(p, "a", "Goodbye.", sound(5*time.Second, 1))
			p.Leave(&agent.LostError{Op: "receive", Code: "1000", Ended: true, Err: errors.New("bye")})
			b.pass(time.Second)
			c.Lose()
		}, false},
		{"the line is lost, and Twilio's report is here first", func(b *bubble, c *twiliotest.Call, _ *call.Puppet) {
			b.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
			b.pass(100 * time.Millisecond)
			c.Lose()
		}, true},
		{"the caller hangs up, and Twilio's report is here first", func(b *bubble, c *twiliotest.Call, _ *call.Puppet) {
			b.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
			b.pass(100 * time.Millisecond)
			c.HangUp()
		}, false},
		{"Twilio reports the end, and its stream stays open", func(b *bubble, c *twiliotest.Call, _ *call.Puppet) {
			b.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
		}, false},
		{"the line is lost, and comes back until they hang up", func(b *bubble, c *twiliotest.Call, _ *call.Puppet) {
			b.agents.Answers <- nil
			c.CutStream()
			<-b.agents.Dialled
			b.pass(time.Second)
			c.HangUp()
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			remembering(t, true, func(b *bubble) {
				c, p := b.talks("I am Dana.")
				tt.end(b, c, p)
				<-c.Done()
				b.pass(5 * time.Second)
				r := b.record(c)
				_, p = b.connected()
				if knows := strings.Contains(b.knows(p), "I am Dana."); r.Broke != tt.broke || knows != tt.broke {
					b.Errorf("%s: broke %t; the next knows %t", r.Outcome, r.Broke, knows)
				}
			})
		})
	}
}

// Calls that broke one after the other are all gone on with; not what is behind a goodbye, or
// too long ago.
func TestCallsThatBreakInARow(t *testing.T) {
	remembering(t, true, func(b *bubble) {
		c, _ := b.talks("This is over.")
		c.HangUp()
		<-c.Done()
		b.pass(time.Second)
		c, p := b.talks("I am Dana.")
		if got := b.knows(p); strings.Contains(got, "over") {
			b.Errorf("what ended well is told: %s", got)
		}
		speaks(p, "a", "Hello, Dana.", sound(500*time.Millisecond, 1))
		p.Events <- agent.ToolCall{ID: "t", Name: "refund", Arguments: "{}"}
		b.pass(time.Second)
		speaks(p, "b", "Not heard.", sound(time.Second, 1))
		p.Events <- agent.Interrupted{}
		b.loses(c)
		c, _ = b.connected() // nothing is said in it
		b.loses(c)
		c, _ = b.talks("Me again.")
		b.loses(c)
		c, p = b.connected()
		b.pass(time.Second)
		all, first := p.Remembers()
		want := []string{"Caller: I am Dana.", "You: Hello, Dana.", "Tool refund, called with {}, failed: tools: the tool is not on the agent's list",
			"Note: The line broke here. The caller has called again.", "Caller: Me again.", "Note: The line broke here. The caller has called again."}
		var got []string
		for _, m := range all {
			for _, turn := range m.Turns {
				got = append(got, turn.String())
			}
		}
		if !first || !slices.Equal(got, want) {
			b.Errorf("ahead of all else %t: %q", first, got)
		}
		b.agents.Answers <- nil // a later agent of the same call knows it, too
		p.Leave(errLost)
		if p = <-b.agents.Dialled; !strings.Contains(b.knows(p), "I am Dana.") {
			b.Error("the next agent of the call doesn't know")
		}
		b.loses(c)
		b.pass(15 * time.Minute)
		_, p = b.connected()
		if got := b.knows(p); strings.Contains(got, "Dana") {
			b.Errorf("after a quarter of an hour it knows %s", got)
		}
	})
}

// Somebody else's number, another agent's, a number that nobody has, an agent that doesn't
// remember, a log that can't be asked in time: the call begins as any other, at once.
func TestNothingOfOthers(t *testing.T) {
	for name, tt := range map[string]struct {
		first, second string
		slow          time.Duration
	}{
		"another caller":   {caller, "+14155550143", 0},
		"anonymous":        {"anonymous", "anonymous", 0},
		"a withheld one":   {"+266696687", "+266696687", 0},
		"a log that hangs": {caller, caller, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			remembering(t, false, func(b *bubble) {
				ring := func(from string) (*twiliotest.Call, *call.Puppet) {
					b.agents.Answers <- nil
					c, err := b.phone.Dial(b.ctx, from, number)
					if err != nil {
						b.Fatal(err)
					}
					return c, <-b.agents.Dialled
				}
				c, p := ring(tt.first)
				b.pass(time.Second)
				p.Events <- agent.CallerSaid{Text: "I am Dana."}
				b.pass(time.Second)
				b.loses(c)
				b.shelf.Slow(tt.slow)
				begun := time.Now()
				c, p = ring(tt.second)
				if took := time.Since(begun); took > 350*time.Millisecond || p.Session.Resume != "" {
					b.Errorf("dialled after %v, resumes %q", took, p.Session.Resume)
				}
				if got := b.knows(p); strings.Contains(got, "Dana") {
					b.Errorf("it knows %s", got)
				}
				c.HangUp()
			})
		})
	}
	t.Run("an agent that doesn't remember", func(t *testing.T) {
		inBubble(t, nil, func(b *bubble) {
			b.phone.Attestation = carrier.PassedA
			c, _ := b.talks("I am Dana.")
			b.loses(c)
			if _, p := b.connected(); p.Session.Resume != "" {
				b.Errorf("it resumes %q", p.Session.Resume)
			}
		})
	})
}

// Who opts out has nothing to go on with, though the line breaks before the goodbye is heard.
func TestOptOutIsNoBreak(t *testing.T) {
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) { p.Remember = 15 * time.Minute }, func(d *desk) {
		d.phone.Attestation = carrier.PassedA
		c, p := d.talks("I am Dana.")
		d.pass(time.Second) // of the opening
		says(d, c, p)
		d.pass(100 * time.Millisecond)
		if r := d.loses(c); r.Broke {
			d.Errorf("%s, and broke", r.Outcome)
		}
		if _, p = d.talks("Hello?"); p.Session.Resume != "" {
			d.Errorf("the next resumes %q", p.Session.Resume)
		}
	})
}

// A conversation that can't be resumed any more is told instead.
func TestGroupIsGone(t *testing.T) {
	remembering(t, false, func(b *bubble) {
		c, _ := b.talks("I am Dana.")
		b.loses(c)
		b.agents.Answers <- &agent.LostError{Op: "dial", Code: "E0708", Fresh: true, Err: errors.New("gone")}
		_, p := b.connected()
		if got := b.knows(p); p.Session.Resume != "" || !strings.Contains(got, "I am Dana.") {
			b.Errorf("it resumes %q, knows %s", p.Session.Resume, got)
		}
	})
}
