package call

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/recording"
)

// Whoever goes on with a call learns from the events of its notes what was, and from their
// words nothing: a caller may have had them written down.
func TestRecall(t *testing.T) {
	notes := []calllog.Entry{
		{Event: calllog.EventTransferFailed, Text: noteNobody + "the line is busy", Result: "the line is busy"},
		{Event: calllog.EventTransferUnwatched, Text: noteUnwatched},
		{Event: calllog.EventRecordingPaused, Text: notePaused},
		{Event: calllog.EventCallback, Text: "the caller asked to be called back: their consent is row 3 of the ledger"},
	}
	for _, dictated := range []bool{false, true} {
		c := &Call{}
		for i, e := range notes {
			e.Seq, e.Kind = i+1, calllog.KindNote
			if dictated {
				e = calllog.Entry{Seq: i + 1, Kind: calllog.KindNote, Name: ToolTakeMessage, Text: e.Text}
			}
			c.recall([]calllog.Entry{e})
		}
		if knows := !dictated; (c.refusals == 1) != knows || c.counted != knows || c.journal.privacy.on != knows || (c.wishes.earlier == 1) != knows || (len(c.news) == 1) != knows {
			t.Errorf("dictated %t: %d refusals, counted %t, paused %t, news %q", dictated, c.refusals, c.counted, c.journal.privacy.on, c.news)
		}
	}
}

// Who does not want to be recorded is not, by whichever instance goes on with the call.
func TestRecallOfAStoppedRecording(t *testing.T) {
	log := NewWriterTo(t, NewShelf())
	for stopped, records := range map[bool]bool{false: true, true: false} {
		folder := recording.NewFolder(t.TempDir())
		c := &Call{profile: &Profile{Record: true}, recordings: folder}
		c.journal.out = log
		if stopped {
			c.recall([]calllog.Entry{{Seq: 1, Kind: calllog.KindNote, Event: calllog.EventRecordingStopped}})
		}
		c.record()
		if (c.tape != nil) != records {
			t.Errorf("stopped %t: records %t", stopped, c.tape != nil)
		}
		if err := c.tape.End(time.Now(), time.Minute); err != nil {
			t.Error(err)
		}
	}
}

// Two instances that had a call may both have written a line of one number: whoever goes on knows both.
func TestRecallOfTwoOwners(t *testing.T) {
	c := remember()
	c.recall([]calllog.Entry{
		{Seq: 1, Kind: calllog.KindCaller, Text: "Hello."},
		{Seq: 2, Kind: calllog.KindTool, Name: "look_up", Result: "found"},
		{Seq: 2, Kind: calllog.KindCaller, Text: "Are you there?"},
	})
	if turns := c.said().Turns; len(turns) != 3 || turns[1].Tool == nil || turns[2].Text != "Are you there?" {
		t.Errorf("it knows %+v", turns)
	}
}
