package cli

import (
	"testing"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// Of two messages in one call the newer comes first, as of two calls.
func TestMessagesOfACall(t *testing.T) {
	t.Parallel()
	note := func(ms int64, text string) calllog.Entry {
		return calllog.Entry{AtMS: ms, Kind: calllog.KindNote, Name: builtin.TakeMessage, Text: text, Arguments: []byte(`{"from":"Dana"}`)}
	}
	got := messagesOf(calllog.Call{Entries: []calllog.Entry{note(1000, "first"), {Kind: calllog.KindNote, Text: "the recording begins"}, note(2000, "second")}})
	if len(got) != 2 || got[0].Text != "second" || got[1].Text != "first" || got[0].From != "Dana" {
		t.Errorf("got %+v", got)
	}
}
