package remind

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What lets an agent's calls rest, for how long, and how they start again. Each row is
// a story: F a call failed at the carrier, S one rang, +5m time goes by, go and no
// whether a call that is about to be placed may be, =5m how long the agent rests from
// now on.
func TestBreaker(t *testing.T) {
	t.Parallel()
	const rests = "F F F F F "
	for name, story := range map[string]string{
		"calls-that-ring":                   "S S S S S S S S S S S S go =0s",
		"four-failures-are-not-enough":      "F F F F =0s go",
		"five-are":                          "F F F F go F =5m no",
		"five-of-ten":                       "F S F S F S F S =0s F =5m",
		"what-is-longer-ago-than-ten-calls": "F F F F S S S S S S S S F F F F =0s F =5m",
		"four-of-ten-for-ever":              "F S S F S S F S S F S S F S S F S S F S S F S S =0s go",
		"it-lasts-five-minutes":             rests + "+4m59s no =1s +1s =0s go",
		"then-one-is-tried":                 rests + "+5m go no no =30s",
		"and-rings-all-may-go":              rests + "+5m go no S go go =0s",
		"and-the-count-begins-anew":         rests + "+5m go S F F F F =0s go F =5m no",
		"and-fails-another-rest":            rests + "+5m go +20s F no =5m +5m go S go",
		"ten-rests-in-a-row":                rests + strings.Repeat("+5m go no F no =5m ", 10) + "+5m go S go =0s",
		"the-one-is-never-heard-of":         rests + "+5m go no +29s no +1s go no S go",
		"who-was-asked-for-before-the-rest": rests + "S S S =5m no +1m S S F F =4m no",
		"and-is-heard-after-it":             rests + "+5m S go go =0s",
		"nobody-asks-for-an-hour":           rests + "+1h =0s go no S go",
		"of-a-day-with-few-calls":           "F +3h F +3h F +3h F +3h F =5m",
		"another-agent-does-not":            rests + "no other-go other-=0s",
		"another-agent-has-its-own":         "F F F other-F other-F go other-go =0s other-=0s",
		"another-instances-rest":            "paused =1h no-look +1h =0s",
		"the-longer-of-two":                 "paused " + rests + "=1h no +5m =55m",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var told []Pause
				b := newBreakers(Policy{}.withDefaults(), time.Now, func(p Pause) { told = append(told, p) })
				var paused time.Time
				trips := 0
				for i, word := range strings.Fields(story) {
					agent := "reminders"
					if rest, ok := strings.CutPrefix(word, "other-"); ok {
						agent, word = "other", rest
					}
					at := fmt.Sprintf("step %d (%s)", i+1, word)
					switch {
					case word == "F":
						b.heard(agent, errors.New("the API answered 503"))
					case word == "S":
						b.heard(agent, nil)
					case word == "paused":
						paused = time.Now().Add(time.Hour)
					case word == "go", word == "no":
						if until := b.enter(agent); until.After(time.Now()) != (word == "no") {
							t.Errorf("%s: it rests for %v", at, time.Until(until))
						}
					case word == "no-look":
						if until := b.until(agent, paused); !until.After(time.Now()) {
							t.Errorf("%s: it is looked at", at)
						}
					case word[0] == '+':
						d, err := time.ParseDuration(word[1:])
						if err != nil {
							t.Fatal(err)
						}
						time.Sleep(d) // of the bubble
					case word[0] == '=':
						want, err := time.ParseDuration(word[1:])
						if got := max(0, time.Until(b.until(agent, paused))); got != want || err != nil {
							t.Errorf("%s: it rests for %v", at, got)
						}
						if want == 5*time.Minute {
							trips++
						}
					default:
						t.Fatalf("what is %q?", word)
					}
				}
				for _, p := range told {
					if p.Agent != "reminders" || !strings.Contains(p.Reason, "the API answered 503") || p.Until.IsZero() {
						t.Errorf("the other instances are told %+v", p)
					}
				}
				if len(told) < trips {
					t.Errorf("they are told %d times of %d rests", len(told), trips)
				}
			})
		})
	}
}
