package expression

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/expression/expressiontest"
)

func TestDecisionsOfATurn(t *testing.T) {
	s := serve(t)
	s.Answer(map[string]any{
		"frustrated": map[string]any{"noul": 0.82},
		"mood":       map[string]any{"choice": "angry", "probabilities": map[string]float64{"calm": 0.45, "angry": 0.55}},
	})
	questions := []Question{
		{ID: "mood", Type: Choice, Ask: "Which mood?", Options: []string{"calm", "angry"}},
		{ID: "frustrated", Type: Noul, Ask: "Does the speaker sound frustrated?"},
	}
	o := observe(t, Config{Backend: Decisions, Account: account(t, s), Questions: questions})
	now := say(o, expressiontest.Silence(time.Second), time.Now())
	o.Begin(now)
	now = say(o, speaker.Say(2*time.Second), now)
	o.End(3, now)
	r := next(t, o)
	want := Result{Turn: 3, At: r.At, Scores: map[string]float64{"frustrated": 0.82, "mood": 0.55},
		Labels: map[string]string{"mood": "angry"}, Source: SourceDecisions, Context: "[sounds frustrated, 0.82]"}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	c := s.Clips()[0]
	if c.Rate != 8000 || c.Length < 2*time.Second || c.Length > 2600*time.Millisecond {
		t.Errorf("a clip of %v at %d Hz", c.Length, c.Rate)
	}
	if diff := cmp.Diff([]string{"mood", "frustrated"}, c.Order); diff != "" {
		t.Error(diff)
	}
}

// Whatever the service does, a call is neither held up nor ended late, and says once what
// is wrong, without the key or anything that the service said.
func TestDecisionsThatGoWrong(t *testing.T) {
	for _, mode := range expressiontest.Modes {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.Set(mode)
			o := observe(t, Config{Backend: Decisions, Wait: 100 * time.Millisecond,
				Account: account(t, s, func(c *AccountConfig) { c.Timeout = 200 * time.Millisecond })})
			now, held, ulaw := time.Now(), time.Duration(0), speaker.Say(time.Second)
			for turn := range 5 {
				begun := time.Now()
				now = say(o, ulaw, now)
				o.End(turn+1, now)
				held += time.Since(begun)
				for o.queued() > 0 { // sound comes quicker here than on a call
					<-time.After(time.Millisecond)
				}
			}
			if held > time.Second {
				t.Errorf("5 s of sound held the caller up for %v", held)
			}
			select {
			case err := <-o.Trouble():
				for _, s := range []string{key, "secret", "http://"} {
					if strings.Contains(err.Error(), s) {
						t.Errorf("the error says too much: %v", err)
					}
				}
			case <-time.After(5 * time.Second):
				t.Error("nothing says what is wrong")
			}
			o.Close(2 * time.Second)
			if s := o.Stats(); s.Skipped != 5 || len(o.Results()) > 0 {
				t.Errorf("%d turns have no result, %d have one", s.Skipped, len(o.Results()))
			}
			if n := len(s.Clips()); n > failuresToOpen+maxAsking-1 {
				t.Errorf("a service that fails was asked %d times", n)
			}
		})
	}
	t.Run("gone", func(t *testing.T) {
		s := serve(t)
		s.Close()
		o := observe(t, Config{Backend: Decisions, Account: account(t, s)})
		o.End(1, say(o, speaker.Say(time.Second), time.Now()))
		<-o.Trouble()
	})
}

func TestATooBusyServiceIsLeftAlone(t *testing.T) {
	s := serve(t)
	s.Set(expressiontest.TooMany)
	o := observe(t, Config{Backend: Decisions, Account: account(t, s)})
	now := say(o, speaker.Say(time.Second), time.Now())
	o.End(1, now)
	if err := <-o.Trouble(); !strings.Contains(err.Error(), "429") {
		t.Error(err)
	}
	s.Set(expressiontest.Works)
	o.End(2, say(o, speaker.Say(time.Second), now))
	o.Close(time.Second)
	if len(s.Clips()) != 1 {
		t.Errorf("asked %d times, though it asked to be left alone for a minute", len(s.Clips()))
	}
}

func TestTheLimitOfRequestsIsSharedByCalls(t *testing.T) {
	s := serve(t)
	s.Answer(map[string]any{"frustrated": 0.1})
	a := account(t, s, func(c *AccountConfig) { c.PerMinute = 2 })
	var skipped int
	for range 4 {
		o := observe(t, Config{Backend: Decisions, Account: a})
		o.End(1, say(o, speaker.Say(time.Second), time.Now()))
		o.Close(2 * time.Second)
		skipped += o.Stats().Skipped
	}
	if len(s.Clips()) != 2 || skipped != 2 {
		t.Errorf("%d requests, %d turns without a result", len(s.Clips()), skipped)
	}
}

// A result that is under way when the call ends is waited for, and not for ever.
func TestTheLastTurnIsWaitedFor(t *testing.T) {
	s := serve(t)
	s.Delay = 100 * time.Millisecond
	s.Set(expressiontest.Slow)
	s.Answer(map[string]any{"frustrated": 0.9})
	o := observe(t, Config{Backend: Decisions, Account: account(t, s)})
	o.End(1, say(o, speaker.Say(time.Second), time.Now()))
	o.Close(2 * time.Second)
	if r := next(t, o); r.Scores["frustrated"] != 0.9 {
		t.Errorf("got %+v", r)
	}
	s.Set(expressiontest.Hangs)
	o = observe(t, Config{Backend: Decisions, Account: account(t, s)})
	o.End(1, say(o, speaker.Say(time.Second), time.Now()))
	begun := time.Now()
	o.Close(50 * time.Millisecond)
	if d := time.Since(begun); d > 500*time.Millisecond {
		t.Errorf("closing took %v", d)
	}
}
