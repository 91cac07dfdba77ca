package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/recording"
)

// A pause of the recording goes on when another instance takes the call over, until its agent
// ends it there.
func TestPauseMovesWithTheCall(t *testing.T) {
	folders := map[string]*recording.Folder{}
	p := newPair(t, func(c *call.Config, p *call.Profile) {
		folders[c.Instance] = recording.NewFolder(t.TempDir())
		recorded(folders[c.Instance])(c, p)
		p.Builtins = append(p.Builtins, builtin.SendDigits)
	})
	c, err := p.phone.Dial(p.one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	first := p.one.chat()
	first.CallTool("t1", builtin.PauseRecording, `{}`, true)
	first.CallTool("t2", builtin.SendDigits, `{"digits":"1"}`, true)
	second := p.two.chat()
	c.Speak(sound(500*time.Millisecond, 20))
	if err := c.WaitSpoken(p.two.ctx); err != nil {
		t.Fatal(err)
	}
	second.reply(t, "b", private, 700, 300*time.Millisecond)
	p.two.until("the words are logged", func() bool { return len(entries(p.two.now(c), calllog.KindAgent)) == 1 })
	second.CallTool("t3", builtin.ResumeRecording, `{}`, true)
	p.two.until("the tool is answered", func() bool { return len(entries(p.two.now(c), calllog.KindTool)) == 3 })
	c.HangUp()
	<-c.Done()
	rec := p.two.record(c)
	for _, e := range entries(rec, calllog.KindAgent) {
		if e.Text != "[not recorded]" {
			t.Errorf("the log has %+v", e)
		}
	}
	if got := notes(rec); len(got) == 0 || got[len(got)-1] != "the recording goes on" {
		t.Errorf("notes %q", got)
	}
	if rec.Instance != "two" {
		t.Errorf("the call ended at %q", rec.Instance)
	}
	left, right := tape(t, folders["two"], rec.ID)
	if n := count(left, 20); n != 0 {
		t.Errorf("%v of the caller's sound are recorded", n)
	}
	if n := heardTone(right, 700); n != 0 {
		t.Errorf("%v of the agent's sound are recorded", n)
	}
}
