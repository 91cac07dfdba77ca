package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/hostile"
)

// What makes no sense on a media socket changes nothing: the call goes on, and
// what makes sense is heard.
func TestNoiseOnTheSocket(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.agents.Answers <- nil
		token := b.announce(someSID)
		p := <-b.agents.Dialled
		ws := b.socket()
		say(b, ws, started(someSID, token))
		noise := []string{
			started(someSID, token), started(someSID, "another"), started("CA00000000000000000000000000000002", token), // a second start, in three ways
			``, `{`, `null`, `[]`, `"media"`, `{"event":7}`, `{"event":"media"}`, `{"event":"media","media":7}`,
			`{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"77","payload":"not base64!"}}`,
			`{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"77","payload":""}}`,
			`{"event":"media","media":{"track":"inbound","chunk":"x","timestamp":"y","payload":"FBQUFA=="}}`,
			`{"event":"dtmf","dtmf":{"digit":"12"}}`, `{"event":"dtmf"}`, `{"event":"mark"}`, `{"event":"mark","mark":{"name":"never sent"}}`,
			`{"event":"something new","of":{"Twilio":1}}`, `{"event":"connected"}`,
			`{"event":"something big","x":"` + strings.Repeat("x", 900<<10) + `"}`,
			strings.Repeat("[", 100_000),
		}
		for _, in := range append(hostile.JSON(), hostile.Texts()...) {
			for _, message := range []string{in.Text, hostile.Fill(`{"event":"mark","mark":{"name":%}}`, in.Text), hostile.Fill(`{"event":"dtmf","dtmf":{"digit":%}}`, in.Text)} {
				if len(message) < 1<<20 { // a longer one ends the stream: below
					noise = append(noise, message)
				}
			}
		}
		for i, message := range noise {
			say(b, ws, message)
			say(b, ws, mediaMessage)
			b.pass(time.Millisecond)
			if got := len(p.Heard()); got != 4*(i+1) {
				b.Fatalf("after %.60q the agent has heard %d bytes, want %d", message, got, 4*(i+1))
			}
		}
		if err := ws.WriteMessage(websocket.BinaryMessage, []byte{1, 2, 3}); err != nil {
			b.Fatal(err)
		}
		say(b, ws, mediaMessage)
		b.pass(time.Millisecond)
		if got := len(p.Heard()); got != 4*(len(noise)+1) {
			b.Errorf("after a binary frame the agent has heard %d bytes", got)
		}
		if n := len(b.agents.Sessions()); n != 1 {
			b.Errorf("%d dials, want one", n)
		}
		speaks(p, "a", "Hello.", sound(20*time.Millisecond, 1))
		if _, message, err := ws.ReadMessage(); err != nil || !strings.Contains(string(message), `"media"`) {
			b.Errorf("the agent isn't heard: %s, %v", message, err)
		}
	})
}

// A message of two megabytes ends the stream that it came on, and nothing else:
// Twilio asks what comes next, and the call goes on with another stream.
func TestEnormousMessage(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, _ := b.connected()
		other, otherAgent := b.connected()
		b.agents.Answers <- nil
		if err := c.SendRaw(fmt.Sprintf(`{"event":"media","media":{"payload":%q}}`, strings.Repeat("A", 2<<20))); err != nil {
			b.Fatal(err)
		}
		next := <-b.agents.Dialled
		b.pass(time.Second)
		speaks(next, "a", "Still here.", sound(300*time.Millisecond, 1))
		speaks(otherAgent, "a", "Hello.", sound(300*time.Millisecond, 2))
		b.pass(time.Second)
		if a, o := count(c.Heard(), 1), count(other.Heard(), 2); a != 300*time.Millisecond || o != 300*time.Millisecond {
			b.Errorf("heard %v on the call and %v on the other, want 300 ms", a, o)
		}
		if want := []string{"Connect", "Connect"}; !slices.Equal(verbs(c), want) || !slices.Equal(verbs(other), want[:1]) {
			b.Errorf("the calls followed %q and %q", verbs(c), verbs(other))
		}
		if got := deadAir(other.Said(), 0, time.Second); got < time.Second {
			b.Errorf("the other call's line stood still: %v", got)
		}
		c.HangUp()
		<-c.Done()
		if r := b.record(c); r.Outcome != string(call.CallerHungUp) || next.Session.Resume != "group-1" {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}

// Frames need not be of 20 ms.
func TestFramesOfOtherSizes(t *testing.T) {
	for _, size := range []int{80, 333, 1600} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				c, p := b.connected()
				c.SetFrame(size)
				c.Speak(sound(time.Second, 20))
				b.pass(1500 * time.Millisecond)
				if got := count(p.Heard(), 20); got != time.Second {
					b.Errorf("the agent heard %v of one second", got)
				}
				c.HangUp()
				<-c.Done()
				if q := b.record(c).Quality; q.Gaps != 0 || q.Dropped != 0 {
					b.Errorf("%+v", q)
				}
			})
		})
	}
}

// A hole in the timestamps is silence to the agent, so that what follows is at
// its time.
func TestHoleInTheLine(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		b.pass(500 * time.Millisecond)
		c.DropFrames(700 * time.Millisecond)
		b.pass(time.Second)
		c.Speak(sound(200*time.Millisecond, 20))
		b.pass(500 * time.Millisecond)
		c.HangUp()
		<-c.Done()
		if q := b.record(c).Quality; q.Gaps != 1 {
			b.Errorf("%+v, want one gap", q)
		}
		if heard := p.Heard(); !slices.Equal(heard, c.Said()[:len(heard)]) || count(heard, 20) != 200*time.Millisecond {
			b.Error("the agent didn't hear it at its time")
		}
	})
}

// Keys are told to the agent, those that follow each other as one, also if there is none
// just then.
func TestKeys(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		press := func(keys ...string) {
			for _, key := range keys {
				if err := c.Press(key); err != nil {
					b.Fatal(err)
				}
			}
			b.pass(20 * time.Millisecond)
		}
		press("1")
		b.pass(400 * time.Millisecond)
		press("#")
		if got := p.Told(); len(got) != 0 {
			b.Errorf("the agent was told %q while more keys may follow", got)
		}
		b.pass(600 * time.Millisecond)
		press("5")
		b.pass(600 * time.Millisecond)
		if got, want := p.Told(), []string{"The caller pressed the keys 1 #.", "The caller pressed the key 5."}; !slices.Equal(got, want) {
			b.Errorf("the agent was told %q, want %q", got, want)
		}
		p.Leave(errLost)
		b.pass(20 * time.Millisecond)
		press("7")
		b.agents.Answers <- nil
		next := <-b.agents.Dialled
		b.pass(time.Second)
		if got := next.Told(); len(got) != 1 || !strings.Contains(got[0], "7") {
			b.Errorf("the next agent was told %q", got)
		}
		c.HangUp()
		<-c.Done()
		var digits []string
		for _, e := range entries(b.record(c), "dtmf") {
			digits = append(digits, e.Digit)
		}
		if want := []string{"1", "#", "5", "7"}; !slices.Equal(digits, want) {
			b.Errorf("the log has the keys %q", digits)
		}
		noFaults(b, c)
	})
}
