package consent

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/phone"
)

func TestNotBefore(t *testing.T) {
	t.Parallel()
	tomorrow := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		clockCase
		often []rule
		want  string // "" for never
	}{
		{clockCase{name: "a call at night waits until the morning there", loc: Location{"NY", newYork},
			at: "2026-11-24 22:00 America/New_York"}, nil, "2026-11-25 08:00 America/New_York"},
		{clockCase{name: "of two places it waits until both are awake", to: "212",
			loc: Location{"CA", "America/Los_Angeles"}, at: "2026-11-24 22:00 America/New_York"}, nil,
			"2026-11-25 09:00 America/Los_Angeles"},
		{clockCase{name: "Hawaii and New York share two hours of a winter's day", to: "808", loc: Location{"NY", newYork},
			at: "2026-11-22 22:00 America/New_York"}, nil,
			"2026-11-23 08:00 Pacific/Honolulu"},
		{clockCase{name: "the later of the rules' own times may be none: when Rhode Island opens, Hawaii sleeps",
			to: "401", loc: Location{"HI", "Pacific/Honolulu"},
			at: "2026-11-20 19:00 America/New_York"}, nil, "2026-11-21 08:00 Pacific/Honolulu"},
		{clockCase{name: "Guam's office hours are Rhode Island's evenings, so there is no time", to: "401",
			loc: Location{"GU", "Pacific/Guam"}, at: "2026-11-20 12:00 America/New_York"}, nil, ""},
		{clockCase{name: "before Thanksgiving it may be Friday", to: "401", loc: Location{"RI", newYork},
			at: "2026-11-25 18:00 America/New_York"}, nil, "2026-11-27 09:00 America/New_York"},
		{clockCase{name: "and over a long weekend Monday", to: "215", loc: Location{"PA", newYork},
			at: "2027-07-03 20:00 America/New_York"}, nil, "2027-07-06 09:00 America/New_York"},
		{clockCase{name: "a person's own wish is kept", loc: Location{"NY", newYork}, at: "2026-11-24 12:00 America/New_York",
			facts: []Fact{{Type: Preference, Seller: "riverbend", NotBefore: &tomorrow, After: "18:00"}}}, nil,
			"2026-11-25 18:00 America/New_York"},
		{clockCase{name: "a wish for hours that the law forbids is never kept", loc: Location{"NY", newYork},
			at:    "2026-11-24 12:00 America/New_York",
			facts: []Fact{{Type: Preference, Seller: "riverbend", After: "22:00"}}}, nil, ""},
		{clockCase{name: "what is switched off does not delay", loc: Location{"NY", newYork},
			at: "2026-11-24 22:00 America/New_York", policy: "name: x\nswitched_off: [hours, holiday]",
			facts: []Fact{{Type: Preference, Seller: "riverbend", After: "22:30"}}}, nil, "2026-11-24 22:30 America/New_York"},
		{clockCase{name: "how often counts, too", loc: Location{"NY", newYork}, at: "2026-11-24 12:00 America/New_York"},
			[]rule{restUntil(t, "2026-11-25 12:00 America/New_York")}, "2026-11-25 12:00 America/New_York"},
		{clockCase{name: "if its time is in the night, the next morning", loc: Location{"NY", newYork},
			at: "2026-11-24 12:00 America/New_York"},
			[]rule{restUntil(t, "2026-11-25 22:00 America/New_York")}, "2026-11-26 08:00 America/New_York"},
		{clockCase{name: "a cap without an end is never", loc: Location{"NY", newYork},
			at: "2026-11-24 12:00 America/New_York"},
			[]rule{{"frequency.test", EffectDefer, func(*evaluation) []Result {
				return []Result{{Rule: "frequency.test", Status: Fail, Effect: EffectDefer}}
			}}}, ""},
		{clockCase{name: "more than two weeks ahead nobody looks", loc: Location{"NY", newYork},
			at: "2026-11-24 12:00 America/New_York"},
			[]rule{restUntil(t, "2026-12-09 12:00 America/New_York")}, ""},
		{clockCase{name: "where nobody knows the place, nobody knows the time", to: "999",
			at: "2026-11-24 22:00 America/New_York"}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := tt.evaluation(t)
			got := e.firstTime(tt.often)
			if tt.want == "" {
				if got != nil {
					t.Errorf("not before %s, want never", got)
				}
				return
			}
			if want := localInstant(t, tt.want); got == nil || !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("not before %v, want %v", got, want.UTC())
			}
		})
	}
}

// restUntil is a rule about how often, which fails until a time.
func restUntil(t *testing.T, s string) rule {
	until := localInstant(t, s)
	return rule{"frequency.test", EffectDefer, func(e *evaluation) []Result {
		if e.now.Before(until) {
			return []Result{{Rule: "frequency.test", Status: Fail, Effect: EffectDefer, Reason: "called too often",
				RetryAt: &until}}
		}
		return []Result{{Rule: "frequency.test", Status: Pass, Effect: EffectDefer, Reason: "rested"}}
	}}
}

// drawCall is a call to somebody who may be in several places, at any time.
func drawCall(t *rapid.T) *evaluation {
	to, err := phone.Parse("+1212" + "5552671")
	if err != nil {
		t.Fatal(err)
	}
	e := newEvaluation(Builtin(), Request{To: to, From: to, Purpose: Informational, Seller: Seller{Name: "riverbend"}},
		Snapshot{}, drawInstant(t))
	e.places = nil
	for range rapid.IntRange(1, 4).Draw(t, "places") {
		e.places = drawPlace(t, e.places)
	}
	if rapid.Bool().Draw(t, "wish") {
		w := drawWindow(t)
		f := Fact{Type: Preference, Seller: "riverbend", After: string(appendMinutes(nil, w.open)),
			Before: string(appendMinutes(nil, w.shut))}
		e.s.Facts = append(e.s.Facts, f)
	}
	return e
}

func drawPlace(t *rapid.T, places []Place) []Place {
	state := rapid.SampledFrom(append(phone.States(), "")).Draw(t, "state")
	zones := phone.StateZones(state)
	if state == "" {
		zones = phone.Contiguous()
	}
	return addPlace(places, state, rapid.SampledFrom(zones).Draw(t, "zone"), "stated", 0)
}

// against is the rules about time that are against a call at an instant.
func (e *evaluation) against(at time.Time) []string {
	then := *e
	then.now = at
	var list []string
	for _, r := range timeRules {
		for _, result := range then.run(r) {
			if result.Status == Fail && result.Effect == EffectDefer {
				list = append(list, result.Rule)
			}
		}
	}
	return list
}

// At the time that is named a call really is allowed, and it was not at any minute
// before.
func TestNotBeforeIsTheFirstTimeAllowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawCall(t)
		end := e.now.Add(search)
		var buf [24]zoneClock
		clocks, _ := e.clocks(buf[:0])
		allowed := func(at time.Time) bool {
			return !slices.ContainsFunc(clocks, func(c zoneClock) bool { return !c.opens(at, e.dialMargin()) })
		}
		got := e.notBefore()
		if got != nil {
			if rules := e.against(*got); len(rules) > 0 {
				t.Fatalf("not before %s, but then %v are against it", got, rules)
			}
			if got.After(e.now) && len(e.against(got.Add(-time.Second))) == 0 {
				t.Fatalf("not before %s, but a second before nothing is against it", got)
			}
			end = got.Add(-time.Second)
		}
		for at := e.now; !at.After(end); at = at.Truncate(time.Minute).Add(time.Minute) {
			if allowed(at) {
				t.Fatalf("not before %v, but %s is allowed", got, at)
			}
		}
	})
}

// One place more in which the person may be never turns a no into a yes.
func TestAnotherPlaceAllowsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawCall(t)
		before := e.against(e.now)
		was := e.notBefore()
		e.places = drawPlace(t, e.places)
		after := e.against(e.now)
		for _, rule := range before {
			if !slices.Contains(after, rule) {
				t.Fatalf("%s was against the call, and with %+v is not", rule, e.places[len(e.places)-1])
			}
		}
		if now := e.notBefore(); now != nil && (was == nil || now.Before(*was)) {
			t.Fatalf("not before %v, and with one place more not before %v", was, now)
		}
	})
}
