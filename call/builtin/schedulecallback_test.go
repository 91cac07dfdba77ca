package builtin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

const crown = `{"at":"2026-11-25T15:00","topic":" the loose crown "}`

// asking is a call whose caller has asked to be called back.
func asking(t *testing.T) *fakeCall {
	t.Helper()
	return &fakeCall{clock: zone(t, newYork), said: Said{"I am busy.\nCall me at three.", "Call me at three.", "When?"},
		arrangement: Arrangement{ID: "rem_1", Row: 7}}
}

// A callback is scheduled once, in the words of the caller, and the log says where the proof is.
func TestScheduleCallback(t *testing.T) {
	f := asking(t)
	f.uses(t, ScheduleCallback, crown)
	if got := f.uses(t, ScheduleCallback, crown); !strings.Contains(got, "being scheduled already") {
		t.Errorf("a second one meanwhile is answered %q", got)
	}
	f.settle()
	want := `{"at":"Wednesday 2026-11-25T15:00-05:00","callback":"rem_1",` +
		`"note":"It is scheduled. Tell them the day and the time."}`
	if got, again := f.answers[1], f.uses(t, ScheduleCallback, crown); got != want || again != want {
		t.Errorf("answered %q, then %q, want %q", got, again, want)
	}
	f.does(t, "Wednesday 2026-11-25T15:00-05:00: the loose crown\nI am busy.\nCall me at three.\n"+
		"asked to be called back at 2026-11-25T15:00:00-05:00 about: the loose crown\nthe agent had said: When?")
	if len(f.lines) != 1 || !strings.HasSuffix(f.lines[0].Text, "their consent is row 7 of the ledger") {
		t.Errorf("the log has %+v", f.lines)
	}
}

// What is not sure yet is not promised.
func TestCallbackIsNotSure(t *testing.T) {
	for _, x := range []struct {
		a    Arrangement
		want string
	}{{Arrangement{Asked: true}, "answer it with YES"}, {Arrangement{Held: true, ID: "rem_1"}, "it is not sure yet"}} {
		f := asking(t)
		f.arrangement = x.a
		f.uses(t, ScheduleCallback, crown)
		f.settle()
		if got := f.answers[0]; !strings.Contains(got, x.want) || strings.Contains(got, "rem_1") == x.a.Asked {
			t.Errorf("%+v is answered %q", x.a, got)
		}
	}
}

// One call schedules three, whichever instances scheduled them.
func TestCallbacksOfACall(t *testing.T) {
	f := asking(t)
	var h History
	h.ScheduledCallback()
	f.state.Restore(h)
	for i := range 3 {
		f.uses(t, ScheduleCallback, fmt.Sprintf(`{"at":"2026-11-25T1%d:00","topic":"x"}`, i))
		f.settle()
	}
	if strings.HasPrefix(f.answers[1], "refused") || !strings.HasPrefix(f.answers[2], "refused: Enough callbacks") {
		t.Errorf("answered %q", f.answers)
	}
}

func TestScheduleCallbackRefused(t *testing.T) {
	about := func(topic string) string { return `{"at":"2026-11-25T15:00","topic":"` + topic + `"}` }
	longZone := `{"at":"2026-11-25T15:00","topic":"x","zone":"` + strings.Repeat("z", 65) + `"}`
	for _, x := range []struct {
		name, arguments, say string
		change               func(*fakeCall)
	}{
		{"a zone too long", longZone, "at most 64 bytes", nil},
		{"no topic", about(" "), "topic: want 1 to 100 bytes", nil},
		{"long topic", about(strings.Repeat("x", 101)), "topic: want 1 to 100 bytes", nil},
		{"two lines", about(`x\ny`), "topic: want 1 to 100 bytes", nil},
		{"nobody", crown, "number is not known", func(f *fakeCall) { f.callback = ErrNobody }},
		{"no calls", crown, "You place no calls", func(f *fakeCall) { f.callback = ErrNoCalls }},
		{"ending", crown, "The call is ending", func(f *fakeCall) { f.callback = ErrEnding }},
		{"silent", crown, "not said anything", func(f *fakeCall) { f.said = Said{} }},
		{"no", crown, "was no", func(f *fakeCall) { f.said.Last = "No, thank you." }},
		{"no texts", crown, "take a message or to transfer them", func(f *fakeCall) { f.arranging = ErrNoTexts }},
		{"asked enough", crown, "Enough callbacks", func(f *fakeCall) { f.arranging = fmt.Errorf("x: %w", ErrAskedEnough) }},
		{"a failure", crown, "and none is", func(f *fakeCall) { f.arranging = errors.New("the ledger is away") }},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := asking(t)
			if x.change != nil {
				x.change(f)
			}
			f.uses(t, ScheduleCallback, x.arguments)
			f.settle()
			if got := strings.Join(f.answers, "\n"); !strings.HasPrefix(got, "refused: ") || !strings.Contains(got, x.say) {
				t.Errorf("answered %q, want %q", got, x.say)
			}
		})
	}
}

// What the gate would say of the call is said at once: never, not then, or not sure.
func TestForesee(t *testing.T) {
	monday := now.Add(6 * 24 * time.Hour)
	at := now.In(zone(t, newYork))
	fails := func(rule string, e consent.Effect) consent.Result {
		return consent.Result{Rule: rule, Status: consent.Fail, Effect: e}
	}
	later := fails("hours", consent.EffectDefer)
	later.RetryAt = &monday
	for _, x := range []struct {
		name    string
		results []consent.Result
		held    bool
		say     string
	}{
		{"passes", nil, false, ""},
		{"held", []consent.Result{fails("assigned", consent.EffectHold)}, true, ""},
		{"denied", []consent.Result{fails("destination", consent.EffectBlock)}, false, sayNotAllowed},
		{"on the list", []consent.Result{later, fails("dnc.internal", consent.EffectBlock)}, false, sayOnTheList},
		{"later", []consent.Result{later}, false, "The earliest after it is Monday 2026-11-30T12:00-05:00."},
		{"never near", []consent.Result{fails("hours", consent.EffectDefer)}, false, sayNoTimeNear},
	} {
		held, err := Foresee(consent.Decision{Results: x.results}, at)
		say := ""
		if err != nil {
			say = sayOfCallback(err)
		}
		if held != x.held || !strings.Contains(say, x.say) || (say == "") != (x.say == "") {
			t.Errorf("%s: held %v, %q", x.name, held, say)
		}
	}
}
