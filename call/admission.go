package call

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// Admission is how many calls that come in are taken for an agent, from one caller and to one
// number. The limits are for who floods a line; what they are by default a busy one does not
// reach. A number's calls at once are BRIDGE_MAX_CALLS at most, whatever is said here.
type Admission struct {
	Caller Quota  // of one caller, at all instances. Defaults to 30 at once and 300 an hour
	Number Quota  // of one number called, at this instance. Defaults to no limit at once and 20,000 an hour
	Say    string // what a caller over a limit hears. Defaults to [sayTooMany]
}

// Quota is a number of calls. A zero field is its default.
type Quota struct{ AtOnce, PerHour int }

// The quotas by default.
var (
	callerQuota = Quota{AtOnce: 30, PerHour: 300}
	numberQuota = Quota{PerHour: 20_000}
)

// callersMost is how many callers of an hour are remembered, at 300 bytes each. With more, new
// ones are held to the number's limit alone.
const callersMost = 20_000

const sayTooMany = "We have had a lot of calls from this number and can't take another one right now. Please try again in an hour. Goodbye."

func (q Quota) or(byDefault Quota) Quota {
	if q.AtOnce == 0 {
		q.AtOnce = byDefault.AtOnce
	}
	if q.PerHour == 0 {
		q.PerHour = byDefault.PerHour
	}
	return q
}

// exceeded tells whether one more call is too many.
func (q Quota) exceeded(atOnce, lastHour int) bool {
	return q.AtOnce > 0 && atOnce >= q.AtOnce || q.PerHour > 0 && lastHour >= q.PerHour
}

// hour counts calls by the minute.
type hour struct {
	minutes [60]int32
	last    int64 // the minute that was counted last, since 1970
}

// count is the calls of the last 60 minutes.
func (h *hour) count(now time.Time) (n int) {
	h.pass(now)
	for _, m := range h.minutes {
		n += int(m)
	}
	return n
}

func (h *hour) add(now time.Time) {
	h.pass(now)
	h.minutes[h.last%60]++
}

// pass forgets the minutes that are an hour old.
func (h *hour) pass(now time.Time) {
	minute := now.Unix() / 60
	if minute-h.last >= 60 {
		h.minutes, h.last = [60]int32{}, minute
	}
	for h.last < minute {
		h.last++
		h.minutes[h.last%60] = 0
	}
}

// arrivals are the calls that came in, by caller and by number called.
type arrivals struct {
	callers, numbers map[string]*hour
	swept            time.Time
}

// admitted tells whether a call that comes in is within its agent's limits, and counts it if it
// is. Beside are the caller's calls at other instances. If it is not, why says which. b.mu is held.
func (b *Switchboard) admitted(v carrier.Incoming, p *Profile, beside tally, now time.Time) (why string) {
	caller := callerOf(v.From)
	ofCaller, ofNumber := b.carried(v)
	number := b.arrivals.numbers[string(v.To)]
	if number == nil { // one of those that are configured
		number = &hour{}
		b.arrivals.numbers[string(v.To)] = number
	}
	from := b.arrivals.caller(caller, now)
	switch {
	case from != nil && p.Admission.Caller.or(callerQuota).exceeded(ofCaller+beside.live, from.count(now)+beside.lastHour):
		return "caller_limit"
	case p.Admission.Number.or(numberQuota).exceeded(ofNumber, number.count(now)):
		return "number_limit"
	}
	number.add(now)
	if from != nil {
		from.add(now)
	}
	return ""
}

// caller is the last hour of a caller; nil of one that nobody knows.
func (a *arrivals) caller(number string, now time.Time) *hour {
	if number == "" {
		return nil
	}
	h := a.callers[number]
	if h != nil {
		return h
	}
	if len(a.callers) >= callersMost && now.Sub(a.swept) >= time.Minute {
		a.swept = now
		for n, h := range a.callers {
			if h.count(now) == 0 {
				delete(a.callers, n)
			}
		}
	}
	if len(a.callers) >= callersMost {
		return nil
	}
	h = &hour{}
	a.callers[number] = h
	return h
}

// carried counts the calls in of the same caller, and to the same number, that are not over.
// b.mu is held.
func (b *Switchboard) carried(v carrier.Incoming) (ofCaller, ofNumber int) {
	for _, e := range b.table.byID {
		c := callIn(e.phase)
		if c == nil || c.outbound() {
			continue
		}
		if c.journal.head.From == string(v.From) {
			ofCaller++
		}
		if c.journal.head.To == string(v.To) {
			ofNumber++
		}
	}
	return ofCaller, ofNumber
}

// callerOf is whom a call's From names; empty where the caller withholds the number, or gives
// one that nobody can have.
func callerOf(p phone.Party) string {
	n, err := p.Number()
	if err != nil {
		return ""
	}
	if _, known := n.Area(); !known && strings.HasPrefix(n.E164(), "+1") {
		return ""
	}
	return n.E164()
}

// tooMany is what a caller over a limit gets: a sentence, and not the fallback's telephone,
// which the flood would reach next.
func tooMany(p *Profile) carrier.Step {
	say := p.Admission.Say
	if say == "" {
		say = sayTooMany
	}
	return carrier.Say{Text: say}
}
