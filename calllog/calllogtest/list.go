package calllogtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Pages neither repeat nor skip a call, though calls arrive meanwhile and many
// began in the same microsecond.
func pages(t *testing.T, s calllog.Store) {
	insert := func(n int, started time.Time) (id string) {
		c := Ringing(fmt.Sprintf("call-%03d", n), 1)
		c.StartedAt = started
		apply(t, s, calllog.Change{Call: c})
		return c.ID
	}
	var want []string
	for n := range 25 {
		want = append(want, insert(n, noon.Add(time.Duration(n/5)*time.Second)))
	}
	slices.Reverse(want)

	var got []string
	filter := calllog.Filter{Limit: 4}
	for page := 0; ; page++ {
		calls, next, err := s.List(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(calls)...)
		if next == "" {
			break
		}
		insert(100+page, noon.Add(time.Hour))
		filter.Cursor = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages show\n%q, want\n%q", got, want)
	}
}

func limits(t *testing.T, s calllog.Store) {
	var changes []calllog.Change
	for n := range calllog.MaxLimit + 1 {
		changes = append(changes, calllog.Change{Call: Ringing(fmt.Sprint(n), 1)})
	}
	apply(t, s, changes...)
	for limit, want := range map[int]int{0: calllog.DefaultLimit, 1: 1, calllog.MaxLimit: calllog.MaxLimit} {
		calls, next, err := s.List(t.Context(), calllog.Filter{Limit: limit})
		if err != nil || len(calls) != want || next == "" {
			t.Errorf("limit %d: %d calls, next %q, %v; want %d and a next page", limit, len(calls), next, err, want)
		}
	}
}

func filters(t *testing.T, s calllog.Store) {
	live, ended := Ringing("live", 1), Full()
	live.Agent, ended.ID = "billing", "ended"
	apply(t, s, calllog.Change{Call: live}, calllog.Change{Call: &ended})
	yes, no := true, false
	for _, c := range []struct {
		name   string
		filter calllog.Filter
		want   []string
	}{
		{"all", calllog.Filter{}, []string{"live", "ended"}},
		{"agent", calllog.Filter{Agent: "billing"}, []string{"live"}},
		{"outcome", calllog.Filter{Outcome: calllog.OutcomeCallerHungUp}, []string{"ended"}},
		{"direction", calllog.Filter{Direction: calllog.Outbound}, []string{"ended"}},
		{"sid", calllog.Filter{TwilioCallSID: "CA01"}, []string{"ended"}},
		{"live", calllog.Filter{Live: &yes}, []string{"live"}},
		{"not live", calllog.Filter{Live: &no}, []string{"ended"}},
		{"two at once", calllog.Filter{Agent: "billing", Live: &no}, []string{}},
		{"not SQL", calllog.Filter{Agent: "' or true --"}, []string{}},
	} {
		calls, next, err := s.List(t.Context(), c.filter)
		if err != nil || next != "" || !slices.Equal(ids(calls), c.want) {
			t.Errorf("%s: %q, next %q, %v; want %q", c.name, ids(calls), next, err, c.want)
		}
	}
	for name, bad := range map[string]calllog.Filter{
		"limit":     {Limit: 201},
		"limit ":    {Limit: -1},
		"cursor":    {Cursor: "nonsense"},
		"agent":     {Agent: "nul \x00"},
		"direction": {Direction: "\xff"},
	} {
		_, _, err := s.List(t.Context(), bad)
		if !errors.Is(err, calllog.ErrBadFilter) || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
			t.Errorf("a bad %s: %v, want ErrBadFilter and the name", name, err)
		}
	}
}
