package call_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// drain starts a drain that may take so long, and returns a channel that is
// closed when it is through.
func (b *bubble) drain(patience time.Duration) <-chan struct{} {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		b.board.Drain(ctx)
	}()
	synctest.Wait()
	return done
}

// A drain lets live calls finish and refuses new ones, who get the fallback.
func TestDrain(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		done := b.drain(time.Hour)
		if !b.board.Draining() {
			b.Error("the switchboard doesn't say that it drains")
		}
		late := b.dial()
		<-late.Done()
		if want := []string{"Say", "Dial", "Hangup"}; !slices.Equal(verbs(late), want) {
			b.Errorf("a new call followed %q, want %q", verbs(late), want)
		}
		b.pass(20 * time.Second)
		speaks(p, "a", "Still here.", sound(time.Second, 1))
		b.pass(1500 * time.Millisecond)
		if got := count(c.Heard(), 1); got != time.Second {
			b.Errorf("%v of the agent were heard while draining", got)
		}
		select {
		case <-done:
			b.Error("the drain is through while a call lives")
		default:
		}
		c.HangUp()
		<-c.Done()
		<-done
		if r := b.record(c); r.Outcome != string(call.CallerHungUp) {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}

// When the time of a drain is over, every call that is left gets its fallback,
// and is logged as drained: those that talk, and those that wait for a stream.
func TestDrainCutsCalls(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		var calls []*twiliotest.Call
		var agents []*call.Puppet
		for range 8 {
			c, p := b.connected()
			calls, agents = append(calls, c), append(agents, p)
		}
		b.announce(someSID)
		start := time.Now()
		<-b.drain(5 * time.Second)
		near(b, "the drain", time.Since(start), 5*time.Second)
		for i, c := range calls {
			b.followsFallback(c)
			<-agents[i].Closed()
			if r := b.record(c); r.Outcome != string(call.Drained) {
				b.Errorf("the outcome is %q", r.Outcome)
			}
		}
		if r, err := b.shelf.BySID(b.ctx, someSID); err != nil || r.Outcome != string(call.Drained) {
			b.Errorf("a call without a stream: the outcome is %q, %v", r.Outcome, err)
		}
	})
}

// Where there is no fallback, whoever can't be taken hears the busy tone.
func TestDrainWithoutFallback(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) { p.Fallback = call.Fallback{} }, func(b *bubble) {
		<-b.drain(time.Hour)
		c := b.dial()
		<-c.Done()
		if want := []string{"Reject"}; !slices.Equal(verbs(c), want) || c.Followed()[0].Attrs["reason"] != "busy" {
			b.Errorf("the call followed %v", c.Followed())
		}
	})
}

// Sockets that come while everything ends are refused, and nothing is left.
func TestStreamsDuringShutdown(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		token := b.announce(someSID)
		var dialling sync.WaitGroup
		for range 20 {
			dialling.Go(func() {
				ws, err := b.open()
				if err != nil {
					b.Error(err)
					return
				}
				defer ws.Close()
				_ = ws.WriteMessage(websocket.TextMessage, []byte(started(someSID, token))) // it may be refused already
				for err == nil {
					_, _, err = ws.ReadMessage()
				}
			})
		}
		b.cutOff()
		dialling.Wait()
	})
}

// One call more than there may be gets the fallback, and a place is free again
// when a call ends.
func TestMaxCalls(t *testing.T) {
	inBubble(t, func(c *call.Config, _ *call.Profile) { c.MaxCalls = 2 }, func(b *bubble) {
		first, _ := b.connected()
		b.connected()
		third := b.dial()
		<-third.Done()
		if want := []string{"Say", "Dial", "Hangup"}; !slices.Equal(verbs(third), want) {
			b.Errorf("one call too many followed %q, want %q", verbs(third), want)
		}
		first.HangUp()
		<-first.Done()
		b.pass(time.Second)
		fourth, p := b.connected()
		speaks(p, "a", "Hello.", sound(200*time.Millisecond, 1))
		b.pass(time.Second)
		if got := count(fourth.Heard(), 1); got != 200*time.Millisecond {
			b.Errorf("%v were heard in the place that was free again", got)
		}
		if got := b.board.Live(); got != 2 {
			b.Errorf("%d calls live, want 2", got)
		}
	})
}

// A number that no agent answers is not in service.
func TestUnknownNumber(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, err := b.phone.Dial(b.ctx, caller, "+14155550111")
		if err != nil {
			b.Fatal(err)
		}
		<-c.Done()
		if want := []string{"Reject"}; !slices.Equal(verbs(c), want) || c.Followed()[0].Attrs["reason"] == "busy" {
			b.Errorf("the call followed %v", c.Followed())
		}
	})
}
