package demo

import (
	"net/http"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// placed begins a call that was placed, with an opening that is heard.
func placed(id string) *tape {
	l := allLines()
	t := &tape{e: &evidence{origin: time.Unix(1000, 0), picked: time.Unix(1000, 0).Add(-100 * time.Millisecond)}}
	t.e.log.ID, t.e.log.Opening = id, &calllog.Opening{Text: l.reminder.text, Complete: true}
	t.hears(l.reminder, len(l.reminder.pcm))
	t.logs(calllog.Entry{Kind: calllog.KindAgent, Text: l.reminder.text, Heard: calllog.HeardFull})
	t.e.sent.marks = []time.Time{t.e.origin.Add(time.Second), t.clock()}
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
		reminder: api.Reminder{Status: api.ReminderDone, CallIDs: []string{"dana"}}, rung: map[string]int{dana.number: 1, alex.number: 1, sam.number: 0},
		askSam:  asked{http.StatusForbidden, 5 * time.Millisecond, calllog.Call{}, samsNo},
		askAlex: asked{http.StatusAccepted, 5 * time.Millisecond, calllog.Call{}, *allowed}, askAgain: asked{http.StatusForbidden, 5 * time.Millisecond, calllog.Call{}, alexsNo},
		ledger: proof.VerifyResult{OK: true, Rows: 20, Head: "0123456789abcdef"}}
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

// forget takes facts of a kind out of what the ledger has of Alex.
func (s *stories) forget(kind consent.Type) {
	s.facts[alex.number] = slices.DeleteFunc(s.facts[alex.number], func(f consent.Fact) bool { return f.Type == kind })
}
