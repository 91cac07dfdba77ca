package call_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// recorded has the agent's calls recorded into a folder.
func recorded(folder *recording.Folder, more ...func(*call.Config, *call.Profile)) func(*call.Config, *call.Profile) {
	return func(c *call.Config, p *call.Profile) {
		c.Recordings, p.Record = folder, true
		p.Builtins = []string{call.ToolPauseRecording, call.ToolResumeRecording}
		for _, f := range more {
			f(c, p)
		}
	}
}

// channels are those of a WAV, as µ-law.
func channels(t testing.TB, wav []byte) (left, right []byte) {
	t.Helper()
	w, err := media.ParseWAV(wav)
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != 8000 || w.Channels != 2 {
		t.Fatalf("%d Hz, %d channels", w.Rate, w.Channels)
	}
	var pcm [2][]int16
	for i := 0; i+1 < len(w.Data); i += 2 {
		pcm[i/2%2] = append(pcm[i/2%2], int16(uint16(w.Data[i])|uint16(w.Data[i+1])<<8))
	}
	return media.AppendEncodeULaw(nil, pcm[0]), media.AppendEncodeULaw(nil, pcm[1])
}

// tape is the recording of a call, once it is over.
func tape(t testing.TB, folder *recording.Folder, id string) (left, right []byte) {
	t.Helper()
	f, err := folder.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return channels(t, b)
}

// stretch is where a sound begins and how much of it there is.
func stretch(ulaw []byte, b byte) (at, lasts time.Duration) { return firstOf(ulaw, b), count(ulaw, b) }

// What the recording has of the agent is what the ear heard, and what it has of the caller
// is what they said, at the same times: opening, replies, an interruption, a hole.
func TestRecording(t *testing.T) {
	folder := recording.NewFolder(filepath.Join(t.TempDir(), "recordings"))
	inBubble(t, recorded(folder, opening(time.Second)), func(b *bubble) {
		c, p := b.connected()
		c.Speak(sound(700*time.Millisecond, 20)) // over the opening: the agent doesn't hear it yet
		b.pass(1500 * time.Millisecond)
		speaks(p, "a", "A long story.", sound(10*time.Second, 1))
		b.pass(1230 * time.Millisecond)
		p.Events <- agent.Interrupted{}
		b.pass(100 * time.Millisecond)
		c.Speak(sound(500*time.Millisecond, 21))
		b.pass(200 * time.Millisecond)
		c.DropFrames(100 * time.Millisecond)
		b.pass(500 * time.Millisecond)
		speaks(p, "b", "Yes?", sound(600*time.Millisecond, 2))
		b.pass(400 * time.Millisecond)
		c.HangUp() // in the middle of a word
		<-c.Done()
		r := b.record(c)
		left, right := tape(b, folder, r.ID)
		if !bytes.Equal(left[:len(c.Said())-320], c.Said()[:len(c.Said())-320]) {
			b.Error("the left channel isn't what the caller said")
		}
		for _, s := range []byte{openingSound, 1, 2} {
			at, lasts := stretch(right, s)
			wantAt, want := stretch(c.Heard(), s)
			if d := lasts - want; d < -20*time.Millisecond || d > 20*time.Millisecond {
				b.Errorf("%v of sound %d are recorded, %v were heard", lasts, s, want)
			}
			if d := at - wantAt; d < -20*time.Millisecond || d > 20*time.Millisecond {
				b.Errorf("sound %d is recorded at %v and was heard at %v", s, at, wantAt)
			}
		}
		if d := len(right) - len(c.Heard()); d < -320 || d > 320 {
			b.Errorf("%d samples, want %d", len(right), len(c.Heard()))
		}
		if notes := entries(r, calllog.KindNote); len(notes) != 1 || notes[0].Text != "the recording begins" || notes[0].AtMS > 50 {
			b.Errorf("notes %+v", notes)
		}
		noFaults(b, c)
	})
}

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
		p.Events <- agent.AgentSaid{Segment: "a", Text: private} // more of what began before
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
		p.Builtins = []string{call.ToolPauseRecording, call.ToolResumeRecording}
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

// A folder that can't be used costs the recording and nothing else.
func TestNoFolderNoRecording(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := recording.NewFolder(filepath.Join(dir, "file"))
	inBubble(t, recorded(folder), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Hello.", sound(time.Second, 1))
		b.pass(2 * time.Second)
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		if said(b, r, "Hello.").Heard != calllog.HeardFull || r.Outcome != "caller_hung_up" {
			b.Errorf("the call suffers: %+v", r)
		}
		notes := entries(r, calllog.KindNote)
		if len(notes) != 2 || notes[1].Text != "the call is not recorded: its file can't be made" {
			b.Errorf("notes %+v", notes)
		}
	})
}

// A call as it is, with Twilio's and EVI's wires and the operators' API: what is downloaded is
// what the simulated telephone heard and said.
func TestRecordingOverTheWire(t *testing.T) {
	t.Parallel()
	folder := recording.NewFolder(t.TempDir())
	r := newRig(t, plan{configure: func(c *call.Config) { c.Recordings, c.Profiles["support"].Record = folder, true }})
	c, agent := r.connected()
	get := func(id, part string) (*http.Response, []byte) {
		r.Helper()
		q, err := http.NewRequestWithContext(r.ctx, "GET", r.web.URL+"/v1/calls/"+id+"/recording", nil)
		if err != nil {
			r.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+apiToken)
		if part != "" {
			q.Header.Set("Range", part)
		}
		res, err := r.web.Client().Do(q)
		if err != nil {
			r.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			r.Fatal(err)
		}
		return res, b
	}
	agent.reply(t, "a", "A short one.", 440, 600*time.Millisecond)
	r.await(c, twiliotest.Echo)
	c.Speak(sound(800*time.Millisecond, 20))
	if err := c.WaitSpoken(r.ctx); err != nil {
		t.Fatal(err)
	}
	if err := agent.Say(r.ctx, evitest.Speech{ID: "b", Text: "A long one.", PCM: tone(700, 5*time.Second)}); err != nil {
		t.Fatal(err)
	}
	r.until("a second of it is heard", func() bool { return heardTone(c.Heard(), 700) >= time.Second })
	id := r.now(c).ID
	if res, b := get(id, ""); res.StatusCode != http.StatusConflict || !strings.Contains(string(b), "live") {
		t.Errorf("while it lives: %d %s", res.StatusCode, b)
	}
	if err := agent.Interrupt(); err != nil {
		t.Fatal(err)
	}
	r.await(c, twiliotest.Clear)
	agent.AssistantEnd()
	agent.reply(t, "c", "Yes?", 1000, 400*time.Millisecond)
	r.until("the answer is heard, and half a second passes", func() bool {
		return heardTone(c.Heard(), 1000) >= 380*time.Millisecond && silent(c.Heard(), 500*time.Millisecond)
	})
	c.HangUp()
	<-c.Done()
	r.record(c)

	res, b := get(id, "")
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "audio/wav" || res.ContentLength != int64(len(b)) {
		t.Fatalf("%d, %q, %d of %d bytes", res.StatusCode, res.Header.Get("Content-Type"), res.ContentLength, len(b))
	}
	left, right := channels(t, b)
	if got, want := count(left, 20), count(c.Said(), 20); got != want {
		t.Errorf("%v of the caller are recorded, want %v", got, want)
	}
	// The simulated telephone's first timestamp is 57 ms, of sound of the stream's start.
	// On a busy machine its clock stands still now and then; TestRecording has one that doesn't.
	about := func(what string, got, want time.Duration) {
		t.Helper()
		if d := got - want; d < -250*time.Millisecond || d > 250*time.Millisecond {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	about("where the caller is recorded", firstOf(left, 20), firstOf(c.Said(), 20))
	near(t, "how much of the first reply is recorded", heardTone(right, 440), heardTone(c.Heard(), 440))
	near(t, "how much of the last reply is recorded", heardTone(right, 1000), heardTone(c.Heard(), 1000))
	about("how much of the reply that was cut is recorded", heardTone(right, 700), heardTone(c.Heard(), 700))
	for _, hz := range []float64{440, 700, 1000} {
		about("where a tone is recorded", at(firstFrame(right, hz)), at(firstFrame(c.Heard(), hz)))
	}
	if rest := right[firstFrame(right, 1000):]; heardTone(rest, 700) > 0 {
		t.Error("the recording has sound of the reply after it was cut")
	}
	res, some := get(id, "bytes=44-1043")
	if res.StatusCode != http.StatusPartialContent || !bytes.Equal(some, b[44:1044]) {
		t.Errorf("a range: %d, %d bytes", res.StatusCode, len(some))
	}
	if res, b := get("call_unknown", ""); res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("of no call: %d %s", res.StatusCode, b)
	}
	noFaults(t, c)
}

func at(samples int) time.Duration { return time.Duration(samples) * time.Millisecond / 8 }

// Who says stop in a pause is taken at their word: the ledger has the words as evidence, and
// the log has not.
func TestStopInAPause(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	atDesk(t, func(_ *desk, c *call.Config, p *call.Profile) { recorded(folder)(c, p) }, func(d *desk) {
		head, c, p := d.talking()
		d.pass(2 * time.Second)
		p.Events <- agent.ToolCall{ID: "1", Name: call.ToolPauseRecording, Arguments: "{}", WantAnswer: true}
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
