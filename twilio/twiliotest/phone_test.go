package twiliotest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/twilio"
)

// A whole call of two minutes: who says what is heard, at its time, and all callbacks
// come.
func TestCall(t *testing.T) {
	started := make(chan twilio.Start, 1)
	var uplink []byte
	var last twilio.Event
	b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
		listen(s, func(ev twilio.Event) {
			last = ev
			switch ev := ev.(type) {
			case twilio.Start:
				started <- ev
				s.SendMedia(tone(2*second, 1))
				s.SendMark("greeting")
			case *twilio.Media:
				if want := int64(len(uplink)/8 + firstTimestamp); ev.Timestamp != want {
					t.Errorf("timestamp %d after %d bytes, want %d", ev.Timestamp, len(uplink), want)
				}
				uplink = append(uplink, ev.Payload...)
				ev.Release()
			}
		})
	}}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		c := dial(ctx, t, p)
		start := <-started
		if string(start.CallSID) != c.SID || string(start.StreamSID) != c.StreamSID() || start.Params["token"] != "t1" ||
			start.Encoding != "audio/x-mulaw" || start.SampleRate != 8000 || c.Params()["token"] != "t1" {
			t.Errorf("start %+v", start)
		}
		near(t, "the greeting's mark", await(ctx, t, c, Echo, "greeting").At, 2*time.Second)

		c.Speak(tone(second, 2))
		c.Speak(tone(second/2, 3))
		if err := c.WaitSpoken(ctx); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute) // virtual
		c.HangUp()
		<-c.Done()

		heard, said := c.Heard(), c.Said()
		if len(heard) != len(said) || len(heard) < 2*60*second {
			t.Errorf("%d bytes heard, %d said", len(heard), len(said))
		}
		if n := bytes.Count(heard, []byte{1}); n != 2*second {
			t.Errorf("%d bytes of the greeting heard, want %d", n, 2*second)
		}
		from := bytes.IndexByte(said, 2)
		if want := slices.Concat(tone(second, 2), tone(second/2, 3)); !bytes.Equal(said[from:from+len(want)], want) {
			t.Error("what the caller said is not in Said in one piece")
		}
		if !bytes.Equal(uplink, said) {
			t.Errorf("the bridge got %d bytes, the caller said %d", len(uplink), len(said))
		}
		if _, ok := last.(twilio.Stop); !ok {
			t.Errorf("the last event is %#v, not stop", last)
		}
		if c.Ended() != "caller" {
			t.Errorf("ended by %q", c.Ended())
		}
		noFaults(t, c)
		if got := b.posted("/twilio/stream", "StreamEvent"); !slices.Equal(got, []string{"stream-started", "stream-stopped"}) {
			t.Errorf("stream callbacks %q", got)
		}
		if got := b.posted("/twilio/status", "CallStatus"); !slices.Equal(got, []string{"completed"}) {
			t.Errorf("status callbacks %q", got)
		}
		if got := b.posted("/twilio/status", "CallDuration"); !slices.Equal(got, []string{"123"}) {
			t.Errorf("duration %q", got)
		}
	})
}

func TestClearFlushes(t *testing.T) {
	b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
		listen(s, func(ev twilio.Event) {
			switch ev := ev.(type) {
			case twilio.Start:
				s.SendMedia(tone(10*second, 1))
				s.SendMark("a")
				s.SendMark("b")
			case twilio.DTMF:
				if ev.Digit == "1" {
					s.Clear()
					s.SendMark("after")
				}
			}
		})
	}}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		c := dial(ctx, t, p)
		await(ctx, t, c, Mark, "b")
		time.Sleep(1010 * time.Millisecond) // virtual, and between two frames
		if q := c.Queued(); q != 9*time.Second {
			t.Errorf("%v queued after a second, want 9 s", q)
		}
		c.HoldMarks(true)
		if err := c.Press("1"); err != nil {
			t.Fatal(err)
		}
		m := await(ctx, t, c, Clear, "")
		near(t, "clear", m.At, time.Second)
		if m.Flushed != 9*second {
			t.Errorf("%d bytes flushed, want %d", m.Flushed, 9*second)
		}
		synctest.Wait()
		if slices.ContainsFunc(c.Timeline(), func(m Moment) bool { return m.Event == Echo }) {
			t.Error("a held mark went out")
		}
		c.HoldMarks(false)
		await(ctx, t, c, Echo, "after")
		var echoes []string
		for _, m := range c.Timeline() {
			if m.Event == Echo {
				echoes = append(echoes, m.Name)
			}
		}
		if !slices.Equal(echoes, []string{"a", "b", "after"}) {
			t.Errorf("echoes %q", echoes)
		}
		if n := bytes.Count(c.Heard(), []byte{1}); n != second {
			t.Errorf("%d bytes heard, want %d", n, second)
		}
		c.HangUp()
		<-c.Done()
		noFaults(t, c)
	})
}

func TestWaysToLoseACall(t *testing.T) {
	for name, tt := range map[string]struct {
		lose  func(cancel context.CancelFunc, c *Call)
		ended string
	}{
		"lost":             {func(_ context.CancelFunc, c *Call) { c.Lose() }, "lost"},
		"end of context":   {func(cancel context.CancelFunc, c *Call) { cancel() }, "lost"},
		"stream cut":       {func(_ context.CancelFunc, c *Call) { c.CutStream() }, "hangup"},
		"caller, then all": {func(cancel context.CancelFunc, c *Call) { c.HangUp(); c.Lose(); cancel() }, "caller"},
	} {
		t.Run(name, func(t *testing.T) {
			var stopped bool
			ended := make(chan struct{})
			b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
				defer close(ended)
				listen(s, func(ev twilio.Event) {
					if _, ok := ev.(twilio.Stop); ok {
						stopped = true
					}
				})
			}}
			inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				c := dial(ctx, t, p)
				await(ctx, t, c, Started, "")
				tt.lose(cancel, c)
				<-c.Done()
				<-ended
				if c.Ended() != tt.ended || stopped != (tt.ended == "caller") {
					t.Errorf("ended by %q, stop came: %v", c.Ended(), stopped)
				}
				if err := c.SendRaw("{}"); !errors.Is(err, ErrNoStream) {
					t.Errorf("sending after it: %v", err)
				}
				if _, err := c.Await(context.Background(), func(Moment) bool { return false }); !errors.Is(err, ErrOver) {
					t.Errorf("waiting after it: %v", err)
				}
				c.Speak([]byte{1})
				if err := c.WaitSpoken(context.Background()); !errors.Is(err, ErrOver) {
					t.Errorf("speaking after it: %v", err)
				}
			})
		})
	}
}

// The second stream of a call goes on where the first one ended, in one recording.
func TestSecondStream(t *testing.T) {
	streams := 0
	b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
		streams++
		listen(s, func(ev twilio.Event) {
			switch ev.(type) {
			case twilio.Start:
				s.SendMedia(tone(second/10, byte(streams)))
				s.SendMark("end")
			case twilio.Mark:
				if streams == 1 {
					s.Close(1000, "")
				}
			}
		})
	}}
	b.voice = connect(t, "/twilio/next")
	b.answers = map[string]string{"/twilio/next": `<Response><Pause length="3"/><Connect><Stream url="wss://voice.example.test/twilio/media"/></Connect></Response>`}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		c := dial(ctx, t, p)
		seen := c.Watch(func(m Moment) {
			if m.Event == Echo && m.At > time.Second {
				c.HangUp()
			}
		})
		<-seen
		<-c.Done()
		heard := c.Heard()
		first, next := bytes.IndexByte(heard, 1), bytes.IndexByte(heard, 2)
		if gap := time.Duration(next-first) * time.Second / second; gap < 3*time.Second || gap > 3300*time.Millisecond {
			t.Errorf("the streams' sounds are %v apart, want 3.1 s", gap)
		}
		if len(c.Said()) != len(heard) {
			t.Errorf("%d bytes heard, %d said", len(heard), len(c.Said()))
		}
		noFaults(t, c)
	})
}

func TestSendRaw(t *testing.T) {
	events := make(chan twilio.Event, 1)
	b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
		listen(s, func(ev twilio.Event) {
			if ev, ok := ev.(twilio.Unknown); ok {
				events <- ev
			}
		})
	}}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		c := dial(ctx, t, p)
		await(ctx, t, c, Started, "")
		if err := c.SendRaw(`{"event":"weather"}`); err != nil {
			t.Fatal(err)
		}
		if ev := <-events; ev != (twilio.Unknown{Name: "weather"}) {
			t.Errorf("%#v", ev)
		}
		c.HangUp()
		<-c.Done()
	})
}
