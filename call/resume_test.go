package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A stream that is cut is replaced by another, on which the same call goes on:
// one line in the log, one conversation, the entries numbered on.
func TestStreamIsCut(t *testing.T) {
	inBubble(t, opening(time.Second), func(b *bubble) {
		c, p := b.connected()
		b.pass(1100 * time.Millisecond)
		speaks(p, "a", "Before.", sound(500*time.Millisecond, 1))
		b.pass(600 * time.Millisecond)
		first := c.StreamSID()
		b.agents.Answers <- nil
		c.CutStream()
		next := <-b.agents.Dialled
		<-p.Closed()
		b.pass(time.Second)
		if c.StreamSID() == first {
			b.Fatal("the call has no other stream")
		}
		speaks(next, "b", "After.", sound(500*time.Millisecond, 2))
		c.Speak(sound(200*time.Millisecond, 20))
		b.pass(time.Second)
		if got := count(next.Heard(), 20); got != 200*time.Millisecond {
			b.Errorf("the next agent heard %v of the caller", got)
		}
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		if next.Session.Resume != "group-1" || !slices.Equal(r.ChatIDs, []string{"chat-1", "chat-2"}) || r.Outcome != string(call.CallerHungUp) {
			b.Errorf("went on with %q; the log has chats %q and the outcome %q", next.Session.Resume, r.ChatIDs, r.Outcome)
		}
		if said(b, r, "Before.").Heard != "full" || said(b, r, "After.").Heard != "full" || count(c.Heard(), openingSound) != time.Second {
			b.Errorf("%v of the opening was heard, and: %+v", count(c.Heard(), openingSound), r.Entries)
		}
		for i, e := range r.Entries {
			if e.Seq != i+1 {
				b.Fatalf("entry %d has the number %d", i+1, e.Seq)
			}
		}
		if want := []string{"Connect", "Connect"}; !slices.Equal(verbs(c), want) {
			b.Errorf("the call followed %q", verbs(c))
		}
		noFaults(b, c)
	})
}

// A line that keeps breaking is given up in the end.
func TestStreamIsCutAgainAndAgain(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		for range 10 {
			b.agents.Answers <- nil
		}
		c := b.dial()
		for n := range 4 {
			b.pass(2 * time.Second)
			if c.Ended() != "" {
				b.Fatalf("the call is over after %d cuts", n)
			}
			c.CutStream()
		}
		<-c.Done()
		if want := []string{"Connect", "Connect", "Connect", "Connect", "Say", "Dial", "Hangup"}; !slices.Equal(verbs(c), want) {
			b.Errorf("the call followed %q, want %q", verbs(c), want)
		}
		b.pass(5 * time.Second)
		if r := b.record(c); r.Outcome != string(call.Failed) || len(entries(r, calllog.KindNote)) != 3 {
			b.Errorf("the outcome is %q, with %d notes", r.Outcome, len(entries(r, calllog.KindNote)))
		}
	})
}

// A lost line after which nobody asks on was the caller hanging up; so it was if
// Twilio says that the call is over, and then nobody waits.
func TestLineIsLost(t *testing.T) {
	for name, told := range map[string]bool{"silently": false, "with word of it": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				c, p := b.connected()
				c.Lose()
				<-c.Done()
				b.pass(time.Second)
				<-p.Closed()
				if told {
					b.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
				}
				if r := b.record(c); (r.Outcome != "") != told || (b.board.Live() == 0) != told {
					b.Errorf("a second later the outcome is %q", r.Outcome)
				}
				b.pass(4 * time.Second)
				if r := b.record(c); r.Outcome != string(call.CallerHungUp) || b.board.Live() != 0 {
					b.Errorf("five seconds later the outcome is %q", r.Outcome)
				}
			})
		})
	}
}

// What Twilio tells of a call's end ends what is left of it, in whatever state.
func TestStatusEndsACall(t *testing.T) {
	for status, outcome := range map[carrier.State]string{
		carrier.Completed: "caller_hung_up", carrier.Busy: "busy", carrier.NoAnswer: "no_answer", carrier.Failed: "failed", carrier.Canceled: "caller_hung_up",
	} {
		t.Run(string(status), func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				b.agents.Answers <- nil
				b.announce(someSID)
				p := <-b.agents.Dialled
				told := carrier.Status{Call: someSID, State: carrier.InProgress}
				if b.board.Status("", told); b.board.Live() != 1 {
					b.Error("a status that is not the last one ends the call")
				}
				told.State = status
				b.board.Status("", told)
				b.board.Status("", told)
				<-p.Closed()
				if err := b.log.Flush(b.ctx); err != nil {
					b.Fatal(err)
				}
				if r, err := b.shelf.BySID(b.ctx, someSID); err != nil || r.Outcome != outcome || b.board.Live() != 0 {
					b.Errorf("the outcome is %q, %v: want %q", r.Outcome, err, outcome)
				}
			})
		})
	}
	t.Run("of a live call", func(t *testing.T) {
		inBubble(t, nil, func(b *bubble) {
			c, p := b.connected()
			speaks(p, "a", "A long story.", sound(10*time.Second, 1))
			b.pass(time.Second)
			b.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed})
			<-p.Closed()
			b.await(c, twiliotest.Closed, "1000")
			if r := b.record(c); r.Outcome != string(call.CallerHungUp) || said(b, r, "A long story.").Heard != "partly" {
				b.Errorf("the outcome is %q: %+v", r.Outcome, r.Entries)
			}
		})
	})
}

// A stream that Twilio has left, and that to us still looks alive: its question what comes next
// is the proof, and the call goes on with another.
func TestStreamIsDead(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		b.pass(time.Second)
		b.agents.Answers <- nil
		text, err := documents.Write(b.board.Next(b.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}))
		if err != nil || !strings.Contains(text, "<Connect") {
			b.Fatalf("%v, Twilio is to follow %s", err, text)
		}
		<-p.Closed()
		next := <-b.agents.Dialled
		b.pass(time.Second)
		speaks(next, "b", "After.", sound(500*time.Millisecond, 2))
		b.pass(time.Second)
		c.HangUp()
		<-c.Done()
		if r := b.record(c); r.Outcome != string(call.CallerHungUp) || said(b, r, "After.").Heard != "full" || r.Broke {
			b.Errorf("%s, broke %t: %+v", r.Outcome, r.Broke, r.Entries)
		}
	})
}
