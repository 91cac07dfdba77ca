package call_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const secondLine = "+14155550188"

// puttingThrough configures an agent that may put calls through to two people.
func puttingThrough(c *call.Config, p *call.Profile) {
	p.Builtins = []string{builtin.TransferCall, builtin.SendDigits, builtin.EndCall}
	p.Transfers = builtin.Transfers{{Name: "sales", Number: numberOf(transfer)}, {Name: "front desk", Number: numberOf(secondLine)}}
	p.Seller.LegalName = "Riverbend Dental LLC"
}

// asks is a sentence of an agent and then a tool call.
func asks(p *call.Puppet, id, tool, arguments string) {
	speaks(p, "before "+id, "One moment.", sound(500*time.Millisecond, 3))
	p.Events <- agent.ToolCall{ID: id, Name: tool, Arguments: arguments, WantAnswer: true}
	synctest.Wait()
}

// A transfer waits until the sentence before it was heard; the agent goes; the log has
// its outcome at once, and again when it is final.
func TestTransfer(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		c.Dials(twiliotest.DialEnd{Rings: 5 * time.Second, Talks: 10 * time.Minute})
		asks(p, "t1", builtin.TransferCall, `{"to":"Front Desk"}`)
		b.pass(3 * time.Second)
		select {
		case <-p.Closed():
		default:
			b.Error("the agent is still there")
		}
		if got := count(c.Heard(), 3); got != 500*time.Millisecond {
			b.Errorf("%v of the sentence before it were heard", got)
		}
		dials := c.Dialled()
		if len(dials) != 1 || dials[0].Number != secondLine || dials[0].CallerID != "" {
			b.Fatalf("dialled: %+v", dials)
		}
		if live := b.board.Live(); live != 0 {
			b.Errorf("%d calls are live", live)
		}
		left := b.record(c)
		if left.Outcome != string(call.Transferred) || left.Status != calllog.StatusCompleted || left.EndedAt == nil {
			b.Errorf("while it rings the log has %q, %q, ended %v", left.Outcome, left.Status, left.EndedAt)
		}
		<-c.Done()
		rec := b.record(c)
		if rec.Outcome != string(call.Transferred) || !rec.EndedAt.Equal(*left.EndedAt) || c.Ended() != "hangup" {
			b.Errorf("the outcome is %q, ended at %v and %v, by %q", rec.Outcome, left.EndedAt, rec.EndedAt, c.Ended())
		}
		if answers := p.Answers(); len(answers) != 1 || answers[0].Error != "" {
			b.Errorf("the agent was answered %+v", answers)
		}
		if got := notes(rec); !slices.Equal(got, []string{"the transfer was taken"}) {
			b.Errorf("notes: %q", got)
		}
		noFaults(b, c)
	})
}

// Whatever keeps a transfer from being taken, the caller comes back to the agent with the
// context it had, and the agent is told why.
func TestTransferThatNobodyTakes(t *testing.T) {
	for name, tt := range map[string]struct {
		end  twiliotest.DialEnd
		args string
		why  string
	}{
		"busy":         {twiliotest.DialEnd{Status: "busy"}, `{"to":"sales"}`, "busy"},
		"no answer":    {twiliotest.DialEnd{Status: "no-answer", Rings: 25 * time.Second}, `{"to":"sales"}`, "no answer"},
		"failed":       {twiliotest.DialEnd{Status: "failed"}, `{"to":"sales"}`, "could not be reached"},
		"canceled":     {twiliotest.DialEnd{Status: "canceled"}, `{"to":"sales"}`, "canceled"},
		"a new word":   {twiliotest.DialEnd{Status: "tired"}, `{"to":"sales"}`, "could not be reached"},
		"not accepted": {twiliotest.DialEnd{}, `{"to":"sales","summary":"Dana wants a refund"}`, "not accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, puttingThrough, func(b *bubble) {
				c, p := b.connected()
				group := p.Chat().Group
				c.Dials(tt.end)
				asks(p, "t1", builtin.TransferCall, tt.args)
				b.agents.Answers <- nil
				second := <-b.agents.Dialled
				b.pass(time.Second)
				if second.Session.Resume != group {
					b.Errorf("the agent resumes %q, want %q", second.Session.Resume, group)
				}
				if told := second.Told(); len(told) != 1 || !strings.Contains(told[0], tt.why) {
					b.Errorf("the agent is told %q", told)
				}
				rec := b.record(c)
				if rec.Outcome != "" || rec.EndedAt != nil || rec.Status != calllog.StatusInProgress || b.board.Live() != 1 {
					b.Errorf("the call is back and the log has %q, ended %v, status %q", rec.Outcome, rec.EndedAt, rec.Status)
				}
				speaks(second, "b", "Nobody is there.", sound(300*time.Millisecond, 5))
				c.Speak(sound(400*time.Millisecond, 20))
				b.pass(time.Second)
				if got := count(c.Heard(), 5); got != 300*time.Millisecond {
					b.Errorf("%v of the second agent were heard", got)
				}
				if got := count(second.Heard(), 20); got != 400*time.Millisecond {
					b.Errorf("the second agent heard %v of the caller", got)
				}
				c.HangUp()
				<-c.Done()
				rec = b.record(c)
				if rec.Outcome != string(call.CallerHungUp) {
					b.Errorf("the outcome is %q", rec.Outcome)
				}
				if got := notes(rec); len(got) == 0 || !strings.Contains(got[len(got)-1], tt.why) {
					b.Errorf("notes: %q", got)
				}
				if got := len(entries(rec, calllog.KindReconnect)); got != 1 {
					b.Errorf("%d agents came back", got)
				}
				for i, e := range rec.Entries {
					if e.Seq != i+1 {
						b.Errorf("line %d has the number %d", i+1, e.Seq)
					}
				}
				noFaults(b, c)
			})
		})
	}
}

// With a summary whoever answers hears it before they are joined with the caller, if they
// press a key.
func TestTransferWithSummary(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		c.Dials(twiliotest.DialEnd{Key: "5", Talks: time.Minute})
		asks(p, "t1", builtin.TransferCall, `{"to":"sales","summary":"Dana <b>&\u0007 wants a refund"}`)
		<-c.Done()
		dials := c.Dialled()
		if len(dials) != 1 || !dials[0].Bridged || dials[0].Number != transfer {
			b.Fatalf("dialled: %+v", dials)
		}
		if want := []string{"A call from Riverbend Dental LLC. Dana <b>& wants a refund. Press 1 to take the call."}; !slices.Equal(dials[0].Whispered, want) {
			b.Errorf("they heard %q, want %q", dials[0].Whispered, want)
		}
		for _, v := range c.Followed() {
			if el, ok := v.Child("Number"); ok && strings.Contains(el.Attrs["url"], "Dana") {
				b.Errorf("the summary is in a URL: %s", el.Attrs["url"])
			}
		}
		rec := b.record(c)
		if rec.Outcome != string(call.Transferred) || !slices.Contains(notes(rec), "the transfer was taken") {
			b.Errorf("the outcome is %q, notes %q", rec.Outcome, notes(rec))
		}
		noFaults(b, c)
	})
}

// Only who is on the list is rung. No answer to the agent has a number in it.
func TestTransferToSomebodyElse(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		for i, arguments := range []string{`{"to":"+14155550177"}`, `{"to":"boss"}`, `{}`, `{"to":""}`, `{"to":7}`, `{"number":"+14155550177"}`,
			`{"to":"sales","summary":"` + strings.Repeat("é", 301) + `"}`} {
			p.Events <- agent.ToolCall{ID: string(rune('a' + i)), Name: builtin.TransferCall, Arguments: arguments, WantAnswer: true}
			synctest.Wait()
			answers := p.Answers()
			if len(answers) != i+1 || answers[i].Error == "" || strings.Contains(answers[i].Error+answers[i].Content, "0177") {
				b.Errorf("%s is answered %+v", arguments, answers)
			} else if i < 4 && !strings.Contains(answers[i].Content, "sales, front desk") {
				b.Errorf("%s: the agent isn't told who there is: %q", arguments, answers[i].Content)
			}
		}
		asks(p, "t9", builtin.TransferCall, `{"to":"`+secondLine+`"}`) // it is on the list
		<-c.Done()
		if dials := c.Dialled(); len(dials) != 1 || dials[0].Number != secondLine {
			b.Errorf("dialled: %+v", dials)
		}
	})
}

// The agent that has said nothing is asked to, and what it says is heard.
func TestTransferWithoutAWord(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		p.Events <- agent.CallerSaid{Text: "I want a person."}
		p.Events <- agent.ToolCall{ID: "t1", Name: builtin.TransferCall, Arguments: `{"to":"sales"}`, WantAnswer: true}
		synctest.Wait()
		if got := p.Answers(); len(got) != 1 || !strings.Contains(got[0].Content, "Say it now") {
			b.Errorf("the agent is answered %+v", got)
		}
		b.pass(time.Second)
		speaks(p, "a", "I'll put you through.", sound(500*time.Millisecond, 3))
		<-c.Done()
		if got := count(c.Heard(), 3); got != 500*time.Millisecond {
			b.Errorf("%v of what the agent said were heard", got)
		}
	})
}
