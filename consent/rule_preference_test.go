package consent

import (
	"testing"
	"time"
)

func TestPreference(t *testing.T) {
	t.Parallel()
	ny := Location{"NY", newYork}
	wants := func(with ...func(*Fact)) Fact {
		f := Fact{Type: Preference, Seller: "riverbend"}
		for _, w := range with {
			w(&f)
		}
		return f
	}
	between := func(after, before string) func(*Fact) { return func(f *Fact) { f.After, f.Before = after, before } }
	from := func(s string) func(*Fact) {
		return func(f *Fact) { at := localInstant(t, s); f.NotBefore = &at }
	}
	forged := func(f *Fact) { f.Via, f.Attestation = ViaCall, "TN-Validation-Failed-C" }
	withheld := func(f *Fact) { f.Via = ViaCall }
	ours := func(f *Fact) { f.Via, f.PermitID = ViaCall, "p1" }
	known := func(f *Fact) { f.Via, f.Attestation = ViaCall, "TN-Validation-Passed-A" }
	long := func(f *Fact) { f.OccurredAt = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC) }
	runClockCases(t, []clockCase{
		{name: "who has said nothing may be called at any lawful hour", loc: ny, rule: "preference", status: Pass},
		{name: "'only call me after six' is not a refusal but a time", loc: ny,
			facts: []Fact{wants(between("18:00", ""))}, at: "2026-11-24 12:00 America/New_York",
			rule: "preference", status: Fail, says: "it is 12:00 in New York; the person asked for calls 18:00–24:00",
			retry: "2026-11-24 18:00 America/New_York"},
		{name: "after six it is what the person wants", loc: ny, facts: []Fact{wants(between("18:00", ""))},
			at: "2026-11-24 18:00 America/New_York", rule: "preference", status: Pass},
		{name: "'not after five' shuts at five", loc: ny, facts: []Fact{wants(between("", "17:00"))},
			at: "2026-11-24 17:00 America/New_York", rule: "preference", status: Fail,
			retry: "2026-11-25 00:00 America/New_York"},
		{name: "and no call is begun so late that it is answered later", loc: ny,
			facts: []Fact{wants(between("", "17:00"))}, at: "2026-11-24 16:58 America/New_York", rule: "preference",
			status: Fail,
			says:   "no call starts in the last 5 minutes"},
		{name: "'not today' ends tomorrow", loc: ny, facts: []Fact{wants(from("2026-11-25 00:00 America/New_York"))},
			at: "2026-11-24 12:00 America/New_York", rule: "preference", status: Fail,
			says: "asked not to be called before 2026-11-25 05:00 UTC", retry: "2026-11-25 00:00 America/New_York"},
		{name: "a day that has come is no reason any more", loc: ny,
			facts: []Fact{wants(from("2026-11-23 00:00 America/New_York"))}, rule: "preference", status: Pass},
		{name: "a day and an hour are both kept", loc: ny,
			facts: []Fact{wants(from("2026-11-25 00:00 America/New_York"), between("18:00", "20:00"))}, rule: "preference",
			status: Fail,
			retry:  "2026-11-25 18:00 America/New_York"},
		{name: "the newest counts", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(between("09:00", "15:00"))}, rule: "preference", status: Pass},
		{name: "also if it was written down first", loc: ny, facts: []Fact{wants(between("09:00", "15:00")),
			wants(between("18:00", ""), long)}, rule: "preference", status: Pass},
		{name: "a day does not take back an hour", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(from("2026-11-23 00:00 America/New_York"))}, rule: "preference", status: Fail,
			says: "18:00–24:00", retry: "2026-11-24 18:00 America/New_York"},
		{name: "an hour does not take back a day", loc: ny,
			facts: []Fact{wants(from("2026-11-25 00:00 America/New_York"), long), wants(between("08:00", ""))},
			rule:  "preference", status: Fail,
			says: "asked not to be called before 2026-11-25"},
		{name: "both ends of a day add up", loc: ny, facts: []Fact{wants(between("08:00", ""), long),
			wants(between("", "11:00"))}, rule: "preference", status: Fail, says: "08:00–11:00",
			retry: "2026-11-25 08:00 America/New_York"},
		{name: "ends that leave no time: the newer counts", loc: ny, facts: []Fact{wants(between("09:00", "11:00"), long),
			wants(between("11:30", ""))}, rule: "preference", status: Pass},
		{name: "a day of the same kind replaces the earlier one", loc: ny,
			facts: []Fact{wants(from("2026-12-25 00:00 America/New_York"), long),
				wants(from("2026-11-23 00:00 America/New_York"))},
			rule: "preference", status: Pass},
		{name: "a forged caller does not bring the day nearer", loc: ny,
			facts: []Fact{wants(from("2026-12-25 00:00 America/New_York"), long),
				wants(from("2026-11-23 00:00 America/New_York"), forged)},
			rule: "preference", status: Fail, says: "asked not to be called before 2026-12-25"},
		{name: "nor does one without an attestation", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(between("09:00", ""), withheld)}, rule: "preference", status: Fail, says: "18:00"},
		{name: "nor by an end that leaves no time", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(between("", "17:00"), forged)}, rule: "preference", status: Fail},
		{name: "but may narrow", loc: ny, facts: []Fact{wants(between("09:00", ""), long),
			wants(between("18:00", ""), forged)}, rule: "preference", status: Fail, says: "18:00"},
		{name: "and put off", loc: ny, facts: []Fact{wants(from("2026-12-25 00:00 America/New_York"), forged)},
			rule: "preference", status: Fail, says: "asked not to be called before 2026-12-25"},
		{name: "what the person says later takes that back", loc: ny,
			facts: []Fact{wants(between("18:00", ""), forged, long), wants(between("09:00", ""))}, rule: "preference",
			status: Pass},
		{name: "on a call of ours the person's newest counts", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(between("09:00", ""), ours)}, rule: "preference", status: Pass},
		{name: "and of a caller that the carrier vouches for", loc: ny, facts: []Fact{wants(between("18:00", ""), long),
			wants(between("09:00", ""), known)}, rule: "preference", status: Pass},
		{name: "the hour is that of the zone that the person named", loc: ny,
			facts: []Fact{wants(between("12:00", ""), func(f *Fact) { f.Zone = "America/Los_Angeles" })},
			at:    "2026-11-24 12:30 America/New_York", rule: "preference", status: Fail, says: "09:30 in Los Angeles",
			retry: "2026-11-24 12:00 America/Los_Angeles"},
		{name: "and needs no place beside it", to: "999",
			facts: []Fact{wants(between("09:00", ""), func(f *Fact) { f.Zone = newYork })}, rule: "preference", status: Pass},
		{name: "ends in two zones are both kept", loc: ny,
			facts: []Fact{wants(between("12:00", ""), long, func(f *Fact) { f.Zone = "America/Los_Angeles" }),
				wants(between("", "21:00"))},
			at: "2026-11-24 12:30 America/New_York", rule: "preference", status: Fail, says: "Los Angeles"},
		{name: "a zone that nobody knows holds the call", loc: ny,
			facts: []Fact{wants(between("09:00", ""), func(f *Fact) { f.Zone = "Mars/Olympus" })}, rule: "preference",
			status: Unknown, says: "can't be read"},
		{name: "what another seller was told is not for us", loc: ny,
			facts: []Fact{{Type: Preference, Seller: "hillside", After: "18:00"}}, rule: "preference", status: Pass},
		{name: "what nobody in particular was told is for all", loc: ny,
			facts: []Fact{{Type: Preference, After: "18:00"}}, rule: "preference", status: Fail},
		{name: "the hour is that of every place in which the person may be", to: "212",
			loc: Location{"CA", "America/Los_Angeles"}, facts: []Fact{wants(between("12:00", ""))},
			at: "2026-11-24 12:30 America/New_York", rule: "preference", status: Fail, says: "09:30 in Los Angeles",
			retry: "2026-11-24 12:00 America/Los_Angeles"},
		{name: "times that leave none are never", loc: ny, facts: []Fact{wants(between("18:00", "09:00"))},
			rule: "preference", status: Fail},
		{name: "a time that can't be read holds the call", loc: ny, facts: []Fact{wants(between("six", ""))},
			rule: "preference", status: Unknown, says: "can't be read"},
		{name: "an hour without a place holds it, too", to: "999", facts: []Fact{wants(between("18:00", ""))},
			rule: "preference", status: Unknown},
		{name: "an emergency can't wait", loc: ny, facts: []Fact{wants(between("18:00", ""))},
			with: func(r *Request) { r.Purpose = Emergency }, rule: "preference", status: NotApplicable},
	})
}
