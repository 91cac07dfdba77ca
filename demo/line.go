package demo

import (
	"embed"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/media"
)

//go:embed audio/caller/*.wav audio/agent/*.wav audio/bridge/*.wav
var clips embed.FS

// line is a sentence that is spoken on the call. Its sound is ready in the three forms
// that the two ends need.
type line struct {
	text string
	wide []int16 // at wideRate, as EVI speaks
	ulaw []byte  // as the telephone carries it
	pcm  []int16 // what is left of it then: ulaw, decoded
}

// wideRate is EVI's, in Hz (Hume's EVI reference, audio_output).
const wideRate = 48000

// length is how long the line takes to say.
func (l *line) length() time.Duration { return span(len(l.pcm)) }

// lines are all that is ever said.
type lines struct {
	// The agent's. firstVisit is a clip of several sentences, cut in the pauses between
	// them: EVI, too, speaks sentence by sentence.
	greeting, askNumber, lookingUp, orderStatus, stillThere, goodbye *line
	firstVisit                                                       []*line
	reminder, rescheduled                                            *line

	// The caller's.
	orderWhere, orderNumber, readAgain, thanksGoodbye *line
	moveAppointment, stopCalling                      *line

	// What the bridge itself says to whoever has opted out.
	removed *line
}

// callers are those that the agent has to understand.
func (l *lines) callers() []*line {
	return []*line{l.orderWhere, l.orderNumber, l.readAgain, l.thanksGoodbye, l.moveAppointment, l.stopCalling}
}

// allLines makes the lines once; it takes some tenths of a second.
var allLines = sync.OnceValue(func() *lines {
	l := &lines{}
	one := func(clip, text string) *line { return cut(clip, sentence{text: text})[0] }
	l.greeting = one("agent/greeting", "Thanks for calling Riverbend Dental. I'm an AI assistant, and this call is recorded. How can I help?")
	l.askNumber = one("agent/ask-order-number", "Sure, what's the order number?")
	l.lookingUp = one("agent/looking-up", "One moment while I look that up.")
	l.orderStatus = one("agent/order-status", "Order A seventeen shipped on Tuesday and should arrive by Friday.")
	l.firstVisit = cut("agent/monologue",
		sentence{"Before I book that, here is how a first visit works.", 3150 * time.Millisecond},
		sentence{"Please come ten minutes early and bring your insurance card.", 6680 * time.Millisecond},
		sentence{"The dentist will take a few pictures and clean your teeth.", 10250 * time.Millisecond},
		sentence{text: "Most people are done within an hour."})
	l.stillThere = one("agent/still-there", "Are you still there?")
	l.goodbye = one("agent/goodbye", "You're welcome. Goodbye!")
	l.reminder = one("agent/outbound-reminder", "This is Riverbend Dental calling with an AI voice. Press nine at any time to stop these calls. "+
		"I'm an AI assistant, and this call is recorded. I'm calling to remind you of your appointment tomorrow at ten.")
	l.rescheduled = one("agent/rescheduled", "Your appointment is now Thursday at two in the afternoon.")

	l.orderWhere = one("caller/order-where", "Hi, I'd like to know where my order is.")
	l.orderNumber = one("caller/order-number", "The order number is A seventeen.")
	l.readAgain = one("caller/read-again", "Wait, actually, can you read that again?")
	l.thanksGoodbye = one("caller/thanks-goodbye", "Great, thank you. Goodbye.")
	l.moveAppointment = one("caller/move-appointment", "Can we move my appointment to Thursday afternoon?")
	l.stopCalling = one("caller/stop-calling", "Please stop calling me.")

	l.removed = one("bridge/removed", "I've removed you from our list.")
	return l
})

// sentence is a part of a clip.
type sentence struct {
	text string
	ends time.Duration // from the clip's beginning; 0 is its end
}

// cut makes the lines of a clip, one for each sentence.
func cut(clip string, sentences ...sentence) []*line {
	raw, rate, err := readClip(clip)
	if err != nil {
		panic(fmt.Sprintf("internal error: demo: the clip %s: %v", clip, err))
	}
	var all []*line
	begins := 0
	for _, s := range sentences {
		ends := len(raw)
		if s.ends > 0 {
			ends = int(s.ends * time.Duration(rate) / time.Second)
		}
		l := &line{text: s.text}
		part := raw[begins:ends]
		narrow, err := media.Convert(part, rate, media.Rate)
		if err == nil {
			l.wide, err = media.Convert(part, rate, wideRate)
		}
		if err != nil {
			panic(fmt.Sprintf("internal error: demo: the clip %s: %v", clip, err))
		}
		// Whole samples of the telephone: or the sentence behind it would come shifted by
		// a part of one, and be another sound to whoever compares them.
		l.wide = append(l.wide, make([]int16, max(0, len(narrow)*wideRate/media.Rate-len(l.wide)))...)
		l.ulaw = media.AppendEncodeULaw(nil, narrow)
		l.pcm = media.AppendDecodeULaw(nil, l.ulaw)
		all = append(all, l)
		begins = ends
	}
	return all
}

// readClip reads an embedded clip, which is mono.
func readClip(name string) (pcm []int16, rate int, err error) {
	b, err := clips.ReadFile("audio/" + name + ".wav")
	if err != nil {
		return nil, 0, err
	}
	w, err := media.ParseWAV(b)
	if err != nil {
		return nil, 0, err
	}
	return decode(w.Data), w.Rate, nil
}
