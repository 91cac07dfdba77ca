package call_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A call as most are: both hear each other, and afterwards it can be read.
func TestCall(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{})
	c, agent := r.connected()
	if got := agent.Query.Get("session_settings[custom_session_id]"); got != c.SID {
		t.Errorf("the agent knows the call as %q, want %q", got, c.SID)
	}
	agent.reply(t, "a", private, 440, time.Second)
	c.Speak(sound(time.Second, 20))
	if err := c.WaitSpoken(r.ctx); err != nil {
		t.Fatal(err)
	}
	if err := agent.Transcribe(private, false, map[string]float64{"Calmness": 0.5}); err != nil {
		t.Fatal(err)
	}
	r.until("the reply is heard", func() bool { return heardTone(c.Heard(), 440) >= 980*time.Millisecond })
	r.await(c, twiliotest.Echo)
	r.until("the caller is heard", func() bool { return count(agent.Heard(), 20) == time.Second })
	if err := c.Press("5"); err != nil {
		t.Fatal(err)
	}
	r.until("the key is told", func() bool { return len(agent.sent("user_input")) == 1 })
	if !bytes.HasPrefix(c.Said(), agent.Heard()) {
		t.Error("the agent heard something else than the caller said")
	}
	c.HangUp()
	<-c.Done()
	<-agent.Done()
	if code := agent.CloseCode(); code != 1000 {
		t.Errorf("the chat is closed with %d", code)
	}
	rec := r.record(c)
	if rec.Outcome != "caller_hung_up" || rec.Status != "completed" || rec.Direction != "inbound" || rec.From != caller || rec.To != number ||
		rec.Agent != "support" || rec.Voice != "evi" || rec.AnsweredAt == nil || rec.EndedAt == nil || rec.Quality == nil || rec.Instance != "here" {
		t.Errorf("%+v", rec)
	}
	if !slices.Equal(rec.ChatIDs, []string{agent.ChatID}) || rec.ChatGroupID == "" {
		t.Errorf("chats %q of group %q", rec.ChatIDs, rec.ChatGroupID)
	}
	if said(t, rec, private).Heard != calllog.HeardFull {
		t.Error("the reply isn't logged as heard")
	}
	if e := entries(rec, calllog.KindCaller); len(e) != 1 || e[0].Text != private || e[0].Emotions["Calmness"] != 0.5 {
		t.Errorf("the caller's words are logged as %+v", e)
	}
	if e := entries(rec, calllog.KindDTMF); len(e) != 1 || e[0].Digit != "5" {
		t.Errorf("the key is logged as %+v", e)
	}
	if want := []string{"Connect"}; !slices.Equal(verbs(c), want) {
		t.Errorf("the call followed %q", verbs(c))
	}
	noFaults(t, c)
}

// An interruption empties the line. What still comes of the reply is not heard,
// what comes after it is.
func TestInterruption(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{})
	c, agent := r.connected()
	agent.reply(t, "first", "A short one.", 440, 300*time.Millisecond)
	r.await(c, twiliotest.Echo)
	if err := agent.Say(r.ctx, evitest.Speech{ID: "second", Text: "A long one.", PCM: tone(700, 5*time.Second)}); err != nil {
		t.Fatal(err)
	}
	r.until("half a second of it is heard", func() bool { return heardTone(c.Heard(), 700) >= 500*time.Millisecond })
	if err := agent.Interrupt(); err != nil {
		t.Fatal(err)
	}
	agent.Say(r.ctx, evitest.Speech{ID: "second", PCM: tone(700, time.Second)})
	cleared := r.await(c, twiliotest.Clear)
	if cleared.Flushed == 0 {
		t.Error("the clear found nothing to flush")
	}
	agent.AssistantEnd()
	agent.reply(t, "third", "Yes?", 1000, 300*time.Millisecond)
	r.until("the answer is heard", func() bool { return heardTone(c.Heard(), 1000) >= 280*time.Millisecond })
	if got := heardTone(c.Heard(), 700); got > 4*time.Second { // of six; a loaded machine is slow to interrupt
		t.Errorf("%v of the reply were heard, want it cut", got)
	}
	at := firstFrame(c.Heard(), 1000)
	if rest := c.Heard()[at:]; heardTone(rest, 700) > 0 {
		t.Error("late sound of the reply is heard after the interruption")
	}
	c.HangUp()
	<-c.Done()
	rec := r.record(c)
	for text, want := range map[string]calllog.Heard{"A short one.": calllog.HeardFull, "A long one.": calllog.HeardPartly} {
		if got := said(t, rec, text).Heard; got != want {
			t.Errorf("%s is logged as heard: %q", text, got)
		}
	}
	if len(entries(rec, calllog.KindInterruption)) != 1 {
		t.Error("the interruption isn't logged")
	}
	noFaults(t, c)
}

// firstFrame is where a tone begins, in bytes.
func firstFrame(ulaw []byte, hz float64) int {
	for at := 0; at+160 <= len(ulaw); at += 160 {
		if hasTone(ulaw[at:at+160], hz) {
			return at
		}
	}
	return len(ulaw)
}

// An opening in the agent's own voice, over the wire.
func TestOpeningOverTheWire(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{opening: &call.Opening{Text: openingText}})
	c, agent := r.connected()
	r.until("the agent is asked to say it", func() bool { return len(agent.sent("assistant_input")) == 1 })
	if got := agent.sent("assistant_input")[0].Fields["text"]; got != openingText {
		t.Errorf("the agent is asked to say %q", got)
	}
	c.Speak(sound(300*time.Millisecond, 20))
	if err := agent.Say(r.ctx, evitest.Speech{ID: "a", Text: openingText, FromText: true, PCM: tone(440, time.Second)}); err != nil {
		t.Fatal(err)
	}
	agent.AssistantEnd()
	r.await(c, twiliotest.Mark)
	if n := len(agent.Heard()); n > 0 {
		t.Errorf("the agent heard %d bytes in the opening", n)
	}
	r.await(c, twiliotest.Echo)
	r.until("the caller is heard", func() bool { return count(agent.Heard(), 20) == 300*time.Millisecond })
	c.HangUp()
	<-c.Done()
	if o := r.record(c).Opening; o == nil || !o.Complete {
		t.Errorf("the opening is logged as %+v", o)
	}
	noFaults(t, c)
}
