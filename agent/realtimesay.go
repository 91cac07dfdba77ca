package agent

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// saying is a text to be spoken word for word. The wire has no command for it: the model is
// asked for it in an answer of its own, apart from the conversation, so that the caller's
// voice doesn't cancel it, and its transcript is compared. xAI has an item that is spoken
// as it is.
type saying struct {
	id      string
	text    string
	own     bool      // the model's own words, which it wrote in place of saying them
	sent    time.Time // zero until it was asked for
	beat    int       // of the call's wish
	bound   bool      // the answer that says it has begun
	dropped bool      // it is not to be heard any more
	tries   int
}

// sayings are spoken one after the other; the first has been asked for.
type sayings struct {
	list []*saying
	n    int
}

const (
	maxSayings  = 16               // that wait; of more the oldest are forgotten
	sayingBound = 10 * time.Second // so long one may take to begin
)

// metaSaying is the name of the pair by which we know an answer of ours again.
const metaSaying = "pc_say"

// byCall tells whether the call asked for it.
func (s *saying) byCall() bool { return s != nil && !s.own }

// Say speaks the text.
func (a *realtimeAgent) Say(text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.say(&saying{text: text})
}

func (a *realtimeAgent) say(s *saying) error {
	y := &a.sayings
	y.n++
	s.id, s.beat = strconv.Itoa(y.n), a.beat()
	if len(y.list) > 0 && !y.list[0].bound && !y.list[0].sent.IsZero() && time.Since(y.list[0].sent) > sayingBound {
		y.list = y.list[1:]
	}
	if len(y.list) >= maxSayings {
		y.list = slices.Delete(y.list, 1, 2)
	}
	y.list = append(y.list, s)
	return a.sayNext()
}

const speakExactly = "Speak exactly the words between the bars, in a warm voice, and nothing else. " +
	"Don't add, leave out or answer anything. "

// sayNext asks for the first saying, if that wasn't done.
func (a *realtimeAgent) sayNext() error {
	y := &a.sayings
	if len(y.list) == 0 || !y.list[0].sent.IsZero() {
		return nil
	}
	s := y.list[0]
	s.sent = time.Now()
	if a.traits.Say == realtime.SayForceMessage {
		return a.send(realtime.ItemCreate{Item: realtime.ForceMessage(s.text, false)})
	}
	return a.send(realtime.ResponseCreate{Response: &realtime.ResponseConfig{
		Conversation: realtime.ConversationNone, Input: []realtime.Item{},
		OutputModalities: []realtime.Modality{realtime.ModalityAudio}, ToolChoice: realtime.ToolChoice{Mode: realtime.ToolNone},
		Metadata: map[string]string{metaSaying: s.id}, Instructions: speakExactly + "|" + strings.ReplaceAll(s.text, "|", " ") + "|"}})
}

// of is the saying that an answer which begins is about, if it is about one. Asked says that
// another answer was asked for, and forced that sayings are written to the conversation.
// Servers that don't tell are taken to begin what they were asked for.
func (y *sayings) of(r realtime.Response, asked, forced bool) *saying {
	if len(y.list) == 0 || y.list[0].sent.IsZero() || y.list[0].bound {
		return nil
	}
	s := y.list[0]
	switch id, named := r.Metadata[metaSaying]; {
	case named && id != s.id, !named && asked, !named && !forced && r.ConversationID != "":
		return nil
	}
	s.bound = true
	return s
}

// drop forgets what waits, and marks what was asked for, up to a beat.
func (y *sayings) drop(upTo int) {
	y.list = slices.DeleteFunc(y.list, func(s *saying) bool {
		if s.beat > upTo {
			return false
		}
		s.dropped = true
		return s.sent.IsZero()
	})
}

// said takes the end of an answer that was a saying.
func (a *realtimeAgent) said(r *answer, failed bool) {
	s, y := r.saying, &a.sayings
	y.list = slices.DeleteFunc(y.list, func(x *saying) bool { return x == s })
	var words []string
	for _, p := range r.parts {
		words = append(words, string(p.text))
	}
	heard := strings.Join(words, " ")
	switch {
	case r.dropped: // Interrupt has told the conversation of it
	case failed && s.tries == 0:
		s.tries, s.sent, s.bound = 1, time.Time{}, false
		y.list = slices.Insert(y.list, 0, s)
	case !s.own:
		if r.apart && heard != "" {
			_ = a.post(realtime.AssistantText(heard), false)
		}
		a.emit(Spoken{Exact: sameWords(heard, s.text)})
	}
	_ = a.sayNext()
}

// heardOfSaying tells the conversation how much was heard of what was said apart from it.
func (a *realtimeAgent) heardOfSaying(p *part, played time.Duration) error {
	words := firstWords(string(p.text), played, a.received(p))
	running := a.answers.running[p.answer.id] != nil
	switch {
	case running && words == "":
		return nil
	case running:
		return a.post(realtime.AssistantText(words), false)
	case words == "":
		return a.post(realtime.SystemText("The caller heard nothing of your last words: "+quoted(string(p.text))), false)
	}
	return a.post(realtime.SystemText("Of your last words the caller heard only: "+quoted(words)), false)
}
