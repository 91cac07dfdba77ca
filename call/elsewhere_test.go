package call

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// elsewhereCount is a count of other instances' calls, which may hang or fail.
type elsewhereCount struct {
	tally
	hangs bool
	err   error
	asked []string
}

func (c *elsewhereCount) CallsFrom(ctx context.Context, from, instance string) (live, lastHour int, err error) {
	c.asked = append(c.asked, from+" besides "+instance)
	if c.hangs {
		<-ctx.Done()
		return 0, 0, ctx.Err()
	}
	return c.live, c.lastHour, c.err
}

// A caller's calls at other instances count; while they can't be counted within 300 ms this
// instance's own count has to do. Nobody is counted who withholds the number.
func TestCallsElsewhereCount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		from  string
		count elsewhereCount
		why   string
		takes time.Duration
	}{
		{name: "none", from: ann},
		{name: "few", from: ann, count: elsewhereCount{tally: tally{live: 1, lastHour: 3}}},
		{name: "too many at once", from: ann, count: elsewhereCount{tally: tally{live: 2}}, why: "caller_limit"},
		{name: "too many in an hour", from: ann, count: elsewhereCount{tally: tally{lastHour: 4}}, why: "caller_limit"},
		{name: "the database hangs", from: ann, count: elsewhereCount{hangs: true}, takes: elsewhereWait},
		{name: "the database is away", from: ann, count: elsewhereCount{tally: tally{live: 9}, err: errors.New("away")}},
		{name: "somebody who withholds the number", from: "anonymous", count: elsewhereCount{hangs: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				a, p := newArriving(), &Profile{Admission: Admission{Caller: Quota{AtOnce: 3, PerHour: 5}}}
				a.ctx, a.cfg, a.refusals = t.Context(), Config{Elsewhere: &test.count, Instance: "here"}, zerolog.New(&log)
				a.ring(p, test.from, line1, true) // one is here
				began, v := time.Now(), carrier.Incoming{From: phone.Party(test.from), To: line1}
				beside := a.countElsewhere(v)
				if took := time.Since(began); took != test.takes {
					t.Errorf("it took %v, want %v", took, test.takes)
				}
				if why := a.admitted(v, p, beside, a.now); why != test.why {
					t.Errorf("the call: %q, want %q", why, test.why)
				}
				failed := test.from == ann && (test.count.hangs || test.count.err != nil)
				if failed != strings.Contains(log.String(), "not counted") || strings.Contains(log.String(), ann) {
					t.Errorf("the log says %q", log.String())
				}
				if known := test.from == ann; known != (len(test.count.asked) == 1 && test.count.asked[0] == ann+" besides here") {
					t.Errorf("it asked %q", test.count.asked)
				}
			})
		})
	}
}
