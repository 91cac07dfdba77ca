package call_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
)

// EVI is lost in mid-reply and comes back, with the conversation's context. The
// caller hears the holding line meanwhile.
func TestEVIDropsAndIsResumed(t *testing.T) {
	t.Parallel()
	back := make(chan struct{})
	r := newRig(t, plan{greet: func(n int, c *evitest.Conn) bool {
		if n == 2 {
			<-back
		}
		return true
	}})
	c, agent := r.connected()
	if err := agent.Say(r.ctx, evitest.Speech{ID: "a", Text: "Let me", PCM: tone(440, 400*time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	r.until("it is heard", func() bool { return heardTone(c.Heard(), 440) > 200*time.Millisecond })
	agent.Drop()
	lost := len(c.Heard())
	r.until("the holding line is heard", func() bool {
		heard := c.Heard()
		return len(heard) > lost+8000 && !silent(heard, 100*time.Millisecond) && heardTone(heard[len(heard)-1600:], 440) == 0
	})
	close(back)
	next := r.chat()
	next.reply(t, "b", "see.", 1000, 500*time.Millisecond)
	r.until("the reply goes on", func() bool { return heardTone(c.Heard(), 1000) >= 480*time.Millisecond })
	r.until("the line is silent again", func() bool { return silent(c.Heard(), 100*time.Millisecond) })
	c.HangUp()
	<-c.Done()
	rec := r.record(c)
	if next.Resumed == "" || next.Resumed != rec.ChatGroupID || !slices.Equal(rec.ChatIDs, []string{agent.ChatID, next.ChatID}) {
		t.Errorf("resumed %q; the log has chats %q of group %q", next.Resumed, rec.ChatIDs, rec.ChatGroupID)
	}
	if len(entries(rec, calllog.KindReconnect)) != 1 || said(t, rec, "see.").Heard != calllog.HeardFull {
		t.Errorf("%+v", rec.Entries)
	}
	noFaults(t, c)
}

// How EVI ends a chat, or refuses the next one, decides how it goes on.
func TestHowEVIIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		end     func(*chat)
		greet   func(n int, c *evitest.Conn) bool
		resumed []bool // of each chat that was opened after the first
	}{
		{"after a timeout and a polite close", func(c *chat) { c.Fail("E0714", "inactivity_timeout", private, 1000) }, nil, []bool{true}},
		{"after Hume's own fault", func(c *chat) { c.Fail("I0100", "internal_error", private, 1011) }, nil, []bool{true}},
		{"when the group is not found", func(c *chat) { c.Drop() }, func(n int, c *evitest.Conn) bool {
			if n == 2 {
				c.Fail("E0708", "chat_group_not_found", private, 1000)
			}
			return n != 2
		}, []bool{false}},
		{"when the chat that was resumed says so", func(c *chat) { c.Drop() }, func(n int, c *evitest.Conn) bool {
			if n == 2 {
				c.Greet("")
				c.Fail("E0710", "resume_failed", private, 1000)
			}
			return n != 2
		}, []bool{false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, plan{greet: test.greet})
			c, agent := r.connected()
			test.end(agent)
			for _, want := range test.resumed {
				next := r.chat()
				if got := next.Resumed != ""; got != want {
					t.Errorf("resumed: %v, want %v", got, want)
				}
				next.reply(t, "b", "Here again.", 1000, 300*time.Millisecond)
			}
			r.until("the agent is heard again", func() bool { return heardTone(c.Heard(), 1000) >= 280*time.Millisecond })
			c.HangUp()
			<-c.Done()
			if rec := r.record(c); rec.Outcome != string(call.CallerHungUp) {
				t.Errorf("the outcome is %q", rec.Outcome)
			}
			noFaults(t, c)
		})
	}
}

// A key that EVI does not take is no reason to wait: the fallback comes at once.
// An EVI that is only busy is asked again.
func TestEVIRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{})
	r.evi.Refuse(401, 1)
	refused := r.dial()
	<-refused.Done()
	if want := []string{"Connect", "Say", "Dial", "Hangup"}; !slices.Equal(verbs(refused), want) {
		t.Errorf("the call followed %q, want %q", verbs(refused), want)
	}
	if got := len(refused.Heard()); got > 7*8000 { // who waits for an agent waits twice as long
		t.Errorf("the caller waited for %d bytes of sound", got)
	}
	if rec := r.record(refused); rec.Outcome != string(call.Failed) {
		t.Errorf("the outcome is %q", rec.Outcome)
	}
	if n := r.evi.Tries(); n != 1 {
		t.Errorf("EVI was asked %d times, want once", n)
	}

	r.evi.Refuse(503, 2)
	c, agent := r.connected()
	agent.reply(t, "a", "Hello.", 440, 300*time.Millisecond)
	r.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 280*time.Millisecond })
	if n := r.evi.Tries(); n != 4 {
		t.Errorf("EVI was asked %d times in all, want 4", n)
	}
	noFaults(t, refused, c)
}

// Before a chat becomes too old it is replaced by one that resumes it. Of what
// the caller says meanwhile nothing is lost, and nothing comes twice.
func TestPlannedReplacement(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{lifetime: time.Second})
	c, first := r.connected()
	talk := make([]byte, 5*8000)
	for i := range talk {
		talk[i] = byte(1 + i/160%100)
	}
	c.Speak(talk)
	second, third := r.chat(), r.chat()
	third.reply(t, "a", "Hello.", 440, 200*time.Millisecond)
	r.until("the third chat is heard", func() bool { return heardTone(c.Heard(), 440) >= 180*time.Millisecond })
	c.HangUp()
	<-c.Done()
	<-third.Done()
	heard := slices.Concat(first.Heard(), second.Heard(), third.Heard())
	if !bytes.HasPrefix(c.Said(), heard) || len(heard) < 2*8000 {
		t.Errorf("the agents heard %d, %d and %d bytes, which is not what was said", len(first.Heard()), len(second.Heard()), len(third.Heard()))
	}
	rec := r.record(c)
	if len(rec.ChatIDs) < 3 || second.Resumed != rec.ChatGroupID || third.Resumed != rec.ChatGroupID {
		t.Errorf("%q and %q were resumed; the log has %q", second.Resumed, third.Resumed, rec.ChatIDs)
	}
	for _, agent := range []*chat{first, second} {
		if code := agent.CloseCode(); code != 1000 {
			t.Errorf("a chat that is replaced is closed with %d", code)
		}
	}
	noFaults(t, c)
}
