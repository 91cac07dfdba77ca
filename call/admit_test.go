package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
)

// A socket on which no start comes is closed after five seconds, whatever else
// comes on it.
func TestNoStart(t *testing.T) {
	for name, messages := range map[string][]string{
		"nothing":        nil,
		"connected":      {`{"event":"connected","protocol":"Call","version":"1.0.0"}`},
		"media":          {mediaMessage, mediaMessage},
		"not JSON":       {"{", "null", "[]", ""},
		"a broken start": {`{"event":"start"}`, `{"event":"start","start":{"streamSid":7}}`},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				b.announce(someSID)
				ws := b.socket()
				for _, m := range messages {
					say(b, ws, m)
				}
				start := time.Now()
				b.refused(ws)
				near(b, "closed", time.Since(start), 5*time.Second)
			})
		})
	}
}

// What comes before the start reaches nobody; what comes after it does.
func TestMediaBeforeStart(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.agents.Answers <- nil
		token := b.announce(someSID)
		p := <-b.agents.Dialled
		ws := b.socket()
		say(b, ws, mediaMessage)
		b.pass(time.Second)
		if n := len(p.Heard()); n != 0 {
			b.Errorf("%d bytes were forwarded before the start", n)
		}
		say(b, ws, started(someSID, token))
		b.pass(time.Millisecond)
		say(b, ws, mediaMessage)
		b.pass(time.Millisecond)
		if got := string(p.Heard()); got != "\x14\x14\x14\x14" {
			b.Errorf("the agent heard %q after the start", got)
		}
	})
}

// A token serves once, for the call it was made for, for a minute. Whoever comes
// with another reaches nobody, and the call itself is not harmed.
func TestTokens(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		const other = "CA00000000000000000000000000000002"
		b.agents.Answers <- nil
		token := b.announce(someSID)
		p := <-b.agents.Dialled
		foreign := b.announce(other)
		for name, start := range map[string]string{
			"no token":           started(someSID, ""),
			"a made-up token":    started(someSID, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
			"of another call":    started(someSID, foreign),
			"for another call":   started(other, token),
			"for a call unknown": started("CA00000000000000000000000000000003", token),
		} {
			ws := b.socket()
			say(b, ws, start)
			say(b, ws, mediaMessage)
			at := time.Now()
			b.refused(ws)
			if got := time.Since(at); got > time.Second {
				b.Errorf("%s: refused after %v", name, got)
			}
		}
		ws := b.socket()
		say(b, ws, started(someSID, token))
		b.pass(time.Millisecond)
		again := b.socket()
		say(b, again, started(someSID, token))
		b.refused(again)
		twice := b.socket() // with a token of its own
		say(b, twice, started(someSID, b.announce(someSID)))
		b.refused(twice)
		say(b, ws, mediaMessage)
		b.pass(time.Millisecond)
		if len(p.Heard()) != 4 || len(b.agents.Sessions()) != 2 { // one for each call announced
			b.Errorf("the agent heard %d bytes of the call itself, and there were %d dials", len(p.Heard()), len(b.agents.Sessions()))
		}
	})
}

// Without the database an instance still knows which tokens it has seen: a stream
// that was lost is not replaced by whoever shows its token again.
func TestTokenServesOnceWithoutDatabase(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.shelf.Lose()
		b.agents.Answers <- nil
		token := b.announce(someSID)
		ws := b.socket()
		say(b, ws, started(someSID, token))
		b.pass(time.Second)
		say(b, ws, mediaMessage)
		b.pass(time.Millisecond)
		if p := <-b.agents.Dialled; len(p.Heard()) != 4 {
			b.Error("the token doesn't serve without the database")
		}
		ws.Close()
		b.pass(time.Millisecond)
		again := b.socket()
		say(b, again, started(someSID, token))
		b.refused(again)
	})
}

// A stream of another account reaches nobody, whatever token it has.
func TestStreamOfAnotherAccount(t *testing.T) {
	inBubble(t, func(c *call.Config, _ *call.Profile) { c.Account = "AC2" }, func(b *bubble) {
		ws := b.socket()
		say(b, ws, started(someSID, b.announce(someSID))) // of AC1
		b.refused(ws)
	})
}

// A stream may come within a minute. Its agent waits ten seconds, and is asked
// again if the stream comes later.
func TestLateStream(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.agents.Answers <- nil
		token := b.announce(someSID)
		first := <-b.agents.Dialled
		b.pass(9 * time.Second)
		select {
		case <-first.Closed():
			b.Error("the agent is let go too soon")
		default:
		}
		b.pass(2 * time.Second)
		<-first.Closed()
		if b.board.Live() != 0 {
			b.Error("a call without an agent counts as live")
		}
		b.pass(40 * time.Second)
		b.agents.Answers <- nil
		ws := b.socket()
		say(b, ws, started(someSID, token))
		b.pass(time.Second)
		say(b, ws, mediaMessage)
		b.pass(time.Second)
		if p := <-b.agents.Dialled; len(p.Heard()) != 4 {
			b.Error("the call doesn't talk to its new agent")
		}
	})
}

// A call whose stream never comes has failed, and a token that is older than a
// minute is good for nothing.
func TestNoStream(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.agents.Answers <- nil
		token := b.announce(someSID)
		b.pass(61 * time.Second)
		ws := b.socket()
		say(b, ws, started(someSID, token))
		b.refused(ws)
		if err := b.log.Flush(b.ctx); err != nil {
			b.Fatal(err)
		}
		if r, err := b.shelf.BySID(b.ctx, someSID); err != nil || r.Outcome != "failed" || r.Status != "completed" || r.EndedAt == nil || r.AnsweredAt != nil {
			b.Errorf("the log has %+v, %v", r, err)
		}
		if n := len(b.agents.Sessions()); n != 1 {
			b.Errorf("%d dials, want one", n)
		}
	})
}
