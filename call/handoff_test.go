package call

import (
	"reflect"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/recording"
)

// Whoever goes on with a call learns from the events of its notes what was, and from their
// words nothing: a caller may have had them written down.
func TestHandoff(t *testing.T) {
	notes := []calllog.Entry{
		{Event: calllog.EventTransferUnwatched, Text: noteUnwatched},
		{Event: calllog.EventTransferFailed, Text: noteNobody + "the line is busy", Result: "the line is busy"},
		{Event: calllog.EventRecordingPaused, Text: notePaused},
		{Event: calllog.EventCallback, Text: "the caller asked to be called back: their consent is row 3 of the ledger"},
	}
	for _, dictated := range []bool{false, true} {
		var lines []calllog.Entry
		for i, e := range notes {
			e.Seq, e.Kind = i+1, calllog.KindNote
			if dictated {
				e = calllog.Entry{Seq: i + 1, Kind: calllog.KindNote, Name: builtin.TakeMessage, Text: e.Text}
			}
			lines = append(lines, e)
		}
		c := restored(calllog.Call{Entries: lines})
		for name, known := range map[string]bool{"refusal": c.refusals == 1, "counted": c.counted,
			"paused": c.journal.privacy.on, "callback": !reflect.ValueOf(c.errands.builtins).IsZero(), "message": len(c.pendingMessages) == 1} {
			if known == dictated {
				t.Errorf("dictated %t: the %s is known: %t", dictated, name, known)
			}
		}
	}
}

// Who does not want to be recorded is not, by whichever instance goes on with the call.
func TestHandoffOfAStoppedRecording(t *testing.T) {
	log := NewWriterTo(t, NewShelf())
	for stopped, records := range map[bool]bool{false: true, true: false} {
		folder := recording.NewFolder(t.TempDir())
		c := restored(calllog.Call{})
		c.profile, c.recordings, c.journal.out = &Profile{Record: true}, folder, log
		if stopped {
			c.restore(handoffOf(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventRecordingStopped}))
		}
		c.beginTape(true, &c.journal, time.Time{})
		if (c.tape != nil) != records {
			t.Errorf("stopped %t: records %t", stopped, c.tape != nil)
		}
		if err := c.tape.End(time.Now(), time.Minute); err != nil {
			t.Error(err)
		}
	}
}

// handoffOf is what is known of a call with these lines.
func handoffOf(lines ...calllog.Entry) handoff { return readHandoff(&calllog.Call{Entries: lines}) }

// A call that another instance had meanwhile goes on here with what it has done there, and keeps
// what only this instance knows.
func TestHandoffToWhoHadTheCallBefore(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.CallerSaid{Text: "Hello."})
	mine := h.c.said()
	h.c.stated.wrong, h.c.takenBack = true, 1
	h.c.restore(handoffOf(make([]calllog.Entry, h.c.journal.seq)...))
	if got := h.c.said(); len(mine.Turns) == 0 || len(got.Turns) != len(mine.Turns) {
		t.Errorf("nobody else has written: %d turns, want %d", len(got.Turns), len(mine.Turns))
	}
	stopped := calllog.Entry{Seq: h.c.journal.seq + 1, Kind: calllog.KindNote, Event: calllog.EventRecordingStopped}
	said := calllog.Entry{Seq: stopped.Seq + 1, Kind: calllog.KindCaller, Text: "And then?"}
	h.c.restore(handoffOf(stopped, said))
	if !h.c.unrecorded || !h.c.journal.privacy.on {
		t.Error("it is forgotten that the caller does not want to be recorded")
	}
	if h.c.journal.seq != said.Seq || h.c.said().Turns[0].Text != said.Text {
		t.Errorf("it goes on after line %d with %+v", h.c.journal.seq, h.c.said().Turns)
	}
	if !h.c.stated.wrong || h.c.takenBack != 1 {
		t.Error("what only this instance knew is lost")
	}
}

// Two instances that had a call may both have written a line of one number: whoever goes on knows both.
func TestHandoffOfTwoOwners(t *testing.T) {
	t.Parallel()
	h := readHandoff(&calllog.Call{Entries: []calllog.Entry{
		{Seq: 1, Kind: calllog.KindCaller, Text: "Hello."},
		{Seq: 2, Kind: calllog.KindTool, Name: "look_up", Result: "found"},
		{Seq: 2, Kind: calllog.KindCaller, Text: "Are you there?"},
	}})
	if turns := h.memory.lines; len(turns) != 3 || turns[2].turn.Text != "Are you there?" {
		t.Errorf("it knows %+v", turns)
	}
}
