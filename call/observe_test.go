package call_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/expression/expressiontest"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// observed lets a call be observed by Hume's services, in memory.
func observed(
	backend expression.Backend, hume **expressiontest.Server, folder *recording.Folder,
) func(*bubble, *call.Config, *call.Profile) {
	return func(b *bubble, c *call.Config, p *call.Profile) {
		pipe := twiliotest.NewPipe()
		*hume = expressiontest.NewOn("key", pipe)
		b.Cleanup((*hume).Close)
		account, err := expression.NewAccount(
			expression.AccountConfig{URL: "http://hume", APIKey: "key", NetDialContext: pipe.DialContext})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(account.Close)
		meter, err := expression.New(expression.Config{Backend: backend, Account: account})
		if err != nil {
			b.Fatal(err)
		}
		p.Expression = &call.Expression{Meter: meter, Empathy: backend != expression.Prosody}
		if folder != nil {
			recorded(folder)(c, p)
		}
	}
}

var angry = expressiontest.Voice{Pitch: 180, Swing: 4, Syllables: 5, Level: -12}

// How a turn sounded is written into its line, with its source, and given to the voice as
// silent context.
func TestExpressionOfTurns(t *testing.T) {
	var hume *expressiontest.Server
	openBubble(t, observed(expression.Decisions, &hume, nil), func(b *bubble) {
		hume.Answer(map[string]any{"frustrated": map[string]any{"noul": 0.82}, "satisfied": map[string]any{"noul": 0.1}})
		c, p := b.connected()
		c.Speak(angry.Say(2 * time.Second))
		b.pass(2500 * time.Millisecond)
		p.Events <- agent.CallerSaid{Text: "Where is my order?"}
		b.pass(100 * time.Millisecond)
		if diff := cmp.Diff([]string{"[sounds frustrated, 0.82]"}, p.Knows()); diff != "" {
			b.Error(diff)
		}
		p.Events <- agent.CallerSaid{Text: "Hello?"} // nothing was heard of it
		b.pass(100 * time.Millisecond)
		hume.Answer(map[string]any{"frustrated": 0.2})
		c.Speak(angry.Say(time.Second))
		b.pass(time.Second)
		p.Events <- agent.CallerSaid{Text: "Thanks.", Emotions: map[string]float64{"Joy": 0.5}}
		synctest.Wait()
		c.HangUp() // the last turn's result comes after the caller has gone
		<-c.Done()
		b.pass(time.Second)
		var got []calllog.Entry
		for _, e := range entries(b.record(c), calllog.KindCaller) {
			got = append(got, calllog.Entry{Text: e.Text, Emotions: e.Emotions, EmotionsSource: e.EmotionsSource})
		}
		want := []calllog.Entry{
			{Text: "Where is my order?", EmotionsSource: "hume-decisions",
				Emotions: map[string]float64{"frustrated": 0.82, "satisfied": 0.1}},
			{Text: "Hello?"},
			{Text: "Thanks.", Emotions: map[string]float64{"Joy": 0.5}, EmotionsSource: "evi"}, // what the voice measured stays
		}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
		if len(p.Knows()) != 1 {
			b.Errorf("the voice knows %q", p.Knows())
		}
	})
}

// A turn is measured when it is over, whenever its words come: neither the words nor the
// scores are lost to the other. A turn without words leaves no line.
func TestExpressionOfTurnsWhoseWordsComeLater(t *testing.T) {
	var hume *expressiontest.Server
	openBubble(t, observed(expression.Decisions, &hume, nil), func(b *bubble) {
		hume.Answer(map[string]any{"frustrated": 0.7})
		c, p := b.connected()
		turn := func(id string) {
			p.Events <- agent.CallerSpeaks{}
			c.Speak(angry.Say(time.Second))
			b.pass(1200 * time.Millisecond)
			p.Events <- agent.CallerStopped{}
			p.Events <- agent.CallerTurn{Turn: id}
			b.pass(200 * time.Millisecond)
		}
		turn("1")
		if len(p.Knows()) != 1 {
			b.Errorf("before its words the voice knows %q", p.Knows())
		}
		p.Events <- agent.CallerSaid{Turn: "1", Text: "Where is my order?"}
		b.pass(100 * time.Millisecond)
		p.Events <- agent.CallerSaid{Turn: "2", Text: "Hello?"}
		turn("2")
		turn("3")
		p.Events <- agent.CallerSaid{Turn: "3", Failed: true}
		turn("4") // the call ends before its words
		c.HangUp()
		<-c.Done()
		var got []string
		for _, e := range entries(b.record(c), calllog.KindCaller) {
			got = append(got, fmt.Sprint(e.Text, " ", e.Emotions["frustrated"], " ", e.EmotionsSource))
		}
		want := []string{"Where is my order? 0.7 hume-decisions", "Hello? 0.7 hume-decisions"}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
	})
}

func TestMeasuresOfTurns(t *testing.T) {
	var hume *expressiontest.Server
	openBubble(t, observed(expression.Prosody, &hume, nil), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "How can I help?", sound(4*time.Second, 1))
		b.pass(3500 * time.Millisecond)
		c.Speak(angry.Say(2 * time.Second))
		b.pass(2300 * time.Millisecond)
		p.Events <- agent.CallerSaid{Text: "Where is my order?"}
		b.pass(100 * time.Millisecond)
		c.HangUp()
		<-c.Done()
		e := entries(b.record(c), calllog.KindCaller)[0]
		if e.Emotions != nil || e.EmotionsSource != "" || len(p.Knows()) > 0 {
			b.Errorf("measures are called emotions: %+v", e)
		}
		for name, want := range map[string]float64{
			expression.MeasurePitch: 180, expression.MeasurePace: 5, expression.MeasureTalkingOver: 0.4,
		} {
			if got := e.Measures[name]; got < 0.75*want || got > 1.25*want {
				b.Errorf("%s is %v, want about %v", name, got, want)
			}
		}
	})
}

// What is said in a pause of the recording is neither sent nor measured, and after "don't
// record me" nothing is.
func TestNoExpressionInAPause(t *testing.T) {
	var hume *expressiontest.Server
	openBubble(t, observed(expression.Decisions, &hume, recording.NewFolder(t.TempDir())), func(b *bubble) {
		hume.Answer(map[string]any{"frustrated": 0.9})
		c, p := b.connected()
		turn := func(text string) {
			c.Speak(angry.Say(time.Second))
			b.pass(1200 * time.Millisecond)
			p.Events <- agent.CallerSaid{Text: text}
			b.pass(100 * time.Millisecond)
		}
		tool := func(id, name string) {
			p.Events <- agent.ToolCall{ID: id, Name: name, Arguments: "{}", WantAnswer: true}
			synctest.Wait()
		}
		tool("1", "pause_recording")
		turn(private)
		tool("2", "resume_recording")
		turn("late") // may be of the pause
		if len(p.Knows()) != 0 {
			b.Errorf("the voice knows %q of a pause", p.Knows())
		}
		sent := len(hume.Clips())
		b.pass(3 * time.Second)
		turn("Bye.")
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		for i, e := range entries(r, calllog.KindCaller) {
			if last := i == 2; (e.EmotionsSource != "") != last {
				b.Errorf("turn %d: %+v", i, e)
			}
		}
		if sent > 1 || len(hume.Clips()) > 2 {
			b.Errorf("%d clips were sent, %d of them of a pause", len(hume.Clips()), sent)
		}
	})
}

// Whatever becomes of the service, the caller and the voice hear each other as before,
// and the call ends in time.
func TestACallDoesNotNoticeItsObserver(t *testing.T) {
	for _, backend := range []expression.Backend{expression.Decisions, expression.Measurement} {
		for _, mode := range expressiontest.Modes {
			t.Run(string(backend)+" "+mode.String(), func(t *testing.T) {
				var hume *expressiontest.Server
				openBubble(t, observed(backend, &hume, nil), func(b *bubble) {
					hume.Set(mode)
					c, p := b.connected()
					heard := len(p.Heard())
					said := angry.Say(3 * time.Second)
					c.Speak(said)
					b.pass(3100 * time.Millisecond)
					p.Events <- agent.CallerSaid{Text: "Where is my order?"}
					speaks(p, "a", "On its way.", sound(time.Second, 3))
					b.pass(1200 * time.Millisecond)
					if got := len(p.Heard()) - heard; got < len(said) {
						b.Errorf("the voice heard %d ms of 3 s", got/8)
					}
					if got := count(c.Heard(), 3); got < 990*time.Millisecond {
						b.Errorf("the caller heard %v of 1 s", got)
					}
					hung := time.Now()
					c.HangUp()
					<-c.Done()
					b.pass(0)
					b.pass(3 * time.Second)
					r := b.record(c)
					if r.Outcome != string(call.CallerHungUp) || r.EndedAt.Sub(hung) > time.Second {
						b.Errorf("outcome %s, %v late", r.Outcome, r.EndedAt.Sub(hung))
					}
					var notes []string
					for _, e := range entries(r, calllog.KindNote) {
						if strings.Contains(e.Text, "not every turn is measured") {
							notes = append(notes, e.Text)
						}
					}
					if len(notes) != 1 {
						b.Errorf("the log says %q", notes)
					}
				})
			})
		}
	}
}
