package builtin

import (
	"errors"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

const messageNoted = "The message is noted. A person will read it."

// A message is a note of its own in the log, with who it is from and for.
func TestTakeMessage(t *testing.T) {
	var f fakeCall
	f.uses(t, TakeMessage, `{"message":" Tell Ann that the crown is loose. ","from":"Dana",`+
		`"callback_number":"(415) 555-0188","for":"Ann","urgent":true}`)
	if len(f.answers) != 0 {
		t.Errorf("answered %q before it is stored", f.answers)
	}
	f.settle()
	if got := f.answers[0]; got != messageNoted || len(f.lines) != 1 {
		t.Fatalf("answered %q, the log has %+v", got, f.lines)
	}
	e := f.lines[0]
	want := `{"from":"Dana","callback_number":"+14155550188","for":"Ann","urgent":true}`
	if e.Name != TakeMessage || e.Text != "Tell Ann that the crown is loose." || string(e.Arguments) != want {
		t.Errorf("the log has %+v", e)
	}
}

// What is out of its bounds is named, and no number is quoted.
func TestMessageBounds(t *testing.T) {
	var f fakeCall
	for _, x := range []struct{ arguments, field string }{
		{`{"message":" "}`, "message"}, {`{}`, "message"},
		{`{"message":"` + strings.Repeat("x", 2001) + `"}`, "message"},
		{`{"message":"x","from":"` + strings.Repeat("x", 201) + `"}`, "from"},
		{`{"message":"x","for":"` + strings.Repeat("x", 201) + `"}`, "for"},
		{`{"message":"x","callback_number":"555-0188"}`, "callback_number"},
		{`{"message":"x","callback_number":"call me"}`, "callback_number"},
		{`{"message":"x","callback_number":"+1415555018"}`, "callback_number"},
		{`{"message":"x","callback_number":"1155550188"}`, "callback_number"},
	} {
		got := f.uses(t, TakeMessage, x.arguments)
		if !strings.HasPrefix(got, "refused: ") || !strings.Contains(got, x.field) {
			t.Errorf("%s is answered %q", x.arguments, got)
		}
		if err := f.errs[len(f.errs)-1].Error(); strings.Contains(err, "0188") {
			t.Errorf("the log quotes %s: %s", x.arguments, err)
		}
	}
	if len(f.lines) != 0 {
		t.Errorf("the log has %+v", f.lines)
	}
}

// What the log or the disk doesn't take is not promised.
func TestMessageNotKept(t *testing.T) {
	lost := errors.New("the disk is full")
	for name, f := range map[string]*fakeCall{
		"log full": {full: true}, "not stored": {securing: lost}, "no file": {spoken: []byte("sound"), saving: lost},
	} {
		t.Run(name, func(t *testing.T) {
			f.uses(t, TakeMessage, `{"message":"x"}`)
			f.settle()
			if got := strings.Join(f.answers, "\n"); got != "refused: "+sayNotKept || !errors.Is(f.errs[0], errNotKept) {
				t.Errorf("answered %q: %v", got, f.errs)
			}
		})
	}
}

// A spoken message is numbered, and kept also if the caller ends it by hanging up.
func TestSpokenMessage(t *testing.T) {
	f := fakeCall{spoken: []byte("one")}
	f.uses(t, TakeMessage, `{"message":"a spoken one"}`)
	f.settle()
	f.spoken = []byte("two")
	if err := f.state.HangUp(&f, now); err != nil || len(f.answers) != 1 || f.answers[0] != messageNoted {
		t.Errorf("answered %q: %v", f.answers, err)
	}
	f.does(t, "save 1: one", "save 2: two")
	if len(f.lines) != 2 || string(f.lines[0].Arguments) != `{"recording":1}` ||
		string(f.lines[1].Arguments) != `{"recording":2}` {
		t.Errorf("the log has %+v", f.lines)
	}
	f.spoken = nil
	if err := f.state.HangUp(&f, now); err != nil || len(f.lines) != 2 {
		t.Errorf("without a message the log has %+v: %v", f.lines, err)
	}
}

// A message that is spoken at another instance gets the next number, not the file of the first.
func TestSpokenMessageAtAnotherInstance(t *testing.T) {
	var h History
	for n := range 2 {
		h.Noted(noted{Recording: n + 1}.entry("A spoken message."))
	}
	h.Noted(calllog.Entry{Kind: calllog.KindNote, Text: "Something else."})
	f := fakeCall{spoken: []byte("three")}
	f.state.Restore(h)
	if err := f.state.HangUp(&f, now); err != nil {
		t.Fatal(err)
	}
	f.does(t, "save 3: three")
}
