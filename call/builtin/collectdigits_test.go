package builtin

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// keysIn presses keys at a time, and returns those that no collection took.
func (f *fakeCall) keysIn(keys string, at time.Time) (left string) {
	for _, key := range keys {
		if !f.state.Key(f, string(key), at) {
			left += string(key)
		}
	}
	return left
}

// logged is the keys in the log.
func (f *fakeCall) logged() (keys string) {
	for _, e := range f.lines {
		if e.Kind == calllog.KindDTMF {
			keys += e.Digit
		}
	}
	return keys
}

// A collection ends by its terminator or its last digit; keys that were pressed before are the first of it.
func TestCollectDigits(t *testing.T) {
	starred := `{"digits":"12","collected":2,"ended_by":"terminator","complete":true}`
	tooFew := `{"digits":"1","collected":1,"ended_by":"terminator","complete":false,` +
		`"note":"At least 2 digits are needed. Ask the caller to key them in again from the beginning, ` +
		`and use the tool again."}`
	for _, x := range []struct{ name, arguments, before, keys, answer, left string }{
		{"terminator", `{}`, "", "12*3#4", `{"digits":"123","collected":3,"ended_by":"terminator","complete":true}`, "4"},
		{"another", `{"terminator":"*"}`, "", "1#2*", starred, ""},
		{"the last", `{"max":3}`, "", "123#4", `{"digits":"123","collected":3,"ended_by":"max","complete":true}`, "4"},
		{"too few", `{"min":2}`, "", "1#", tooFew, ""},
		{"before", `{"max":3}`, "12", "3", `{"digits":"123","collected":3,"ended_by":"max","complete":true}`, ""},
		{"all before", `{"max":1}`, "12", "", `{"digits":"1","collected":1,"ended_by":"max","complete":true}`, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := fakeCall{keys: x.before}
			f.uses(t, CollectDigits, x.arguments)
			left := f.keysIn(x.keys, now)
			if got := strings.Join(f.answers, "\n"); got != x.answer || left != x.left {
				t.Errorf("answered\n%s\nwant\n%s\nkeys left: %q, want %q", got, x.answer, left, x.left)
			}
		})
	}
}

// Nobody who hesitates is waited for long: the first key has twice the time, from when the line is quiet.
func TestCollectionsWait(t *testing.T) {
	var f fakeCall
	f.uses(t, CollectDigits, `{"timeout_ms":1000}`)
	if got := f.uses(t, CollectDigits, `{}`); got != "refused: Digits are being collected already. Wait for that answer." {
		t.Errorf("answered %q", got)
	}
	at := func(d time.Duration) time.Time { return now.Add(d) }
	if due := f.state.Wake(at(5 * time.Second)); !due.Equal(at(7 * time.Second)) {
		t.Errorf("due %v", due.Sub(now))
	}
	if due := f.state.Wake(at(time.Hour)); !due.Equal(at(2 * time.Minute)) {
		t.Errorf("however long the agent talks, due %v", due.Sub(now))
	}
	f.keysIn("1", at(time.Second))
	f.state.NextStream(at(9 * time.Second))
	f.state.Tick(&f, now, at(9999*time.Millisecond))
	if f.state.Wake(now).IsZero() {
		t.Error("a key was not waited for")
	}
	f.state.Tick(&f, now, at(10*time.Second))
	want := `{"digits":"1","collected":1,"ended_by":"timeout","complete":true}`
	if got := f.answers[len(f.answers)-1]; got != want || !f.state.Wake(now).IsZero() {
		t.Errorf("answered %q", got)
	}
}

// Secret digits are in no answer and no log, however early or late their keys are.
func TestSecretDigits(t *testing.T) {
	f := fakeCall{keys: "1"}
	f.uses(t, CollectDigits, `{"secret":true,"name":"Card number","max":4,"timeout_ms":1000}`)
	if !f.state.KeysSecret(now) {
		t.Error("the agent hears the keys")
	}
	left := f.keysIn("234", now) + f.keysIn("5", now.Add(1500*time.Millisecond)) // one too many
	want := `{"collected":4,"ended_by":"max","complete":true,"reference":"digits:card_number"}`
	if got := f.answers[0]; got != want || left != "" || f.logged() != strings.Repeat(KeyMasked, 4) {
		t.Errorf("answered %s, left %q, logged %q", got, left, f.logged())
	}
	f.does(t, "take 1, secret: true")
	if f.state.KeysSecret(now.Add(5 * time.Second)) {
		t.Error("the agent is deaf for longer than it must")
	}
	if got := f.state.Detokenize(`{"card":"digits:card_number"}`, now); string(got.Arguments) != `{"card":"1234"}` {
		t.Errorf("the tool gets %s", got.Arguments)
	}
}

// What is out of its bounds is named, and nothing is collected.
func TestCollectBounds(t *testing.T) {
	var f fakeCall
	for _, x := range []struct{ arguments, field string }{
		{`{"max":33}`, "max"}, {`{"max":-1}`, "max"}, {`{"min":17}`, "min"}, {`{"max":4,"min":5}`, "min"},
		{`{"terminator":"5"}`, "terminator"}, {`{"terminator":"##"}`, "terminator"},
		{`{"timeout_ms":999}`, "timeout_ms"}, {`{"timeout_ms":30001}`, "timeout_ms"}, {`{"secret":"yes"}`, "secret"},
	} {
		got := f.uses(t, CollectDigits, x.arguments)
		if !strings.HasPrefix(got, "refused: The arguments ") || !strings.Contains(got, x.field) {
			t.Errorf("%s is answered %q", x.arguments, got)
		}
	}
	if left := f.keysIn("5", now); left != "5" {
		t.Error("digits are collected")
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Card number": "card_number", "": "number", "¿?": "number", "PIN ": "pin"} {
		if got := slug(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
