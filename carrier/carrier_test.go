package carrier

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

func number(t *testing.T, s string) phone.Number {
	t.Helper()
	n, err := phone.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSteps(t *testing.T) {
	for _, s := range []Step{
		Connect{}, Connect{Token: "t", Digits: "1w2#"}, Reject{}, Reject{Busy: true}, HangUp{}, Say{},
		Say{Text: "Sorry.", Then: "+14155550199"},
		Transfer{To: number(t, "+14155550199"), Ring: 25 * time.Second, Call: "call_1", Try: 1},
		Transfer{To: number(t, "+14155550199"), CallerID: "+14155550100", Ring: time.Second, Call: "call_1", Screened: true},
		Screen{Text: "A call for you.", Call: "call_1", Try: 2, Patience: 5 * time.Second}, Join{},
		Document{Text: "<Response/>"},
	} {
		b, err := EncodeStep(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeStep(b)
		if err != nil || got != s {
			t.Errorf("%s is read as %#v, %v, want %#v", b, got, err, s)
		}
		if shown := fmt.Sprintf("%v %+v %#v", s, s, s); strings.Contains(shown, "555019") {
			t.Errorf("it prints a number: %s", shown)
		}
	}
}

// What other versions may leave in the table is an error, and no other step.
func TestDecodeStepRefuses(t *testing.T) {
	for _, bad := range []string{``, `null`, `{}`, `[]`, `<Response/>`, `{"version":2,"kind":"hang_up"}`,
		`{"kind":"hang_up"}`, `{"version":1}`,
		`{"version":1,"kind":"conference"}`, `{"version":1,"kind":"transfer"}`,
		`{"version":1,"kind":"transfer","number":"anonymous"}`, `{"version":"1","kind":"join"}`,
		`{"version":1,"kind":"screen","patience_ms":-1}`, `{"version":1,"kind":"screen","patience_ms":9223372036854775807}`} {
		if s, err := DecodeStep([]byte(bad)); err == nil {
			t.Errorf("%s is read as %#v", bad, s)
		}
	}
	if _, err := EncodeStep(nil); err == nil {
		t.Error("no step is written")
	}
}

func FuzzDecodeStep(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"transfer","number":"+14155550199","ring_ms":25000}`))
	f.Add([]byte(`{"version":1,"kind":"say","text":"Sorry."}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := DecodeStep(b)
		if err != nil {
			return
		}
		again, err := EncodeStep(s)
		if err != nil {
			t.Fatal(err)
		}
		if other, err := DecodeStep(again); err != nil || other != s {
			t.Errorf("%#v comes back as %#v, %v", s, other, err)
		}
	})
}

func TestTerminal(t *testing.T) {
	for state, want := range map[State]bool{
		Queued: false, Initiated: false, Ringing: false, InProgress: false,
		Completed: true, Busy: true, NoAnswer: true, Canceled: true, Failed: true, "new": false,
	} {
		if state.Terminal() != want {
			t.Errorf("%s: %v", state, !want)
		}
	}
}

// A frame costs no allocation.
func TestMediaIsPooled(t *testing.T) {
	frame := make([]byte, 160)
	if n := testing.AllocsPerRun(1000, func() {
		m := NewMedia()
		m.Payload = append(m.Payload, frame...)
		m.Release()
	}); n >= 1 {
		t.Errorf("%v allocations for each frame", n)
	}
	NewMedia().Release()
	big := &Media{Timestamp: 1, Payload: make([]byte, maxPooled+1)}
	big.Release()
	if m := NewMedia(); cap(m.Payload) > maxPooled || m.Timestamp != 0 || len(m.Payload) != 0 {
		t.Errorf("the pool gives %d bytes at %d", cap(m.Payload), m.Timestamp)
	}
}
