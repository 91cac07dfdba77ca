package consent

import (
	"testing"
	"time"
)

// on is a fact of which only the day is known.
func on(date string) func(*Fact) {
	return func(f *Fact) {
		f.OccurredOn = date
		f.OccurredAt, _ = NoonOf(date)
	}
}

// A date is a whole day: what speaks against a call counts until its last instant, a
// consent from its first, in every zone where the person may be.
func TestADateIsAWholeDay(t *testing.T) {
	t.Parallel()
	taken := func(with func(*Fact)) Fact {
		return fact(Fact{Type: NumberFact, Source: "rnd", Reassigned: Yes, DateParam: "2026-11-01"}, with)
	}
	afternoon := time.Date(2026, 11, 10, 15, 0, 0, 0, time.FixedZone("", -5*3600))
	for _, x := range []struct {
		name  string
		grant func(*Fact)
		other Fact
		rule  string
		want  Status
	}{
		{"a stop of a day, over a consent of its afternoon", at(afternoon),
			fact(Fact{Type: Revoke, Source: "phone", Scope: AllAutomated}, on("2026-11-10")), "revoked", Fail},
		{"another's number by that day, a consent of its afternoon", at(afternoon), taken(on("2026-11-10")), "reassigned",
			Fail},
		{"another's number by that day, a consent of its late evening in Hawaii",
			at(time.Date(2026, 11, 11, 9, 0, 0, 0, time.UTC)), taken(on("2026-11-10")), "reassigned", Fail},
		{"another's number by that day, a consent of when it has ended everywhere",
			at(time.Date(2026, 11, 11, 12, 0, 1, 0, time.UTC)), taken(on("2026-11-10")), "reassigned", Pass},
		{"another's number in the night before in the US, a consent of that day", on("2026-11-10"),
			taken(at(time.Date(2026, 11, 9, 11, 0, 0, 0, time.UTC))), "reassigned", Fail},
		{"another's number two days before, a consent of that day", on("2026-11-10"),
			taken(at(time.Date(2026, 11, 8, 11, 0, 0, 0, time.UTC))), "reassigned", Pass},
		{"both of one day", on("2026-11-10"), taken(on("2026-11-10")), "reassigned", Fail},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			grant := granted(x.grant)
			about := date(&grant)
			answer := lookedUp(func(f *Fact) { f.DateParam = about })
			d := reminder(grant, answer, x.other).decide()
			if r := result(t, d, x.rule); r.Status != x.want {
				t.Errorf("%s: %s: %s, want %s", r.Rule, r.Status, r.Reason, x.want)
			}
		})
	}
}

func TestDatesThatMayBeTold(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 18, 2, 0, 0, 0, time.UTC) // the 18th has begun in New York's evening of the 17th, in UTC
	for _, x := range []struct {
		name string
		f    Fact
		ok   bool
	}{
		{"a consent of today, before noon", granted(on("2026-11-18")), true},
		{"a consent of the day that it is on Kiritimati alone", granted(on("2026-11-19")), false},
		{"a stop of tomorrow, by a clock that is wrong", fact(Fact{Type: Revoke, Source: "phone", Scope: AllAutomated},
			on("2026-11-19")), true},
		{"a stop of next week", fact(Fact{Type: Revoke, Source: "phone", Scope: AllAutomated}, on("2026-11-25")), false},
		{"no date at all", granted(func(f *Fact) { f.OccurredOn = "20.11.2026" }), false},
		{"a date of another day than its time", granted(func(f *Fact) { f.OccurredOn = "2026-11-01" }), false},
	} {
		if err := x.f.Validate(early); (err == nil) != x.ok {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}
