package call

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// happens is what the agent's side reports at a time after its reply began, ms.
type happens struct {
	at    int
	event agent.Event
}

const replied = "We have Monday at nine, Tuesday at two, and Friday at four."

// reply is a reply of four seconds, no two of which sound alike.
func reply() []byte {
	ulaw := make([]byte, 4000*leg.BytesPerMS)
	for i := range ulaw {
		ulaw[i] = byte(i / leg.BytesPerMS / 20)
	}
	return ulaw
}

func words(at int, text string) happens {
	return happens{at, agent.CallerSaid{Text: text, Interim: true}}
}

// Who may speak: how much is heard of a reply that was sent at once, by what is reported of
// the caller, when, and the settings.
func TestInterruptions(t *testing.T) {
	t.Parallel()
	speaks, stops := agent.CallerSpeaks{}, agent.CallerStopped{}
	turn := func(text string) agent.CallerSaid { return agent.CallerSaid{Turn: "u", Text: text} }
	for name, c := range map[string]struct {
		before   agent.Event // before the reply
		settings Interruption
		steps    []happens
		heard    int // ms of the reply
		resumed  bool
	}{
		"back-channels":                   {steps: []happens{words(500, "mhm"), words(900, "mhm okay"), words(1500, "mhm okay yeah right sure")}, heard: 4000},
		"one word":                        {steps: []happens{words(500, "But")}, heard: 4000},
		"two words":                       {steps: []happens{words(500, "But"), words(800, "But I")}, heard: 800},
		"one that asks to wait":           {steps: []happens{words(500, "Wait")}, heard: 500},
		"one in Spanish":                  {steps: []happens{words(500, "Espere")}, heard: 500},
		"one word is enough":              {settings: Interruption{Words: 1}, steps: []happens{words(500, "But")}, heard: 500},
		"four words are not yet there":    {settings: Interruption{Words: 4}, steps: []happens{words(500, "But what about")}, heard: 4000},
		"four words":                      {settings: Interruption{Words: 4}, steps: []happens{words(500, "But what about Thursday")}, heard: 500},
		"words of the turn before":        {before: agent.CallerSaid{Text: "Where is my order?"}, steps: []happens{words(400, "Where is my")}, heard: 4000},
		"words that go on from them":      {before: agent.CallerSaid{Text: "Where is", Interim: true}, steps: []happens{words(400, "Where is my order")}, heard: 4000},
		"the same words, much later":      {before: agent.CallerSaid{Text: "Where is my order?"}, steps: []happens{words(2500, "Where is")}, heard: 2500},
		"all words, of a voice that cuts": {steps: []happens{{500, agent.CallerSaid{Text: "Where is it now?"}}}, heard: 4000},
		"the voice's own verdict":         {steps: []happens{{500, agent.Interrupted{}}}, heard: 500},
		"words of a turn that is over": {before: agent.CallerTurn{Turn: "u"}, steps: []happens{
			{300, agent.CallerSaid{Turn: "u", Text: "Where is", Interim: true}}, {400, turn("Where is my order?")}}, heard: 4000},
		"the same, of a voice that reports speech": {before: agent.CallerTurn{Turn: "u"}, steps: []happens{
			{10, speaks}, {20, stops}, {300, agent.CallerSaid{Turn: "u", Text: "Where is", Interim: true}}, {400, turn("Where is my order?")}}, heard: 4000},
		"a turn said over it":                 {steps: []happens{{500, speaks}, {600, stops}, {610, agent.CallerTurn{Turn: "u"}}, {900, turn("No, Thursday")}}, heard: 900},
		"a cough":                             {steps: []happens{{500, speaks}, {650, stops}}, heard: 4000},
		"speech":                              {steps: []happens{{500, speaks}}, heard: 700},
		"speech, said twice":                  {steps: []happens{{500, speaks}, {650, speaks}}, heard: 700},
		"speech, for longer":                  {settings: Interruption{After: 500 * time.Millisecond}, steps: []happens{{500, speaks}, {950, stops}}, heard: 4000},
		"speech and a word":                   {steps: []happens{{500, speaks}, words(550, "Wait")}, heard: 550},
		"nothing after speech":                {steps: []happens{{500, speaks}, {800, stops}}, heard: 4000, resumed: true},
		"nothing, and nothing is to resume":   {settings: Interruption{NoResume: true}, steps: []happens{{500, speaks}, {800, stops}}, heard: 700},
		"a back-channel after speech":         {steps: []happens{{500, speaks}, {800, stops}, {810, agent.CallerTurn{Turn: "u"}}, {1000, turn("Mhm.")}}, heard: 4000, resumed: true},
		"a turn without words after speech":   {steps: []happens{{500, speaks}, {800, stops}, {1000, agent.CallerSaid{Turn: "u", Failed: true}}}, heard: 4000, resumed: true},
		"words after speech":                  {steps: []happens{{500, speaks}, {800, stops}, {810, agent.CallerTurn{Turn: "u"}}, {2000, turn("What about Thursday?")}}, heard: 700},
		"the caller speaks on":                {steps: []happens{{500, speaks}, {800, stops}, {1000, speaks}}, heard: 700},
		"another reply after speech":          {steps: []happens{{500, speaks}, {800, stops}, {1200, agent.Audio{Segment: "b", ULaw: legtest.Tone(100, 255)}}}, heard: 700},
		"the voice's verdict after speech":    {steps: []happens{{500, speaks}, {800, stops}, {1200, agent.Interrupted{}}}, heard: 700},
		"words that come when it has resumed": {steps: []happens{{500, speaks}, {800, stops}, {810, agent.CallerTurn{Turn: "u"}}, {2800, turn("What about Thursday?")}}, heard: 1200, resumed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			h.c.profile.Interruption = c.settings
			h.pass(time.Second)
			if c.before != nil {
				h.does(c.before)
			}
			began, ulaw := h.now, reply()
			h.does(agent.AgentSaid{Segment: "a", Text: replied})
			h.does(agent.Audio{Segment: "a", ULaw: ulaw})
			h.does(agent.SegmentEnd{Segment: "a"})
			h.does(agent.TurnEnd{})
			for _, s := range c.steps {
				h.until(began.Add(legtest.Ms(s.at)))
				h.does(s.event)
			}
			h.until(began.Add(10 * time.Second))
			heard := bytes.TrimSuffix(h.ear.Played, legtest.Tone(100, 255))
			if !bytes.Equal(heard, ulaw[:min(len(heard), len(ulaw))]) || len(heard) != c.heard*leg.BytesPerMS {
				t.Errorf("%d ms are heard, without a gap: %t; want the first %d", len(heard)/leg.BytesPerMS, bytes.HasPrefix(ulaw, heard), c.heard)
			}
			if told := h.agent.Cuts(); c.heard < 4000 && told[len(told)-1] != nil && told[len(told)-1][0].Played != legtest.Ms(c.heard) {
				t.Errorf("the agent has heard of %v", told)
			}
			log := h.written(t)
			cuts := 0
			for _, e := range log {
				if e.Kind == calllog.KindInterruption {
					cuts++
				}
			}
			if cut := c.heard < 4000 || c.resumed; (cuts > 0) != cut || (h.ear.Clears > 0) != cut || (h.agent.Interrupts() > 0) != cut {
				t.Errorf("%d interruptions in the log, %d clears, the agent has heard of %d", cuts, h.ear.Clears, h.agent.Interrupts())
			}
			if i := slices.IndexFunc(log, func(e calllog.Entry) bool { return e.Text == replied }); log[i].Heard != map[bool]calllog.Heard{true: calllog.HeardFull, false: calllog.HeardPartly}[c.heard == 4000] {
				t.Errorf("the log has %+v", log[i])
			}
			if after := slices.ContainsFunc(h.agent.Knows(), func(s string) bool { return strings.HasPrefix(s, "You were not interrupted after all") }); after != c.resumed {
				t.Errorf("the agent knows %q", h.agent.Knows())
			}
		})
	}
}

// When all was heard, a turn of the caller's cuts nothing.
func TestNothingToCut(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(500, 1)})
	h.does(agent.SegmentEnd{Segment: "a"})
	h.does(agent.TurnEnd{})
	h.pass(time.Second)
	h.does(agent.CallerSpeaks{})
	h.pass(time.Second)
	h.does(agent.CallerSaid{Text: "Wait a moment", Interim: true})
	h.does(agent.Interrupted{})
	h.pass(time.Second)
	if log := h.written(t); len(log) != 1 || h.ear.Clears > 0 || len(h.agent.Knows()) > 0 {
		t.Errorf("%d clears, the agent knows %q, the log has %+v", h.ear.Clears, h.agent.Knows(), log)
	}
}

// A tool that an interruption stops is stopped when that is no mistake.
func TestMistakeStopsNoTool(t *testing.T) {
	t.Parallel()
	for text, stopped := range map[string]bool{"Mhm.": false, "What about Thursday?": true} {
		h := newHand(t, Limits{}, nil)
		h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(4000, 1)})
		var cause error
		h.c.errands.running = append(h.c.errands.running, &errand{cancel: func(why error) { cause = why }})
		h.c.errands.running[0].info.CancelOnInterruption = true
		h.pass(legtest.Ms(500))
		h.does(agent.CallerSpeaks{})
		h.pass(legtest.Ms(300))
		if h.ear.Clears != 1 || cause != nil {
			t.Errorf("%q: %d clears, the tool is stopped: %v", text, h.ear.Clears, cause)
		}
		h.does(agent.CallerStopped{})
		h.does(agent.CallerSaid{Turn: "u", Text: text})
		if (cause != nil) != stopped {
			t.Errorf("%q: the tool is stopped: %v, want %t", text, cause, stopped)
		}
		h.c.errands.running = nil
	}
}

// What was cut by mistake before the agent had sent all of it is asked for again.
func TestMistakeInMidReply(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(2000, 1)})
	h.pass(legtest.Ms(500))
	h.does(agent.CallerSpeaks{})
	h.pass(legtest.Ms(300))
	h.does(agent.CallerStopped{})
	h.pass(5 * time.Second)
	if len(h.ear.Played) != 2000*leg.BytesPerMS || !slices.Contains(h.agent.Told(), tellGoOn) {
		t.Errorf("%d bytes are heard, the agent is told %q", len(h.ear.Played), h.agent.Told())
	}
}
