package call_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/recording"
)

// During a pause nothing is recorded and no word of it is logged, whoever says it; the time
// goes on. A stream that is cut changes nothing about it.
func TestPauseRecording(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	inBubble(t, recorded(folder), func(b *bubble) {
		c, p := b.connected()
		tool := func(p *call.Puppet, id, name string) agent.ToolAnswer {
			b.Helper()
			p.Events <- agent.ToolCall{ID: id, Name: name, Arguments: "{}", WantAnswer: true}
			synctest.Wait()
			a := p.Answers()
			return a[len(a)-1]
		}
		said := func(p *call.Puppet, text string) {
			p.Events <- agent.CallerSaid{Text: text, Emotions: map[string]float64{"Calmness": 1}}
		}
		c.Speak(sound(time.Second, 20))
		b.pass(time.Second)
		said(p, "I want to pay.")
		speaks(p, "a", "Your card, please.", sound(2*time.Second, 1))
		b.pass(500 * time.Millisecond)
		if a := tool(p, "1", "pause_recording"); a.Error != "" || !strings.Contains(a.Content, "paused") {
			b.Errorf("paused: %+v", a)
		}
		paused := time.Duration(len(c.Said())) * time.Millisecond / 8
		if a := tool(p, "2", "pause_recording"); a.Error != "" || !strings.Contains(a.Content, "already") {
			b.Errorf("paused twice: %+v", a)
		}
		p.Events <- agent.AgentSaid{Segment: "a", Text: "Your card, please. " + private} // more of what began before
		c.Speak(sound(time.Second, 66))
		b.pass(time.Second)
		said(p, private)
		p.Events <- agent.ToolCall{ID: "3", Name: "pay", Arguments: `{"card":"` + private + `"}`, WantAnswer: true}
		synctest.Wait()
		if err := c.Press("4"); err != nil {
			b.Fatal(err)
		}
		synctest.Wait()
		b.agents.Answers <- nil
		c.CutStream()
		p = <-b.agents.Dialled
		b.pass(time.Second)
		c.Speak(sound(time.Second, 67))
		speaks(p, "c", private, sound(time.Second, 3))
		b.pass(1100 * time.Millisecond)
		if a := tool(p, "4", "resume_recording"); a.Error != "" || !strings.Contains(a.Content, "again") {
			b.Errorf("resumed: %+v", a)
		}
		resumed := time.Duration(len(c.Said())) * time.Millisecond / 8
		if a := tool(p, "5", "resume_recording"); a.Error != "" || !strings.Contains(a.Content, "not paused") {
			b.Errorf("resumed twice: %+v", a)
		}
		b.pass(time.Second)
		said(p, private) // the text of the pause's last words comes late
		b.pass(1500 * time.Millisecond)
		c.Speak(sound(time.Second, 21))
		speaks(p, "d", "Thanks.", sound(time.Second, 4))
		b.pass(1200 * time.Millisecond)
		said(p, "Bye.")
		synctest.Wait()
		c.HangUp()
		<-c.Done()
		r := b.record(c)

		left, right := tape(b, folder, r.ID)
		for code, want := range map[byte]time.Duration{20: time.Second, 66: 0, 67: 0, 21: time.Second} {
			if got := count(left, code); got != want {
				b.Errorf("%v of sound %d of the caller's are recorded, want %v", got, code, want)
			}
		}
		for code, want := range map[byte]time.Duration{1: 500 * time.Millisecond, 3: 0, 4: time.Second} {
			near(b, "the agent's recorded sound", count(right, code), want)
		}
		near(b, "the caller's last words", firstOf(left, 21), firstOf(c.Said(), 21))
		near(b, "the agent's last words", firstOf(right, 4), firstOf(c.Heard(), 4))

		var words, notes []string
		for _, e := range r.Entries {
			switch e.Kind {
			case calllog.KindNote:
				notes = append(notes, e.Text)
				begun := entries(r, calllog.KindNote)[0].AtMS
				switch e.Text {
				case "the recording is paused":
					near(b, e.Text, time.Duration(e.AtMS-begun)*time.Millisecond, paused)
				case "the recording goes on":
					near(b, e.Text, time.Duration(e.AtMS-begun)*time.Millisecond, resumed)
					near(b, "its length", time.Duration(e.MS)*time.Millisecond, resumed-paused)
				}
			case calllog.KindCaller, calllog.KindAgent:
				words = append(words, string(e.Kind)+": "+e.Text)
				if e.Text == "[not recorded]" && e.Emotions != nil {
					b.Errorf("emotions of %+v", e)
				}
			case calllog.KindDTMF:
				words = append(words, "key: "+e.Digit)
			case calllog.KindTool:
				if e.Name == "pay" && (string(e.Arguments) != `"[not recorded]"` || e.Error != "[not recorded]") {
					b.Errorf("the tool is logged as %s, %s", e.Arguments, e.Error)
				}
			}
		}
		if got, want := strings.Join(words, "\n"), strings.Join([]string{"caller: I want to pay.", "agent: Your card, please. [not recorded]", "caller: [not recorded]",
			"key: [not recorded]", "agent: [not recorded]", "caller: [not recorded]", "agent: Thanks.", "caller: Bye."}, "\n"); got != want {
			b.Errorf("the log has\n%s\nwant\n%s", got, want)
		}
		if got, want := strings.Join(notes, "; "), "the recording begins; the recording is paused; the stream was lost; the call goes on with another; the recording goes on"; got != want {
			b.Errorf("notes %q", got)
		}
	})
}

// A call that isn't recorded says so to an agent that would pause it.
func TestPauseOfNothing(t *testing.T) {
	inBubble(t, func(c *call.Config, p *call.Profile) {
		p.Builtins = []string{builtin.PauseRecording, builtin.ResumeRecording}
	}, func(b *bubble) {
		c, p := b.connected()
		for i, name := range p.Session.Tools {
			p.Events <- agent.ToolCall{ID: string(rune('a' + i)), Name: name.Name, Arguments: "{}", WantAnswer: true}
		}
		synctest.Wait()
		if a := p.Answers(); len(a) != 2 || !strings.Contains(a[0].Content, "not recorded") || a[0].Error == "" || a[1].Error == "" {
			b.Errorf("answers %+v", a)
		}
		c.HangUp()
		<-c.Done()
	})
}

// Who says stop in a pause is taken at their word: the ledger has the words as evidence, and
// the log has not.
func TestStopInAPause(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	atDesk(t, func(_ *desk, c *call.Config, p *call.Profile) { recorded(folder)(c, p) }, func(d *desk) {
		head, c, p := d.talking()
		d.pass(2 * time.Second)
		p.Events <- agent.ToolCall{ID: "1", Name: builtin.PauseRecording, Arguments: "{}", WantAnswer: true}
		d.pass(time.Second)
		says(d, c, p)
		<-c.Done()
		d.pass(time.Second)
		facts := d.ledger.Facts(consent.OptOutInCall)
		if len(facts) != 1 || facts[0].Words != "Please stop calling me." {
			d.Errorf("the ledger has %+v", facts)
		}
		r := d.logged(head.ID)
		if words := entries(r, calllog.KindCaller); r.Outcome != "opted_out" || len(words) != 1 || words[0].Text != "[not recorded]" {
			d.Errorf("%s, and the log has %+v", r.Outcome, words)
		}
		_, right := tape(d, folder, r.ID)
		if got := count(right, openingSound); got != time.Second || len(right) < 3*8000 {
			d.Errorf("%v of the opening in %d samples", got, len(right))
		}
	})
}
