package expression

import (
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/expression/expressiontest"
)

// What is said in a pause of the recording leaves no trace, neither in a result nor at
// the service.
func TestPause(t *testing.T) {
	s := serve(t)
	s.Answer(map[string]any{"frustrated": 0.5})
	o := observe(t, Config{Backend: Decisions, Account: account(t, s)})
	now := say(o, speaker.Say(time.Second), time.Now())
	o.End(1, now)
	if r := next(t, o); r.Turn != 1 {
		t.Errorf("got %+v", r)
	}
	o.Begin(now)
	now = say(o, speaker.Say(time.Second), now)
	o.Pause()
	now = say(o, speaker.Say(3*time.Second), now)
	o.End(2, now)
	o.Resume()
	begin := now
	now = say(o, speaker.Say(2*time.Second), now)
	o.End(3, now)
	if r := next(t, o); r.Turn != 3 {
		t.Errorf("got %+v, want the turn after the pause", r)
	}
	clips := s.Clips()
	if len(clips) != 2 || clips[1].Length > now.Sub(begin)+500*time.Millisecond {
		t.Errorf("%d clips, the last of %v", len(clips), clips[len(clips)-1].Length)
	}
}

func TestANilObserverDoesNothing(t *testing.T) {
	var m *Meter
	o := m.Observe()
	o.Caller([]byte{1}, time.Now())
	o.Agent(time.Now(), time.Second)
	o.Cut(time.Now())
	o.Begin(time.Now())
	o.End(1, time.Now())
	o.Pause()
	o.Resume()
	o.Close(time.Hour)
	if o.Results() != nil || o.Trouble() != nil || o.Stats() != (Stats{}) {
		t.Error("a nil Observer has something to say")
	}
}

func TestManyUsersAtOnce(t *testing.T) {
	s := serve(t)
	s.Answer(map[string]any{"frustrated": 0.5})
	s.Measure(map[string]float64{"joy": 0.5})
	a := account(t, s)
	for _, b := range []Backend{Decisions, Measurement, Prosody} {
		o := observe(t, Config{Backend: b, Account: a, Wait: 50 * time.Millisecond})
		var wg sync.WaitGroup
		for i, f := range []func(now time.Time){
			func(now time.Time) { say(o, speaker.Say(2*time.Second), now) },
			func(now time.Time) { o.Agent(now, time.Second); o.Cut(now.Add(time.Second / 2)) },
			func(now time.Time) { o.Begin(now); o.End(1, now.Add(time.Second)) },
			func(time.Time) { o.Pause(); o.Resume(); o.Stats() },
		} {
			wg.Go(func() {
				for n := range 3 {
					f(time.Now().Add(time.Duration(i+n) * time.Second))
				}
			})
		}
		wg.Wait()
		o.Close(100 * time.Millisecond)
	}
}

// A reader that never reads loses the oldest results and holds nothing up.
func TestResultsHaveABound(t *testing.T) {
	o := observe(t, Config{Backend: Prosody})
	now := time.Now()
	for turn := range 40 {
		now = say(o, speaker.Say(200*time.Millisecond), now)
		o.End(turn, now)
		for o.awaits() > 0 {
			<-time.After(time.Millisecond)
		}
	}
	o.Close(time.Second)
	if n := len(o.Results()); n != 16 {
		t.Errorf("%d results", n)
	}
	if r := next(t, o); r.Turn != 24 {
		t.Errorf("the oldest is of turn %d", r.Turn)
	}
}

func TestSoundThatNobodyTakesIsDropped(t *testing.T) {
	o := newObserver(func(h host) backend { return &stuck{prosody: prosody{host: h}, until: h.ctx.Done()} })
	defer o.Close(0)
	o.Caller(expressiontest.Silence(20*time.Millisecond), time.Now())
	for o.queued() > 0 { // the backend has the first frame
		<-time.After(time.Millisecond)
	}
	say(o, expressiontest.Silence(5*time.Second), time.Now())
	if d := o.Stats().Dropped; d != 3*time.Second {
		t.Errorf("%v were dropped of 5 s", d)
	}
}

func (o *Observer) queued() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.samples
}

// stuck is a backend that never comes back from what it hears.
type stuck struct {
	prosody
	until <-chan struct{}
}

func (s *stuck) hear(frame) { <-s.until }
