package call_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

var (
	errDown  = &agent.LostError{Op: "dial", Code: "503", Err: errors.New("down")}
	errQuota = &agent.LostError{Op: "receive", Code: "insufficient_quota", Fatal: true, Err: errors.New("quota")}
	errCut   = &agent.LostError{Op: "receive", Code: "1006", Err: errors.New("cut")}
)

// choir is two voices of one agent: evi is asked first, realtime takes over.
type choir struct {
	*bubble
	evi, realtime *call.Puppets
}

func withChoir(t *testing.T, test func(*choir)) {
	t.Helper()
	c := &choir{}
	openBubble(t, func(b *bubble, _ *call.Config, p *call.Profile) {
		c.bubble, c.evi, c.realtime = b, b.agents, call.NewPuppets()
		p.Voices = append(p.Voices, call.NewVoice("realtime", c.realtime))
	}, func(*bubble) { test(c) })
}

// rings makes a call, and takes the time until realtime is dialled.
func (c *choir) rings() (*twiliotest.Call, *call.Puppet, time.Duration) {
	c.Helper()
	c.realtime.Answers <- nil
	begun := time.Now()
	line := c.dial()
	p := <-c.realtime.Dialled
	return line, p, time.Since(begun)
}

// The voices are asked in their order, and none may keep the caller waiting for the next.
func TestVoicesInOrder(t *testing.T) {
	for name, test := range map[string]struct {
		answer any // of the first; nil for none at all
		within time.Duration
	}{
		"the first hangs":            {nil, 2*time.Second + 100*time.Millisecond},
		"the first refuses":          {errDown, 100 * time.Millisecond},
		"the first says no for good": {errQuota, 100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			withChoir(t, func(c *choir) {
				if test.answer != nil {
					c.evi.Answers <- test.answer
				}
				line, p, took := c.rings()
				if took > test.within {
					t.Errorf("the next voice is asked after %v, want %v", took, test.within)
				}
				speaks(p, "a", "Hello.", sound(time.Second, 1))
				c.await(line, twiliotest.Started, "")
				c.pass(2 * time.Second)
				line.HangUp()
				head := c.record(line)
				if head.Voice != "realtime" || !slices.Equal(head.Voices, []string{"realtime"}) {
					t.Errorf("the log has voice %q of %q", head.Voice, head.Voices)
				}
			})
		})
	}
}

// A voice that breaks is asked once more, then the next goes on; after 5 s in all it does,
// though the first hangs.
func TestVoiceBreaks(t *testing.T) {
	for name, test := range map[string]struct {
		why    error
		answer any // of the second dial of the first; nil for none at all
		within time.Duration
		asked  int // dials of the first in all
	}{
		"and refuses":                  {errCut, errDown, time.Second, 2},
		"and hangs":                    {errCut, nil, 5*time.Second + 100*time.Millisecond, 2},
		"because its quota is used up": {errQuota, nil, 100 * time.Millisecond, 1},
	} {
		t.Run(name, func(t *testing.T) {
			withChoir(t, func(c *choir) {
				line, p := c.connected()
				speaks(p, "a", "Hello.", sound(time.Second, 1))
				c.pass(3 * time.Second)
				c.realtime.Answers <- nil
				if test.answer != nil {
					c.evi.Answers <- test.answer
				}
				lost := time.Now()
				p.Leave(test.why)
				next := <-c.realtime.Dialled
				if took := time.Since(lost); took > test.within {
					t.Errorf("the next voice is dialled after %v, want %v", took, test.within)
				}
				c.turns(next, agent.Turn{By: agent.ByAgent, Text: "Hello."})
				speaks(next, "b", "Hello again.", sound(time.Second, 1))
				c.pass(30 * time.Second)
				line.HangUp()
				head := c.record(line)
				if got := len(c.evi.Sessions()); got != test.asked {
					t.Errorf("the first was dialled %d times, want %d", got, test.asked)
				}
				if head.Voice != "evi" || !slices.Equal(head.Voices, []string{"evi", "realtime"}) {
					t.Errorf("the log has voice %q of %q", head.Voice, head.Voices)
				}
				if !slices.ContainsFunc(head.Entries, func(e calllog.Entry) bool { return e.Kind == calllog.KindReconnect && e.Voice == "realtime" }) {
					t.Error("the log lacks the hand-over")
				}
			})
		})
	}
}

// A voice that can be resumed is, and the other is not given its group.
func TestVoiceKeepsItsGroup(t *testing.T) {
	withChoir(t, func(c *choir) {
		line, p := c.connected()
		c.evi.Answers <- errDown
		c.realtime.Answers <- nil
		c.pass(6 * time.Second)
		p.Leave(errCut)
		next := <-c.realtime.Dialled
		next.Events <- agent.CallerSaid{Text: "I am Dana."}
		c.pass(6 * time.Second)
		c.realtime.Answers <- errDown
		c.evi.Answers <- nil
		next.Leave(errCut)
		c.turns(<-c.evi.Dialled, agent.Turn{By: agent.ByCaller, Text: "I am Dana."}) // what the other voice heard
		if got := c.realtime.Sessions()[0].Resume; got != "" {
			t.Errorf("realtime is to resume %q, a group of evi's", got)
		}
		if got := c.evi.Sessions()[2].Resume; got != "group-1" {
			t.Errorf("evi is to resume %q, want group-1", got)
		}
		line.HangUp()
	})
}

// Where every voice says no for good the fallback follows at once; where they are only down,
// when 15 s have passed.
func TestEveryVoiceIsDown(t *testing.T) {
	for name, test := range map[string]struct {
		answer error
		within time.Duration
	}{"for good": {errQuota, 200 * time.Millisecond}, "for now": {errDown, 16 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			withChoir(t, func(c *choir) {
				for range 32 {
					c.evi.Answers <- test.answer
					c.realtime.Answers <- test.answer
				}
				begun := time.Now()
				line := c.dial()
				c.await(line, twiliotest.Closed, "")
				if took := time.Since(begun); took > test.within {
					t.Errorf("the stream ends after %v, want %v", took, test.within)
				}
				c.followsFallback(line)
			})
		})
	}
}

// A voice that failed three handshakes in a row is asked last for 30 s, by all calls.
func TestHealthIsRemembered(t *testing.T) {
	withChoir(t, func(c *choir) {
		for range 3 { // the first hangs
			line, _, _ := c.rings()
			line.HangUp()
			synctest.Wait()
		}
		line, _, took := c.rings()
		if took > 100*time.Millisecond || len(c.evi.Sessions()) != 3 {
			t.Errorf("the fourth call waits %v; the voice that hangs was dialled %d times", took, len(c.evi.Sessions()))
		}
		line.HangUp()
		c.pass(31 * time.Second)
		line, _, took = c.rings()
		if took < 2*time.Second || len(c.evi.Sessions()) != 4 {
			t.Errorf("after 31 s the voice is not asked in its turn again: %v, %d dials", took, len(c.evi.Sessions()))
		}
		line.HangUp()
	})
}
