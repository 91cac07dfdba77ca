package demo

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/remind"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// placed begins a call that was placed, with an opening that is heard.
func placed(id string) *tape {
	l := allLines()
	t := &tape{e: &evidence{origin: time.Unix(1000, 0), picked: time.Unix(1000, 0).Add(-100 * time.Millisecond)}}
	t.e.log.ID, t.e.log.Opening = id, &calllog.Opening{Text: l.reminder.text, Complete: true}
	t.hears(l.reminder, len(l.reminder.pcm))
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.reminder.text, Heard: calllog.HeardFull})
	t.e.sent.mark = t.clock()
	return t
}

func (t *tape) over(outcome string) *evidence {
	t.e.heard = media.AppendEncodeULaw(nil, t.ear)
	t.e.log.Outcome, t.e.ended = outcome, t.clock()
	return t.e
}

func goodDana() *evidence {
	l := allLines()
	t := placed("dana")
	t.says(l.moveAppointment, t.now())
	t.e.agent.asked = t.clock()
	t.e.agent.answered, t.e.lookups = []time.Time{t.clock().Add(600 * time.Millisecond)}, 1
	t.logs(calllog.Entry{Kind: calllog.KindTool, Name: moveTool})
	t.replies(l.rescheduled, calllog.HeardFull, len(l.rescheduled.pcm))
	t.says(l.thanksGoodbye, t.now())
	t.replies(l.goodbye, calllog.HeardFull, len(l.goodbye.pcm))
	return t.over(calllog.OutcomeCallerHungUp)
}

func goodAlex() *evidence {
	l := allLines()
	t := placed("alex")
	t.replies(l.firstVisit[1], calllog.HeardPartly, samples(1800*time.Millisecond))
	t.says(l.stopCalling, t.now())
	t.e.agent.told = t.clock()
	t.e.timeline = append(t.e.timeline, twiliotest.Moment{At: t.now() + time.Millisecond, Event: twiliotest.Clear})
	t.logs(calllog.Entry{Kind: calllog.KindNote, Text: "stop"})
	t.hears(l.removed, len(l.removed.pcm))
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.removed.text, Heard: calllog.HeardFull})
	return t.over(calllog.OutcomeOptedOut)
}

// goodStories is the reminder script as it should go.
func goodStories() *stories {
	allowed := &consent.Decision{Outcome: consent.Allow, Results: []consent.Result{{Rule: "revoked", Status: consent.Pass}}}
	no := func(rules ...string) consent.Decision {
		d := consent.Decision{Outcome: consent.Deny}
		for _, r := range rules {
			d.Results = append(d.Results, consent.Result{Rule: r, Status: consent.Fail, Effect: consent.EffectBlock})
		}
		return d
	}
	samsNo, alexsNo := no("consent.missing", "revoked", "dnc.internal", "dnc.national", "reassigned"), no("revoked")
	s := &stories{play: &play{lines: allLines()}, dana: goodDana(), alex: goodAlex(), done: 100 * time.Millisecond, created: 2,
		reminder: server.Reminder{Status: remind.Done, CallIDs: []string{"dana"}}, rung: map[string]int{dana.number: 1, alex.number: 1, sam.number: 0},
		askSam:  asked{http.StatusForbidden, 5 * time.Millisecond, calllog.Call{}, samsNo},
		askAlex: asked{http.StatusAccepted, 5 * time.Millisecond, calllog.Call{}, *allowed}, askAgain: asked{http.StatusForbidden, 5 * time.Millisecond, calllog.Call{}, alexsNo},
		ledger: consent.VerifyResult{OK: true, Rows: 20, Head: "0123456789abcdef"}}
	told := s.alex.agent.told
	fact := func(kind consent.Type, seq int64, call string) consent.Fact {
		return consent.Fact{Type: kind, Seq: seq, CallID: call, RecordedAt: told.Add(time.Millisecond), Decision: allowed, PermitStatus: consent.PermitMinted}
	}
	s.facts = map[string][]consent.Fact{
		dana.number: {fact(consent.Decided, 1, "dana"), fact(consent.Permitted, 2, "dana"), fact(consent.Decided, 3, "dana"), fact(consent.OpeningPlayed, 4, "dana")},
		sam.number:  {fact(consent.Revoke, 5, ""), fact(consent.Decided, 6, "sam")},
		alex.number: {fact(consent.Decided, 7, "alex"), fact(consent.Permitted, 8, "alex"), fact(consent.Decided, 9, "alex"), fact(consent.OpeningPlayed, 10, "alex"),
			fact(consent.Revoke, 11, "alex"), fact(consent.DNCAdd, 12, "alex"), fact(consent.OptOutInCall, 13, "alex"), fact(consent.Decided, 14, "again")},
	}
	return s
}

func falseClaims(s *stories) (names []string) {
	for _, c := range reminderClaims(measureReminder(s)) {
		if !c.OK {
			names = append(names, c.Name)
		}
	}
	return names
}

func TestGoodReminder(t *testing.T) {
	s := goodStories()
	f := measureReminder(s)
	for _, c := range reminderClaims(f) {
		if !c.OK {
			t.Errorf("%s: %s", c.Text, c.Figure)
		}
	}
	if f.Stop.ClearMS != 1 || f.Stop.LedgerMS != 1 || f.Stop.HungUpMS < 1000 || f.Stop.HungUpMS > 1300 || f.Stop.HeardMS < 500 || f.Stop.HeardMS > 800 || f.Dana.FirstMS < 150 || f.Dana.FirstMS > 300 {
		t.Errorf("measured wrongly: %+v, first sound after %v ms", f.Stop, f.Dana.FirstMS)
	}
}

// Each defect is found, by the claims that it makes false and no other.
func TestBadReminders(t *testing.T) {
	l := allLines()
	forget := func(s *stories, kind consent.Type) {
		s.facts[alex.number] = slices.DeleteFunc(s.facts[alex.number], func(f consent.Fact) bool { return f.Type == kind })
	}
	for _, tt := range []struct {
		name  string
		spoil func(s *stories)
		want  []string
	}{
		{"Dana's script was left", func(s *stories) { s.dana.script = errors.New("nothing came") }, []string{"script"}},
		{"Alex's script was left", func(s *stories) { s.alex.script = errors.New("nothing came") }, []string{"script"}},
		{"the gate was slow", func(s *stories) { s.askSam.Took = time.Second }, []string{"decided"}},
		{"nobody asked again when it was answered", func(s *stories) { s.facts[dana.number] = slices.Delete(s.facts[dana.number], 2, 3) }, []string{"decided"}},
		{"Sam was rung", func(s *stories) { s.rung[sam.number], s.created = 1, 3 }, []string{"rung"}},
		{"Dana was rung twice", func(s *stories) { s.rung[dana.number], s.created = 2, 3 }, []string{"rung"}},
		{"a call had no permit", func(s *stories) { forget(s, consent.Permitted) }, []string{"rung"}},
		{"two seconds of silence after hello", func(s *stories) { s.alex.picked = s.alex.picked.Add(-2 * time.Second) }, []string{"first"}},
		{"an opening was not proved", func(s *stories) { s.alex.log.Opening.Complete = false }, []string{"opening"}},
		{"an opening has a hole", func(s *stories) { s.dana.heard = slices.Delete(s.dana.heard, 16000, 16480) }, []string{"opening", "heard"}},
		{"the ledger has no opening", func(s *stories) { forget(s, consent.OpeningPlayed) }, []string{"recorded"}},
		{"a word is lost", func(s *stories) { s.dana.received = slices.Delete(s.dana.received, 8000, 9600) }, []string{"words"}},
		{"the tool was called twice", func(s *stories) { s.dana.lookups = 2 }, []string{"tool"}},
		{"the reminder is not done", func(s *stories) { s.reminder.Status = remind.GaveUp }, []string{"reminder"}},
		{"the reminder took two calls", func(s *stories) { s.reminder.CallIDs = append(s.reminder.CallIDs, "x") }, []string{"reminder"}},
		{"Sam was only put off", func(s *stories) { s.askSam.Status = http.StatusConflict }, []string{"refused"}},
		{"Sam was told the first reason alone", func(s *stories) { s.askSam.Decision.Results = s.askSam.Decision.Results[:1] }, []string{"refused"}},
		{"the stop is not in the ledger", func(s *stories) { forget(s, consent.Revoke) }, []string{"ledger"}},
		{"the goodbye came before the ledger", func(s *stories) {
			for i := range s.facts[alex.number] {
				s.facts[alex.number][i].RecordedAt = s.alex.agent.told.Add(time.Second)
			}
		}, []string{"ledger"}},
		{"no clear came", func(s *stories) {
			s.alex.timeline = slices.DeleteFunc(s.alex.timeline, func(m twiliotest.Moment) bool { return m.Event == twiliotest.Clear })
		}, []string{"cleared"}},
		{"the agent was heard after the clear", func(s *stories) {
			at := samples(s.alex.agent.told.Sub(s.alex.origin))
			s.alex.heard = slices.Insert(s.alex.heard, at, l.firstVisit[2].ulaw[4000:12000]...)
		}, []string{"cleared"}},
		{"the goodbye was cut", func(s *stories) { s.alex.heard = s.alex.heard[:len(s.alex.heard)-4000] }, []string{"hung up", "heard"}},
		{"Alex was hung up on late", func(s *stories) { s.alex.ended = s.alex.ended.Add(time.Second) }, []string{"hung up"}},
		{"Alex hung up", func(s *stories) { s.alex.log.Outcome = calllog.OutcomeCallerHungUp }, []string{"hung up"}},
		{"Alex was called again", func(s *stories) { s.askAgain.Status, s.rung[alex.number], s.created = http.StatusAccepted, 2, 3 }, []string{"rung", "again"}},
		{"Alex was only put off", func(s *stories) { s.askAgain.Decision.Results[0].Rule = "frequency.policy" }, []string{"again"}},
		{"the log says heard of what was not", func(s *stories) { entry(s.alex, calllog.HeardPartly).Heard = calllog.HeardFull }, []string{"heard"}},
		{"an entry is missing", func(s *stories) { s.alex.log.Entries = slices.Delete(s.alex.log.Entries, 3, 4) }, []string{"log"}},
		{"a row was changed", func(s *stories) { s.ledger.OK = false }, []string{"chain"}},
		{"Twilio warned", func(s *stories) { s.alex.warnings = []string{"31951: not a JSON object"} }, []string{"faults"}},
		{"the API warned", func(s *stories) { s.apiFaults = []string{"a call was asked for that has no permit"} }, []string{"faults"}},
		{"EVI complained", func(s *stories) { s.dana.faults = []string{"E0101: unknown message type"} }, []string{"faults"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := goodStories()
			tt.spoil(s)
			if diff := cmp.Diff(tt.want, falseClaims(s)); diff != "" {
				t.Errorf("claims that are false (-want +got):\n%s", diff)
			}
		})
	}
}

// Where nothing happened, nothing is proved.
func TestNoReminder(t *testing.T) {
	s := &stories{play: &play{lines: allLines()}, dana: &evidence{}, alex: &evidence{}}
	got := falseClaims(s)
	if want := len(reminderClaims(reminderFigures{})) - 2; len(got) != want { // no script was left, and nobody complained
		t.Errorf("%d claims are false: %q; want %d", len(got), got, want)
	}
}
