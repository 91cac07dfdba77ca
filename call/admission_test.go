package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// An hour is the last 60 minutes, to the minute, however long nobody called.
func TestHour(t *testing.T) {
	t.Parallel()
	h, began := &hour{}, time.Unix(1_780_000_000, 0)
	for i := range 90 {
		h.add(began.Add(time.Duration(i) * time.Minute))
	}
	for after, want := range map[time.Duration]int{89 * time.Minute: 60} {
		if got := h.count(began.Add(after)); got != want {
			t.Errorf("after %v: %d, want %d", after, got, want)
		}
	}
	if got := h.count(began.Add(119 * time.Minute)); got != 30 {
		t.Errorf("half an hour later: %d, want 30", got)
	}
	if got := h.count(began.Add(1000 * time.Hour)); got != 0 {
		t.Errorf("weeks later: %d", got)
	}
}

// arriving is a switchboard that is asked about calls, which all go on.
type arriving struct {
	*Switchboard
	now time.Time
	n   int
}

func newArriving() *arriving {
	b := &Switchboard{table: newTable(prometheus.NewGauge(prometheus.GaugeOpts{})), arrivals: arrivals{callers: map[string]*hour{}, numbers: map[string]*hour{}}}
	return &arriving{Switchboard: b, now: time.Unix(1_780_000_000, 0)}
}

// ring has a call ring, which ends at once or stays.
func (a *arriving) ring(p *Profile, from, to string, stays bool) string {
	why := a.admitted(carrier.Incoming{From: phone.Party(from), To: phone.Party(to)}, p, tally{}, a.now)
	if why == "" && stays {
		a.n++
		c := &Call{}
		c.journal.head.From, c.journal.head.To = from, to
		put(&a.table, fmt.Sprint(a.n), awaiting{&waiting{call: c}})
	}
	return why
}

const (
	ann   = "+14152350142"
	bob   = "+14152350143"
	line1 = "+14155550100"
	line2 = "+14155550101"
)

func TestAdmission(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		limits   Admission
		from, to string
		stays    bool
		taken    int // of calls like this before one is refused
		why      string
	}{
		{"a caller at once, by default", Admission{}, ann, line1, true, 30, "caller_limit"},
		{"a caller in an hour, by default", Admission{}, ann, line1, false, 300, "caller_limit"},
		{"a number in an hour, by default", Admission{}, "anonymous", line1, false, 20_000, "number_limit"},
		{"a caller at once", Admission{Caller: Quota{AtOnce: 2}}, ann, line1, true, 2, "caller_limit"},
		{"a caller in an hour", Admission{Caller: Quota{PerHour: 3}}, ann, line1, false, 3, "caller_limit"},
		{"a number at once", Admission{Number: Quota{AtOnce: 4}}, ann, line1, true, 4, "number_limit"},
		{"a number in an hour", Admission{Number: Quota{PerHour: 5}}, ann, line1, false, 5, "number_limit"},
		{"who withholds the number is nobody", Admission{Caller: Quota{AtOnce: 1}, Number: Quota{AtOnce: 6}}, "+266696687", line1, true, 6, "number_limit"},
		{"nor is who gives one that can't be", Admission{Caller: Quota{AtOnce: 1}, Number: Quota{AtOnce: 6}}, "+15550100001", line1, true, 6, "number_limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, p := newArriving(), &Profile{Admission: test.limits}
			for i := range test.taken {
				if why := a.ring(p, test.from, test.to, test.stays); why != "" {
					t.Fatalf("call %d: %s", i, why)
				}
			}
			if why := a.ring(p, test.from, test.to, test.stays); why != test.why {
				t.Errorf("the next call: %q, want %q", why, test.why)
			}
			if test.why == "caller_limit" {
				if why := a.ring(p, bob, test.to, false); why != "" {
					t.Errorf("somebody else: %s", why)
				}
			} else if why := a.ring(p, test.from, line2, false); why != "" {
				t.Errorf("another number: %s", why)
			}
			a.now = a.now.Add(61 * time.Minute)
			if why := a.ring(p, test.from, test.to, false); (why == "") == test.stays {
				t.Errorf("an hour later, with calls that stay %v: %q", test.stays, why)
			}
		})
	}
}

// Who varies the number fills no memory, and meets the limit of the number called.
func TestCallersAreBounded(t *testing.T) {
	t.Parallel()
	a, p := newArriving(), &Profile{Admission: Admission{Number: Quota{PerHour: 3 * callersMost}}}
	for i := range 2 * callersMost {
		if why := a.ring(p, fmt.Sprintf("+441632%06d", i), line1, false); why != "" {
			t.Fatalf("call %d: %s", i, why)
		}
	}
	if n := len(a.arrivals.callers); n != callersMost {
		t.Errorf("%d callers are remembered", n)
	}
	a.now = a.now.Add(2 * time.Hour)
	a.ring(p, ann, line1, false)
	if n := len(a.arrivals.callers); n != 1 {
		t.Errorf("%d callers are remembered two hours later", n)
	}
}

// Who is over a limit hears a sentence. The fallback's telephone does not ring.
func TestTooMany(t *testing.T) {
	t.Parallel()
	p := &Profile{Fallback: Fallback{Say: "Sorry.", Dial: bob}}
	if s, ok := tooMany(p).(carrier.Say); !ok || !strings.Contains(s.Text, "try again in an hour") || s.Then != "" {
		t.Errorf("got %+v", s)
	}
	p.Admission.Say = "Too often & too fast."
	if s := tooMany(p); s != (carrier.Say{Text: "Too often & too fast."}) {
		t.Errorf("got %+v", s)
	}
}
