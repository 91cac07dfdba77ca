package call_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// clip is a recorded sentence as the line carries it.
func clip(t testing.TB, file string) []byte {
	t.Helper()
	wav, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ulaw, err := media.ReadClip(wav)
	if err != nil {
		t.Fatal(err)
	}
	return ulaw
}

// transcribes has EVI tell what it understood of the caller.
func transcribes(t testing.TB, c *chat, text string) {
	t.Helper()
	if err := c.Transcribe(text, false, nil); err != nil {
		t.Error(err)
	}
}

// rung places a call, which is answered, and has the agent speak the opening.
func (w *world) rung(t *testing.T, r *rig) (string, *twiliotest.Call, *chat) {
	t.Helper()
	head, _, err := r.board.Place(r.ctx, toCallee())
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.person.Rung(r.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.PickUp()
	r.await(c, twiliotest.Started)
	agent := r.chat()
	agent.speaks(t, r.input(agent), 440, 300*time.Millisecond)
	r.until("the opening is proved", func() bool { return len(w.ledger.Facts(consent.OpeningPlayed)) == 1 })
	return head.ID, c, agent
}

// A greeting that speaks and beeps, over real sockets: the agent is silent as soon as the
// greeting is understood, and the message is left when it has beeped.
func TestMessageOverTheWire(t *testing.T) {
	t.Parallel()
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	r := newRig(t, plan{configure: func(c *call.Config) {
		w.places(t)(c)
		c.Profiles["support"].Voicemail = call.VoicemailMessage
	}})
	phone.Bridge = r.web.URL
	id, c, agent := w.rung(t, r)
	greeting := append(clip(t, "../demo/audio/agent/order-status.wav"), beepSound(1400, 350*time.Millisecond)...)
	c.Speak(greeting)
	transcribes(t, agent, greetingWords)
	agent.reply(t, "own", "Hi Dana!", 700, 500*time.Millisecond)
	r.await(c, twiliotest.Closed)
	select {
	case <-c.SpeakDone():
	default:
		t.Error("the message did not wait for the end of the beep")
	}
	<-c.Done()
	rec := r.logOf(id)
	if rec.Outcome != string(call.Voicemail) || !rec.Opening.Complete {
		t.Errorf("%+v", rec)
	}
	if !noted(rec, "voicemail greeting") || !noted(rec, "a beep was heard: 14") || !noted(rec, "left a message") {
		t.Errorf("the notes are %q", notes(rec))
	}
	if got := verbs(c); !slices.Equal(got, []string{"Connect", "Say", "Hangup"}) {
		t.Errorf("the call followed %q", got)
	}
	if heardTone(c.Heard(), 700) > 0 {
		t.Error("the agent spoke to the machine")
	}
	noFaults(t, c)
}

// A screened call with sound: the agent is told who asks, and answers; then a person
// comes on the line and hears the opening first.
func TestScreenedOverTheWire(t *testing.T) {
	t.Parallel()
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	r := newRig(t, plan{configure: w.places(t)})
	phone.Bridge = r.web.URL
	id, c, agent := w.rung(t, r)
	c.Speak(append(clip(t, "../demo/audio/agent/looking-up.wav"), beepSound(850, 200*time.Millisecond)...))
	transcribes(t, agent, screeningWords)
	r.until("the agent is told", func() bool { return len(agent.sent("user_input")) == 1 })
	if text, _ := agent.sent("user_input")[0].Fields["text"].(string); !strings.Contains(text, "on behalf of Riverbend Dental") {
		t.Errorf("it is told %q", text)
	}
	agent.reply(t, "answer", "This is an AI assistant for Riverbend Dental, with information.", 700, 400*time.Millisecond)
	r.until("the assistant hears it", func() bool { return heardTone(c.Heard(), 700) >= 380*time.Millisecond })
	c.Speak(clip(t, "../demo/audio/caller/order-number.wav"))
	transcribes(t, agent, "Hello, this is Dana.")
	agent.reply(t, "hi", "Hi Dana!", 1000, 300*time.Millisecond)
	r.until("the agent is asked for the opening again", func() bool { return len(agent.sent("assistant_input")) == 2 })
	text, _ := agent.sent("assistant_input")[1].Fields["text"].(string)
	if err := agent.Say(t.Context(), evitest.Speech{ID: "again", Text: text, FromText: true, PCM: tone(600, 400*time.Millisecond)}); err != nil {
		t.Error(err)
	}
	if err := agent.AssistantEnd(); err != nil {
		t.Error(err)
	}
	r.until("the person hears the opening and the agent", func() bool {
		return heardTone(c.Heard(), 600) >= 380*time.Millisecond && heardTone(c.Heard(), 1000) >= 280*time.Millisecond
	})
	r.until("both openings are proved", func() bool { return len(w.ledger.Facts(consent.OpeningPlayed)) == 2 })
	c.HangUp()
	rec := r.logOf(id)
	if rec.Outcome != string(call.CallerHungUp) || !rec.Opening.Complete || !noted(rec, "call-screening") || !noted(rec, "a person came on the line") {
		t.Errorf("%+v: %q", rec, notes(rec))
	}
	noFaults(t, c)
}
