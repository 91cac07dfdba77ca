package demo

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

func falseClaims(f reminderFigures) (names []string) {
	for _, c := range reminderClaims(f) {
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

// Each defect of a call is found, by the claims that it makes false and no other.
func TestBadReminderCalls(t *testing.T) {
	l := allLines()
	measured := measureCalls(goodStories())
	for _, tt := range []struct {
		name  string
		again func(*calls, *stories) // measures the call that was spoilt
		spoil func(s *stories)
		want  []string
	}{
		{"Dana's script was left", (*calls).ofDana, func(s *stories) { s.dana.script = errors.New("nothing came") }, []string{"script"}},
		{"Alex's script was left", (*calls).ofAlex, func(s *stories) { s.alex.script = errors.New("nothing came") }, []string{"script"}},
		{"two seconds of silence after hello", (*calls).ofAlex, func(s *stories) { s.alex.picked = s.alex.picked.Add(-2 * time.Second) }, []string{"first"}},
		{"an opening was not proved", (*calls).ofAlex, func(s *stories) { s.alex.log.Opening.Complete = false }, []string{"opening"}},
		{"an opening has a hole", (*calls).ofDana, func(s *stories) { s.dana.heard = slices.Delete(s.dana.heard, 16000, 16480) }, []string{"opening", "heard"}},
		{"a word is lost", (*calls).ofDana, func(s *stories) { s.dana.received = slices.Delete(s.dana.received, 8000, 9600) }, []string{"words"}},
		{"the tool was called twice", (*calls).ofDana, func(s *stories) { s.dana.lookups = 2 }, []string{"tool"}},
		{"no clear came", (*calls).ofAlex, func(s *stories) {
			s.alex.timeline = slices.DeleteFunc(s.alex.timeline, func(m twiliotest.Moment) bool { return m.Event == twiliotest.Clear })
		}, []string{"cleared"}},
		{"the agent was heard after the clear", (*calls).ofAlex, func(s *stories) {
			at := samples(s.alex.agent.told.Sub(s.alex.origin))
			s.alex.heard = slices.Insert(s.alex.heard, at, l.firstVisit[2].ulaw[4000:12000]...)
		}, []string{"cleared"}},
		{"the goodbye was cut", (*calls).ofAlex, func(s *stories) { s.alex.heard = s.alex.heard[:len(s.alex.heard)-4000] }, []string{"hung up", "heard"}},
		{"Alex was hung up on late", (*calls).ofAlex, func(s *stories) { s.alex.ended = s.alex.ended.Add(time.Second) }, []string{"hung up"}},
		{"Alex hung up", (*calls).ofAlex, func(s *stories) { s.alex.log.Outcome = calllog.OutcomeCallerHungUp }, []string{"hung up"}},
		{"the log says heard of what was not", (*calls).ofAlex, func(s *stories) { entry(s.alex, calllog.HeardPartly).Heard = calllog.HeardFull }, []string{"heard"}},
		{"an entry is missing", (*calls).ofAlex, func(s *stories) { s.alex.log.Entries = slices.Delete(s.alex.log.Entries, 3, 4) }, []string{"log"}},
		{"the stop is not in the ledger", (*calls).ofAlex, func(s *stories) { s.forget(consent.Revoke) }, []string{"ledger"}},
		{"the goodbye came before the ledger", (*calls).ofAlex, func(s *stories) {
			for i := range s.facts[alex.number] {
				s.facts[alex.number][i].RecordedAt = s.alex.agent.told.Add(time.Second)
			}
		}, []string{"ledger"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := goodStories()
			tt.spoil(s)
			c := measured
			tt.again(&c, s)
			if diff := cmp.Diff(tt.want, falseClaims(s.figures(c))); diff != "" {
				t.Errorf("claims that are false (-want +got):\n%s", diff)
			}
		})
	}
}

// And so is each defect of all else.
func TestBadStories(t *testing.T) {
	measured := measureCalls(goodStories())
	for _, tt := range []struct {
		name  string
		spoil func(s *stories)
		want  []string
	}{
		{"the gate was slow", func(s *stories) { s.askSam.Took = time.Second }, []string{"decided"}},
		{"nobody asked again when it was answered", func(s *stories) { s.facts[dana.number] = slices.Delete(s.facts[dana.number], 2, 3) }, []string{"decided"}},
		{"Sam was rung", func(s *stories) { s.rung[sam.number], s.created = 1, 3 }, []string{"rung"}},
		{"Dana was rung twice", func(s *stories) { s.rung[dana.number], s.created = 2, 3 }, []string{"rung"}},
		{"a call had no permit", func(s *stories) { s.forget(consent.Permitted) }, []string{"rung"}},
		{"the ledger has no opening", func(s *stories) { s.forget(consent.OpeningPlayed) }, []string{"recorded"}},
		{"the reminder is not done", func(s *stories) { s.reminder.Status = api.ReminderGaveUp }, []string{"reminder"}},
		{"the reminder took two calls", func(s *stories) { s.reminder.CallIDs = append(s.reminder.CallIDs, "x") }, []string{"reminder"}},
		{"Sam was only put off", func(s *stories) { s.askSam.Status = http.StatusConflict }, []string{"refused"}},
		{"Sam was told the first reason alone", func(s *stories) { s.askSam.Decision.Results = s.askSam.Decision.Results[:1] }, []string{"refused"}},
		{"Alex was called again", func(s *stories) { s.askAgain.Status, s.rung[alex.number], s.created = http.StatusAccepted, 2, 3 }, []string{"rung", "again"}},
		{"Alex was only put off", func(s *stories) { s.askAgain.Decision.Results[0].Rule = "frequency.policy" }, []string{"again"}},
		{"a row was changed", func(s *stories) { s.ledger.OK = false }, []string{"chain"}},
		{"Twilio warned", func(s *stories) { s.alex.warnings = []string{"31951: not a JSON object"} }, []string{"faults"}},
		{"the API warned", func(s *stories) { s.apiFaults = []string{"a call was asked for that has no permit"} }, []string{"faults"}},
		{"a voice complained", func(s *stories) { s.dana.faults = []string{"E0101: unknown message type"} }, []string{"faults"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := goodStories()
			tt.spoil(s)
			if diff := cmp.Diff(tt.want, falseClaims(s.figures(measured))); diff != "" {
				t.Errorf("claims that are false (-want +got):\n%s", diff)
			}
		})
	}
}

// Where nothing happened, nothing is proved.
func TestNoReminder(t *testing.T) {
	s := &stories{play: &play{lines: allLines()}, dana: &evidence{}, alex: &evidence{}}
	got := falseClaims(measureReminder(s))
	if want := len(reminderClaims(reminderFigures{})) - 2; len(got) != want { // no script was left, and nobody complained
		t.Errorf("%d claims are false: %q; want %d", len(got), got, want)
	}
}
