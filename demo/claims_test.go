package demo

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// tape is a call put together by hand: what a good bridge would have made of it.
type tape struct {
	e   *evidence
	ear []int16 // what the caller heard
}

// goodCall has one of everything that the claims look at: an opening that the caller
// talks into, a tool, an interruption, a lost agent, one that is replaced, a goodbye.
func goodCall() *evidence {
	l := allLines()
	t := &tape{e: &evidence{origin: time.Unix(1000, 0)}}
	t.e.log.Opening = &calllog.Opening{Text: l.greeting.text, Complete: true}
	t.hears(l.greeting, len(l.greeting.pcm))
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.greeting.text, Heard: calllog.HeardFull})
	t.e.sent.marks = []time.Time{t.e.origin.Add(time.Second), t.clock()}
	t.says(l.orderWhere, t.now()-time.Second)

	t.e.agent.asked = t.clock()
	t.e.agent.answered = []time.Time{t.clock().Add(600 * time.Millisecond)}
	t.e.lookups = 1
	t.logs(calllog.Entry{Kind: calllog.KindTool, Name: orderTool})
	t.replies(l.orderStatus, calllog.HeardFull, len(l.orderStatus.pcm))
	t.replies(l.firstVisit[0], calllog.HeardPartly, samples(1800*time.Millisecond))
	t.e.agent.interrupted = t.clock()
	t.e.timeline = append(t.e.timeline, twiliotest.Moment{At: t.now() + time.Millisecond, Event: twiliotest.Clear})
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.firstVisit[1].text, Heard: calllog.HeardNo})
	t.e.agent.replies = append(t.e.agent.replies, reply{l.firstVisit[1], t.e.agent.interrupted.Add(-time.Second)})
	t.logs(calllog.Entry{Kind: calllog.KindInterruption})
	t.says(l.readAgain, t.now())
	t.replies(l.orderStatus, calllog.HeardFull, len(l.orderStatus.pcm))

	t.e.agent.group, t.e.log.ChatGroupID, t.e.log.ChatIDs = "g", "g", []string{"1", "2", "3"}
	t.e.agent.lost = t.away(voiceEVI, voiceEVI)
	t.e.agent.lost.resumed = true
	t.replies(l.stillThere, calllog.HeardFull, len(l.stillThere.pcm))
	t.says(l.thanksGoodbye, t.now())
	t.e.agent.replaced = t.away(voiceEVI, voiceRealtime)
	t.replies(l.goodbye, calllog.HeardFull, len(l.goodbye.pcm))
	t.e.log.Voice, t.e.log.Voices = voiceEVI, []string{voiceEVI, voiceRealtime}
	t.e.log.Outcome = calllog.OutcomeCallerHungUp
	t.e.heard = media.AppendEncodeULaw(nil, t.ear)
	return t.e
}

// away is a time without an agent, in which the caller is held.
func (t *tape) away(from, to string) gap {
	g := gap{from: from, to: to, begin: t.clock(), end: t.clock().Add(1800 * time.Millisecond), knew: len(t.e.lines)}
	t.hears(allLines().lookingUp, len(allLines().lookingUp.pcm)) // for a holding line
	t.logs(calllog.Entry{Kind: calllog.KindReconnect, Voice: to})
	return g
}

func (t *tape) now() time.Duration      { return timeOf(len(t.ear)/frame - 1) }
func (t *tape) clock() time.Time        { return t.e.origin.Add(t.now()) }
func (t *tape) logs(e calllog.Entry)    { t.e.log.Entries = append(t.e.log.Entries, e) }
func (t *tape) hears(l *line, upTo int) { t.ear = wholeFrames(append(t.ear, l.pcm[:upTo]...)) }
func wholeFrames(pcm []int16) []int16 {
	return append(pcm, make([]int16, (frame-len(pcm)%frame)%frame)...)
}
func (t *tape) silence(d time.Duration) { t.ear = append(t.ear, make([]int16, samples(d))...) }
func (t *tape) arrives(at time.Duration) {
	t.e.arrivals = append(t.e.arrivals, arrival{len(t.e.received), t.e.origin.Add(at)})
}

// replies is a line of the agent of which so much is heard, half a millisecond after it
// was sent.
func (t *tape) replies(l *line, h calllog.Heard, upTo int) {
	t.silence(200 * time.Millisecond)
	t.e.agent.replies = append(t.e.agent.replies, reply{l, t.clock()})
	t.e.timeline = append(t.e.timeline, twiliotest.Moment{At: t.now() + time.Millisecond/2, Event: twiliotest.Media, Bytes: upTo})
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.text, Heard: h})
	t.hears(l, upTo)
}

// says is a line of the caller that begins at a time and reaches the agent frame by frame,
// a millisecond after it was sent, or when the opening is over.
func (t *tape) says(l *line, begin time.Duration) {
	t.e.lines = append(t.e.lines, l)
	t.e.agent.understood = append(t.e.agent.understood, l)
	first := frameAt(begin) + 1
	t.e.said = append(t.e.said, make([]byte, max(0, first*frame-len(t.e.said)))...)
	t.e.said = append(t.e.said, l.ulaw...)
	for n := len(t.e.sent.frames); n <= len(t.e.said)/frame; n++ {
		t.e.sent.frames = append(t.e.sent.frames, t.e.origin.Add(timeOf(n)))
	}
	for i := 0; i < len(l.pcm); i += frame {
		t.e.received = append(t.e.received, l.pcm[i:min(i+frame, len(l.pcm))]...)
		t.arrives(max(timeOf(first+i/frame), t.e.sent.marks[1].Sub(t.e.origin)) + time.Millisecond)
	}
	t.silence(max(0, timeOf(first)+l.length()-t.now()))
	t.silence(600 * time.Millisecond)
	t.logs(calllog.Entry{Kind: calllog.KindCaller, Text: l.text})
}

func TestGoodCall(t *testing.T) {
	f := measureSupport(goodCall(), allLines())
	for _, c := range supportClaims(f) {
		if !c.OK {
			t.Errorf("%s: %s", c.Text, c.Figure)
		}
	}
	if f.Uplink.P50 != 1 || f.Downlink.P50 != 0.5 || f.ClearMS != 1 || f.SilentMS > 40 || f.Kept < 0.9 || f.Kept > 1.1 || f.PhoneLateMS != 0 {
		t.Errorf("measured wrongly: %+v", f)
	}
}

// Each defect is found, by the claims that it makes false and no other.
func TestBadCalls(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(e *evidence)
		want  []string
	}{
		{"the script was left", func(e *evidence) { e.script = errors.New("the agent listens: nothing came") }, []string{"script"}},
		{"the opening was not proved", func(e *evidence) { e.log.Opening.Complete = false }, []string{"opening"}},
		{"the opening has a hole", func(e *evidence) { e.heard = slices.Delete(e.heard, 16000, 16480) }, []string{"opening", "heard"}},
		{"the caller was passed on too soon", func(e *evidence) { e.arrivals[0].at = e.origin.Add(time.Second) }, []string{"opening", "kept"}},
		{"a word is lost", func(e *evidence) { e.received = slices.Delete(e.received, 16000, 17600) }, []string{"words"}},
		{"a word is not in the log", func(e *evidence) { e.log.Entries[1].Text = "Hi." }, []string{"words"}},
		{"the tool was called twice", func(e *evidence) { e.lookups = 2 }, []string{"tool"}},
		{"the tool was answered twice", func(e *evidence) { e.agent.answered = append(e.agent.answered, e.origin) }, []string{"tool"}},
		{"no clear came", func(e *evidence) {
			e.timeline = slices.DeleteFunc(e.timeline, func(m twiliotest.Moment) bool { return m.Event == twiliotest.Clear })
		}, []string{"cleared", "silent"}},
		{"the clear came late", func(e *evidence) { moment(e, twiliotest.Clear).At += time.Second }, []string{"cleared"}},
		{"stale sound came after the clear", func(e *evidence) {
			e.timeline = append(e.timeline, twiliotest.Moment{At: moment(e, twiliotest.Clear).At + time.Millisecond, Event: twiliotest.Media, Bytes: 160})
		}, []string{"cleared"}},
		{"a new conversation was begun", func(e *evidence) { e.log.ChatGroupID = "other" }, []string{"resumed"}},
		{"nothing was given to who came back", func(e *evidence) { e.agent.lost.resumed, e.agent.lost.knew = false, 0 }, []string{"resumed"}},
		{"the agent never came back", func(e *evidence) { e.agent.lost.end = time.Time{} }, []string{"resumed", "held"}},
		{"no other voice came", func(e *evidence) { e.agent.replaced.end = time.Time{} }, []string{"replaced", "knew", "held"}},
		{"the other voice came late", func(e *evidence) { e.agent.replaced.end = e.agent.replaced.begin.Add(6 * time.Second) }, []string{"replaced"}},
		{"a line was not given to it", func(e *evidence) { e.agent.replaced.knew-- }, []string{"knew"}},
		{"the log doesn't have it", func(e *evidence) { e.log.Voices = e.log.Voices[:1] }, []string{"replaced", "knew"}},
		{"a connection too many", func(e *evidence) { e.log.ChatIDs = append(e.log.ChatIDs, "4") }, []string{"resumed", "replaced", "knew"}},
		{"the caller is not held", func(e *evidence) {
			at := samples(e.agent.replaced.begin.Sub(e.origin))
			for i := range allLines().lookingUp.pcm {
				e.heard[at+i] = media.Silence
			}
		}, []string{"held"}},
		{"the log says heard of what was not", func(e *evidence) { entry(e, calllog.HeardNo).Heard = calllog.HeardFull }, []string{"heard"}},
		{"the log says not heard of what was", func(e *evidence) { entry(e, calllog.HeardFull).Heard = calllog.HeardNo }, []string{"heard"}},
		{"the log has other words", func(e *evidence) { entry(e, calllog.HeardPartly).Text = "Something else." }, []string{"heard"}},
		{"the log has half of what was heard in full", func(e *evidence) { entry(e, calllog.HeardFull).Text = "Order A" }, []string{"heard"}},
		{"the log has half of what was cut", func(e *evidence) { entry(e, calllog.HeardNo).Text = "Please come" }, nil},
		{"frames came late", func(e *evidence) {
			for i := range e.arrivals {
				e.arrivals[i].at = e.arrivals[i].at.Add(50 * time.Millisecond)
			}
		}, []string{"uplink"}},
		{"an entry is missing", func(e *evidence) {
			e.log.Entries = slices.DeleteFunc(e.log.Entries, func(e calllog.Entry) bool { return e.Kind == calllog.KindInterruption })
		}, []string{"cleared", "silent", "log"}},
		{"the outcome is wrong", func(e *evidence) { e.log.Outcome = calllog.OutcomeFailed }, []string{"log"}},
		{"Twilio warned", func(e *evidence) { e.warnings = []string{"31951: not a JSON object"} }, []string{"faults"}},
		{"a voice complained", func(e *evidence) { e.faults = []string{"E0101: unknown message type"} }, []string{"faults"}},
		{"there is nothing at all", func(e *evidence) { *e = evidence{} }, []string{"opening", "kept", "words", "tool", "cleared", "silent",
			"resumed", "replaced", "knew", "held", "heard", "uplink", "downlink", "log"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := goodCall()
			tt.spoil(e)
			var got []string
			for _, c := range supportClaims(measureSupport(e, allLines())) {
				if !c.OK {
					got = append(got, c.Name)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("claims that are false (-want +got):\n%s", diff)
			}
		})
	}
}

// moment is the first of its kind.
func moment(e *evidence, kind twiliotest.Event) *twiliotest.Moment {
	i := slices.IndexFunc(e.timeline, func(m twiliotest.Moment) bool { return m.Event == kind })
	return &e.timeline[i]
}

// entry is the first sentence of the agent, behind the opening, that the log says was
// heard so far.
func entry(e *evidence, h calllog.Heard) *calllog.Entry {
	i := slices.IndexFunc(e.log.Entries[1:], func(e calllog.Entry) bool { return e.Kind == calllog.KindAgent && e.Heard == h })
	return &e.log.Entries[1+i]
}
