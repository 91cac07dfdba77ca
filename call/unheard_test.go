package call_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// What the agent said in a pause and is heard only after it isn't recorded either.
func TestPauseAndWhatIsYetToBeHeard(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	inBubble(t, recorded(folder), func(b *bubble) {
		c, p := b.connected()
		b.pass(time.Second)
		p.Events <- agent.ToolCall{ID: "1", Name: call.ToolPauseRecording, Arguments: "{}", WantAnswer: true}
		b.pass(time.Second)
		speaks(p, "a", "Your card is "+private, sound(4*time.Second, 3))
		p.Events <- agent.ToolCall{ID: "2", Name: call.ToolResumeRecording, Arguments: "{}", WantAnswer: true}
		b.pass(5 * time.Second)
		speaks(p, "b", "Thanks.", sound(time.Second, 4))
		b.pass(1500 * time.Millisecond)
		heard := c.Heard()
		c.HangUp()
		<-c.Done()
		_, right := tape(b, folder, b.record(c).ID)
		near(b, "of the pause's sound is heard", count(heard, 3), 4*time.Second)
		near(b, "of the pause's sound is recorded", count(right, 3), 0)
		near(b, "of the sound behind it is recorded", count(right, 4), time.Second)
		near(b, "the sound behind it", firstOf(right, 4), firstOf(heard, 4))
	})
}

// A call that goes on at another instance stays paused there.
func TestPauseAcrossInstances(t *testing.T) {
	folders := map[string]*recording.Folder{"one": recording.NewFolder(t.TempDir()), "two": recording.NewFolder(t.TempDir())}
	p := newPair(t, func(c *call.Config, p *call.Profile) {
		c.Recordings, p.Record = folders[c.Instance], true
		p.Builtins = append(p.Builtins, call.ToolPauseRecording, call.ToolResumeRecording)
	})
	c, err := p.phone.Dial(p.one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	c.Dials(twiliotest.DialEnd{Status: "busy"})
	first := p.one.chat()
	first.CallTool("t1", call.ToolPauseRecording, "{}", true)
	p.one.until("it is paused", func() bool { return noted(p.one.now(c), "paused") })
	first.reply(t, "a", "One moment.", 440, 300*time.Millisecond)
	first.CallTool("t2", call.ToolTransferCall, `{"to":"sales"}`, true)
	second := p.two.chat()
	p.two.until("the agent is told", func() bool { return len(second.sent("user_input")) == 1 })
	c.Speak(sound(time.Second, voiceSound))
	transcribes(t, second, private)
	p.two.until("the words are logged", func() bool { return len(entries(p.two.now(c), calllog.KindCaller)) == 1 })
	<-c.SpeakDone()
	c.Speak(sound(300*time.Millisecond, media.Silence)) // so that the edge is no matter of milliseconds
	<-c.SpeakDone()
	second.CallTool("t3", call.ToolResumeRecording, "{}", true)
	p.two.until("the recording goes on", func() bool { return noted(p.two.now(c), "goes on") })
	c.HangUp()
	<-c.Done()
	rec := p.two.record(c)
	if said := entries(rec, calllog.KindCaller); len(said) != 1 || said[0].Text != "[not recorded]" {
		t.Errorf("the log has %+v", said)
	}
	left, _ := tape(t, folders["two"], rec.ID)
	if slices.Contains(left, voiceSound) {
		t.Errorf("%v of what the caller said in the pause is recorded", count(left, voiceSound))
	}
}
