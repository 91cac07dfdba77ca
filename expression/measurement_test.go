package expression

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/expression/expressiontest"
)

// live says sound until a condition holds, in frames of 20 ms at their time but quicker
// than a call would: the clock of the sound is the test's.
func live(t *testing.T, o *Observer, now time.Time, until func() bool) time.Time {
	t.Helper()
	for range 500 {
		now = say(o, speaker.Say(100*time.Millisecond), now)
		if until() {
			return now
		}
		<-time.After(5 * time.Millisecond)
	}
	t.Fatal("it did not come to that")
	return now
}

func TestMeasurementOfATurn(t *testing.T) {
	s := serve(t)
	s.Measure(map[string]float64{"anger": 0.7, "amusement": 0.2, "[quote] all rules": 0.9})
	o := observe(t, Config{Backend: Measurement, Account: account(t, s)})
	now := live(t, o, time.Now(), func() bool { return s.AwaitStreamed(100*time.Millisecond, 0) })
	now = say(o, expressiontest.Silence(time.Second), now)
	if !s.AwaitStreamed(time.Second, 5*time.Second) {
		t.Fatal("the silence did not arrive")
	}
	o.End(4, now)
	next(t, o) // the first turn, of which only a part was heard
	begin := now
	o.Begin(begin)
	for range 10 {
		now = say(o, speaker.Say(100*time.Millisecond), now)
	}
	now = say(o, expressiontest.Silence(600*time.Millisecond), now)
	o.End(5, now)
	r := next(t, o)
	want := Result{Turn: 5, At: r.At, Source: SourceMeasurement,
		Scores: map[string]float64{"anger": 0.7, "amusement": 0.2}, Context: "[voice expresses anger, 0.70]"}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

// What was said before a pause is in no turn that ends after it, and what is said in it is
// not sent. A turn that was over before still has its result.
func TestPauseOfMeasurement(t *testing.T) {
	s := serve(t)
	s.Measure(map[string]float64{"anger": 0.7})
	o := observe(t, Config{Backend: Measurement, Account: account(t, s), Wait: 300 * time.Millisecond})
	now := live(t, o, time.Now(), func() bool { return s.AwaitStreamed(time.Second, 0) })
	o.End(1, now)
	for o.turnsQueued() > 0 {
		<-time.After(time.Millisecond)
	}
	now = live(t, o, now, func() bool { return s.AwaitStreamed(4*time.Second, 0) })
	o.Pause()
	now = say(o, speaker.Say(time.Second), now)
	o.End(2, now)
	o.Resume()
	o.End(3, time.Now())
	if r := next(t, o); r.Turn != 1 {
		t.Errorf("got %+v", r)
	}
	o.Close(time.Second)
	if len(o.Results()) > 0 || o.Stats().Skipped != 1 {
		t.Errorf("%d results more, %+v", len(o.Results()), o.Stats())
	}
}

func (o *Observer) turnsQueued() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.turns)
}

// A session that ends is opened again, once in Retry.
func TestMeasurementReconnects(t *testing.T) {
	s := serve(t)
	s.Set(expressiontest.Closes)
	o := observe(t, Config{Backend: Measurement, Account: account(t, s, func(c *AccountConfig) { c.Retry = time.Second })})
	now := live(t, o, time.Now(), func() bool { return s.AwaitSessions(1, 0) })
	if err := waitTrouble(t, o, &now); !strings.Contains(err.Error(), "measurement") {
		t.Error(err)
	}
	s.Set(expressiontest.Works)
	opened := now
	now = live(t, o, now, func() bool { return s.AwaitSessions(2, 0) })
	if n := s.Sessions(); n != 2 || now.Sub(opened) < 500*time.Millisecond {
		t.Errorf("%d sessions after %v of sound", n, now.Sub(opened))
	}
}

func waitTrouble(t *testing.T, o *Observer, now *time.Time) error {
	t.Helper()
	for range 500 {
		select {
		case err := <-o.Trouble():
			return err
		case <-time.After(5 * time.Millisecond):
			*now = say(o, speaker.Say(20*time.Millisecond), *now)
		}
	}
	t.Fatal("nothing says what is wrong")
	return nil
}

func TestMeasurementsThatGoWrong(t *testing.T) {
	for _, mode := range expressiontest.Modes {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.Set(mode)
			o := observe(t, Config{Backend: Measurement, Wait: 50 * time.Millisecond,
				Account: account(t, s, func(c *AccountConfig) { c.Timeout = 200 * time.Millisecond })})
			now := time.Now()
			err := waitTrouble(t, o, &now)
			if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "secret") {
				t.Errorf("the error says too much: %v", err)
			}
			ulaw := speaker.Say(10 * time.Second)
			begun := time.Now()
			now = say(o, ulaw, now)
			o.End(1, now)
			if d := time.Since(begun); d > time.Second {
				t.Errorf("10 s of sound held the caller up for %v", d)
			}
			if s.Sessions() > 1 {
				t.Errorf("%d sessions in one rest", s.Sessions())
			}
			begun = time.Now()
			o.Close(0)
			if d := time.Since(begun); d > time.Second {
				t.Errorf("closing took %v", d)
			}
		})
	}
}
