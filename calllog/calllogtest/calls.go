package calllogtest

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// at returns a time as Postgres keeps it, to the microsecond.
func at(seconds int) *time.Time {
	t := noon.Add(time.Duration(seconds) * time.Second)
	return &t
}

func apply(t *testing.T, s calllog.Store, changes ...calllog.Change) {
	t.Helper()
	if err := s.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s calllog.Store, id string) calllog.Call {
	t.Helper()
	call, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func texts(entries []calllog.Entry) []string {
	got := make([]string, len(entries))
	for i, e := range entries {
		got[i] = e.Text
	}
	return got
}

func ids(calls []calllog.Call) []string {
	got := make([]string, len(calls))
	for i, c := range calls {
		got[i] = c.ID
	}
	return got
}

// Full is a call with every field set.
func Full() calllog.Call {
	seq := int64(1042)
	return calllog.Call{
		ID: "call-1", Direction: calllog.Outbound, TwilioCallSID: "CA01", From: "+14155550100", To: "+14155550142", Attestation: "TN-Validation-Passed-A", Voices: []string{"evi", "desk"}, Variables: map[string]string{"name": "Dana"},
		Agent: "support", Voice: "evi", ChatIDs: []string{"chat-1", "chat-2"}, ChatGroupID: "group-1",
		Status: calllog.StatusCompleted, Outcome: calllog.OutcomeCallerHungUp, Broke: true,
		Usage:     []calllog.Usage{{Voice: "realtime", Model: "gpt-realtime-2.1", TextIn: 190, TextCached: 128, TextOut: 24, AudioIn: 60, AudioOut: 36, Seconds: 1.5, USD: 0.0051}},
		StartedAt: noon, AnsweredAt: at(3), EndedAt: at(60), DecisionSeq: &seq,
		Opening:  &calllog.Opening{Text: "Hello", PlayedAt: at(5), Complete: true},
		Quality:  &calllog.Quality{Gaps: 1, Late: 2, Clipped: 3, Dropped: 4, AddedMS: calllog.Spread{P50: 1.5, P99: 9.25}},
		Failure:  &calllog.Failure{Cause: calllog.CauseCarrier, Code: 13224, SIP: 503},
		Instance: "bridge-1", Version: 7,
	}
}

// Ringing is a call of which little is known yet.
func Ringing(id string, version int) *calllog.Call {
	return &calllog.Call{ID: id, Version: version, Instance: "bridge-1", Direction: calllog.Inbound,
		Status: calllog.StatusRinging, StartedAt: noon}
}

// Entry is an entry of a call, to be written.
func Entry(id string, seq int, text string) calllog.Change {
	return calllog.Change{CallID: id, Entry: &calllog.Entry{Seq: seq, AtMS: int64(seq), Kind: calllog.KindAgent, Text: text}}
}
