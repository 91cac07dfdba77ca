package carriertest

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/media"
)

// Far is the caller's end of a line.
type Far interface {
	Speak(ulaw []byte)
	Press(digits string)
	HangUp()
	Heard() []byte // from the line's beginning
}

// TestLine holds a line to what [carrier.Line] promises. Each time it is called, open opens a line and gives it, with its
// far end, to a test that runs in virtual time.
func TestLine(t *testing.T, open func(t *testing.T, test func(t *testing.T, l carrier.Line, far Far))) {
	for name, test := range map[string]func(*testing.T, *end){
		"the start comes first": startFirst, "the caller is heard": callerHeard, "what is sent is heard, and marked": sentHeard,
		"a mark behind nothing": emptyMark, "clear": cleared, "keys": keys, "close": closed, "the caller hangs up": hungUp,
		"the context ends": canceled,
	} {
		t.Run(name, func(t *testing.T) {
			open(t, func(t *testing.T, l carrier.Line, far Far) {
				defer l.Close(carrier.Done)
				test(t, &end{t: t, Line: l, far: far})
			})
		})
	}
}

// end is a line, read by its test.
type end struct {
	carrier.Line

	t   *testing.T
	far Far
}

// patience bounds the wait for an event, since sound never ends.
const patience = 10 * time.Second

// next is the next event but sound.
func (e *end) next() carrier.Event {
	e.t.Helper()
	for begun := time.Now(); ; {
		if time.Since(begun) > patience {
			e.t.Fatalf("nothing but sound came for %v", patience)
		}
		ev, err := e.Receive(e.t.Context())
		if err != nil {
			e.t.Fatalf("nothing more can be read: %v", err)
		}
		switch ev := ev.(type) {
		case *carrier.Media:
			ev.Release()
		case carrier.Unknown:
		default:
			return ev
		}
	}
}

func (e *end) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

func startFirst(t *testing.T, e *end) {
	for {
		ev, err := e.Receive(t.Context())
		e.must(err)
		switch ev := ev.(type) {
		case carrier.Unknown:
			continue
		case carrier.Start:
			if ev.Call == "" || ev.Token == "" {
				t.Errorf("it begins with %+v", ev)
			}
		default:
			t.Errorf("it begins with %#v", ev)
		}
		break
	}
	if e.Format() != carrier.Telephony {
		t.Errorf("its format is %+v", e.Format())
	}
}

func callerHeard(t *testing.T, e *end) {
	e.next()
	said := bytes.Repeat([]byte{0x31}, media.Rate/2)
	e.far.Speak(said)
	var heard []byte
	last := int64(-1)
	for len(heard) < len(said) {
		ev, err := e.Receive(t.Context())
		e.must(err)
		m, ok := ev.(*carrier.Media)
		if !ok {
			continue
		}
		if len(m.Payload) == 0 || m.Timestamp <= last {
			t.Errorf("%d bytes at %d ms, after %d ms", len(m.Payload), m.Timestamp, last)
		}
		last = m.Timestamp
		heard = append(heard, bytes.ReplaceAll(m.Payload, []byte{media.Silence}, nil)...)
		m.Release()
	}
	if !bytes.Equal(heard, said) {
		t.Errorf("%d bytes were heard, and %d said", len(heard), len(said))
	}
}

func sentHeard(t *testing.T, e *end) {
	e.next()
	begun := time.Now()
	var want []byte
	for i := range 3 { // of any length, and faster than it plays
		sound := bytes.Repeat([]byte{byte(i + 1)}, 4000)
		want = append(want, sound...)
		e.must(e.SendMedia(sound))
		e.must(e.SendMark(string(rune('a' + i))))
		clear(sound) // it is not kept
	}
	for i := range 3 {
		if ev := e.next(); ev != (carrier.Mark{Name: string(rune('a' + i))}) {
			t.Errorf("mark %d is %#v", i+1, ev)
		}
		took, due := time.Since(begun), time.Duration(i+1)*500*time.Millisecond
		if took < due-frameTime || took > due+5*frameTime {
			t.Errorf("mark %d came after %v, due %v", i+1, took, due)
		}
	}
	if heard := bytes.ReplaceAll(e.far.Heard(), []byte{media.Silence}, nil); !bytes.Equal(heard, want) {
		t.Errorf("%d bytes were heard of %d", len(heard), len(want))
	}
}

func emptyMark(t *testing.T, e *end) {
	e.next()
	begun := time.Now()
	e.must(e.SendMark("x"))
	if ev := e.next(); ev != (carrier.Mark{Name: "x"}) || time.Since(begun) > 5*frameTime {
		t.Errorf("%#v after %v", ev, time.Since(begun))
	}
}

func cleared(t *testing.T, e *end) {
	e.next()
	e.must(e.SendMedia(bytes.Repeat([]byte{1}, 80_000)))
	e.must(e.SendMark("x"))
	time.Sleep(time.Second)
	e.must(e.Clear())
	begun := time.Now()
	e.must(e.SendMedia(bytes.Repeat([]byte{2}, 800)))
	e.must(e.SendMark("y"))
	for _, want := range []string{"x", "y"} {
		if ev := e.next(); ev != (carrier.Mark{Name: want}) {
			t.Errorf("%#v, want mark %s", ev, want)
		}
	}
	if took := time.Since(begun); took > 100*time.Millisecond+5*frameTime {
		t.Errorf("what came after the clear took %v", took)
	}
	if n := bytes.Count(e.far.Heard(), []byte{1}); n < 7000 || n > 9000 {
		t.Errorf("%d bytes were heard of what was cleared after a second", n)
	}
}

func keys(t *testing.T, e *end) {
	e.next()
	e.far.Press("5#")
	for _, want := range []string{"5", "#"} {
		if ev := e.next(); ev != (carrier.Key{Digit: want}) {
			t.Errorf("%#v, want the key %s", ev, want)
		}
	}
}

func closed(t *testing.T, e *end) {
	e.next()
	go func() {
		time.Sleep(time.Second)
		e.Close(carrier.Done)
	}()
	var err error
	for err == nil {
		_, err = e.Receive(t.Context())
	}
	if !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading ended by %v", err)
	}
	if e.SendMedia([]byte{1}) == nil || e.SendMark("x") == nil || e.Clear() == nil {
		t.Error("a closed line can be written to")
	}
	if err := e.Close(carrier.Refused); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

func hungUp(t *testing.T, e *end) {
	e.next()
	e.far.HangUp()
	if ev := e.next(); ev != (carrier.Stop{}) {
		t.Errorf("%#v, want a stop", ev)
	}
	if _, err := e.Receive(t.Context()); err == nil || errors.Is(err, net.ErrClosed) {
		t.Errorf("after the stop: %v", err)
	}
}

func canceled(t *testing.T, e *end) {
	e.next()
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Second, func() { cancel(why) })
	var err error
	for err == nil {
		_, err = e.Receive(ctx)
	}
	if !errors.Is(err, why) {
		t.Errorf("reading ended by %v", err)
	}
	if _, err := e.Receive(t.Context()); err == nil {
		t.Error("a line can be read again after its context's end")
	}
}
