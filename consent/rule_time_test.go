package consent

import (
	"testing"
	"time"
)

const (
	newYork = "America/New_York"
	chicago = "America/Chicago"
)

// address is a fact that says where a person lives.
func address(state, zone string) Fact { return Fact{Type: NumberFact, State: state, Zone: zone} }

func TestFederalHours(t *testing.T) {
	t.Parallel()
	ny := Location{"NY", newYork}
	runClockCases(t, []clockCase{
		{name: "a call at noon in the callee's zone is allowed", loc: ny, at: "2026-11-24 12:00 America/New_York",
			rule: "hours.federal", status: Pass, says: "it is 12:00 in New York; calls are allowed 08:00–21:00"},
		{name: "a call at 21:40 is put off to the next morning", loc: ny, at: "2026-11-24 21:40 America/New_York",
			rule: "hours.federal", status: Fail, says: "it is 21:40 in New York; calls are allowed 08:00–21:00", retry: "2026-11-25 08:00 America/New_York"},
		{name: "the minute before eight is too early", loc: ny, at: "2026-11-24 07:59:59 America/New_York",
			rule: "hours.federal", status: Fail, retry: "2026-11-24 08:00 America/New_York"},
		{name: "eight o'clock is not", loc: ny, at: "2026-11-24 08:00 America/New_York", rule: "hours.federal", status: Pass},
		{name: "nine in the evening is too late, whatever 'after 9 p.m.' means", loc: ny, at: "2026-11-24 21:00 America/New_York", rule: "hours.federal", status: Fail},
		{name: "a call at 20:59:58, answered at 21:00:05, is not placed", loc: ny, at: "2026-11-24 20:59:58 America/New_York",
			rule: "hours.federal", status: Fail, says: "none is begun in the last 5 minutes"},
		{name: "one that was placed and is answered at 21:00:05 ends", loc: ny, at: "2026-11-24 21:00:05 America/New_York",
			with: func(r *Request) { r.AtAnswer = true }, rule: "hours.federal", status: Fail},
		{name: "one that was placed in time may be answered in the last minutes", loc: ny, at: "2026-11-24 20:57 America/New_York",
			with: func(r *Request) { r.AtAnswer = true }, rule: "hours.federal", status: Pass},
		{name: "the guard begins five minutes before", loc: ny, at: "2026-11-24 20:55 America/New_York", rule: "hours.federal", status: Fail},
		{name: "and no earlier", loc: ny, at: "2026-11-24 20:54:59 America/New_York", rule: "hours.federal", status: Pass},
		{name: "without a guard the telephone may still ring for a minute", loc: ny, at: "2026-11-24 20:59:30 America/New_York",
			policy: "name: x\ncaps: {guard_minutes: 0, " + approval + "}", rule: "hours.federal", status: Fail, says: "none is begun in the last minute"},
		{name: "the hours hold for calls that sell nothing", loc: ny, at: "2026-11-24 06:00 America/New_York", rule: "hours.federal", status: Fail},
		{name: "and for those that sell", loc: ny, at: "2026-11-24 06:00 America/New_York", with: func(r *Request) { r.Purpose = Telemarketing },
			rule: "hours.federal", status: Fail},
		{name: "an emergency keeps no hours", loc: ny, at: "2026-11-24 03:00 America/New_York", with: func(r *Request) { r.Purpose = Emergency },
			rule: "hours.federal", status: NotApplicable},
		{name: "a person of Manhattan who lives in Los Angeles is not called at eight in New York", to: "212", loc: Location{"CA", "America/Los_Angeles"},
			at: "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Fail, says: "05:30 in Los Angeles"},
		{name: "nor at nine in the evening in Los Angeles, for the area code counts, too", to: "212", loc: Location{"CA", "America/Los_Angeles"},
			at: "2026-11-24 18:30 America/Los_Angeles", rule: "hours.federal", status: Fail, says: "21:30 in New York"},
		{name: "a mobile of which only the area code is known may be on the other coast", to: "212",
			at: "2026-11-24 10:30 America/New_York", rule: "hours.federal", status: Fail, says: "07:30 in Los Angeles", retry: "2026-11-24 11:00 America/New_York"},
		{name: "which leaves eleven to nine in New York", to: "212", at: "2026-11-24 11:00 America/New_York", rule: "hours.federal", status: Pass},
		{name: "a mobile's area code is enough where the policy says so", to: "212", policy: "name: x\nstrict_mobile: false",
			at: "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Pass},
		{name: "a landline stays where its area code is", to: "212", facts: []Fact{{Type: NumberFact, LineType: "residential_landline"}},
			at: "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Pass},
		{name: "unless it was looked up too long ago to be one still", to: "212",
			facts: []Fact{{Type: NumberFact, LineType: "residential_landline", OccurredAt: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}},
			at:    "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Fail},
		{name: "a telephone on the internet travels like a mobile", to: "212", facts: []Fact{{Type: NumberFact, LineType: "voip"}},
			at: "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Fail},
		{name: "one area code, two zones: Pensacola is an hour behind Tallahassee", to: "850", loc: Location{"FL", newYork},
			at: "2026-11-24 08:30 America/New_York", rule: "hours.federal", status: Fail, says: "07:30 in Chicago"},
		{name: "a state with two zones has both until one is known", to: "615", loc: Location{State: "TN"},
			at: "2026-11-24 20:30 America/Chicago", rule: "hours.federal", status: Fail, says: "21:30 in New York"},
		{name: "and one of them afterwards", to: "615", loc: Location{"TN", chicago}, at: "2026-11-24 20:30 America/Chicago", rule: "hours.federal", status: Pass},
		{name: "Arizona moves no clocks: in July it is as late as in Los Angeles", to: "602", loc: Location{"AZ", "America/Phoenix"},
			at: "2026-07-14 08:00 America/Los_Angeles", rule: "hours.federal", status: Pass, says: "08:00 in Phoenix"},
		{name: "and in January as late as in Denver", to: "602", loc: Location{"AZ", "America/Phoenix"},
			at: "2026-01-13 08:00 America/Denver", rule: "hours.federal", status: Pass, says: "08:00 in Phoenix"},
		{name: "the Navajo Nation moves them, and shares an area code with the rest", to: "928", loc: Location{"AZ", "America/Phoenix"},
			at: "2026-07-14 20:30 America/Phoenix", rule: "hours.federal", status: Fail, says: "21:30 in Denver"},
		{name: "Honolulu is not called at eight in Los Angeles", to: "808", loc: Location{"HI", "Pacific/Honolulu"},
			at: "2026-11-24 08:00 America/Los_Angeles", rule: "hours.federal", status: Fail, says: "06:00 in Honolulu", retry: "2026-11-24 08:00 Pacific/Honolulu"},
		{name: "Adak is an hour behind Anchorage", to: "907", loc: Location{"AK", "America/Anchorage"},
			at: "2026-11-24 08:30 America/Anchorage", rule: "hours.federal", status: Fail, says: "07:30 in Adak", retry: "2026-11-24 09:00 America/Anchorage"},
		{name: "Puerto Rico is an hour ahead of New York in winter", to: "787", loc: Location{"PR", "America/Puerto_Rico"},
			at: "2026-01-13 20:30 America/New_York", rule: "hours.federal", status: Fail, says: "21:30 in Puerto Rico"},
		{name: "and not in summer", to: "787", loc: Location{"PR", "America/Puerto_Rico"},
			at: "2026-07-14 20:30 America/New_York", rule: "hours.federal", status: Pass, says: "20:30 in Puerto Rico"},
		{name: "on the day on which clocks go forward, eight comes an hour sooner", loc: ny, at: "2027-03-14 01:30 America/New_York",
			rule: "hours.federal", status: Fail, says: "01:30", retry: "2027-03-14 08:00 America/New_York"},
		{name: "on the day on which they go back, an hour later", loc: ny, at: "2026-11-01 00:30 America/New_York",
			rule: "hours.federal", status: Fail, retry: "2026-11-01 08:00 America/New_York"},
		{name: "a time that comes twice is night both times", loc: ny, at: "2026-11-01 06:30 UTC", rule: "hours.federal", status: Fail, says: "it is 01:30"},
		{name: "where nobody knows where the person is, nobody knows the hour", to: "999", rule: "hours.federal", status: Unknown},
	})
}

func TestStateHours(t *testing.T) {
	t.Parallel()
	runClockCases(t, []clockCase{
		{name: "Florida ends at eight", to: "305", loc: Location{"FL", newYork}, at: "2026-11-24 20:10 America/New_York",
			rule: "hours.state.FL", status: Fail, says: "it is 20:10 in New York (Florida); calls are allowed 08:00–20:00", retry: "2026-11-25 08:00 America/New_York"},
		{name: "and begins at eight", to: "305", loc: Location{"FL", newYork}, at: "2026-11-24 08:00 America/New_York", rule: "hours.state.FL", status: Pass},
		{name: "a Florida area code is a person in Florida, wherever they say they are", to: "305", loc: Location{"NY", newYork},
			at: "2026-11-24 20:10 America/New_York", rule: "hours.state.FL", status: Fail},
		{name: "so is a Virginia one", to: "804", loc: Location{"FL", newYork}, at: "2026-11-24 20:10 America/New_York", rule: "hours.state.VA", status: Pass},
		{name: "both states are asked", to: "804", loc: Location{"FL", newYork}, at: "2026-11-24 20:10 America/New_York", rule: "hours.state.FL", status: Fail},
		{name: "Kentucky begins at ten", to: "502", loc: Location{"KY", newYork}, at: "2026-11-24 09:30 America/New_York", rule: "hours.state.KY", status: Fail,
			retry: "2026-11-24 10:00 America/New_York"},
		{name: "Texas begins at noon on Sundays", to: "512", loc: Location{"TX", chicago}, at: "2026-11-22 11:00 America/Chicago", rule: "hours.state.TX", status: Fail,
			says: "calls are allowed 12:00–21:00 on Sundays", retry: "2026-11-22 12:00 America/Chicago"},
		{name: "and is open in the afternoon", to: "512", loc: Location{"TX", chicago}, at: "2026-11-22 13:00 America/Chicago", rule: "hours.state.TX", status: Pass},
		{name: "Oregon has ended at eight since 2026", to: "503", loc: Location{"OR", "America/Los_Angeles"}, at: "2026-11-24 20:30 America/Los_Angeles",
			rule: "hours.state.OR", status: Fail},
		{name: "Pennsylvania has ended at seven since October 2026", to: "215", loc: Location{"PA", newYork}, at: "2026-11-24 19:30 America/New_York",
			rule: "hours.state.PA", status: Fail, retry: "2026-11-25 09:00 America/New_York"},
		{name: "and begun at nine", to: "215", loc: Location{"PA", newYork}, at: "2026-11-24 08:30 America/New_York", rule: "hours.state.PA", status: Fail},
		{name: "Nevada is nine to eight", to: "702", loc: Location{"NV", "America/Los_Angeles"}, at: "2026-11-24 20:30 America/Los_Angeles",
			rule: "hours.state.NV", status: Fail},
		{name: "Mississippi's Central Standard Time is nine o'clock in summer", to: "601", loc: Location{"MS", chicago}, at: "2026-07-14 08:30 America/Chicago",
			rule: "hours.state.MS", status: Fail},
		{name: "a machine may call Maine until five", to: "207", loc: Location{"ME", newYork}, at: "2026-11-24 17:30 America/New_York", rule: "hours.state.ME", status: Fail},
		{name: "Rhode Island's Saturdays are shorter", to: "401", loc: Location{"RI", newYork}, at: "2026-11-21 17:30 America/New_York", rule: "hours.state.RI", status: Fail,
			says: "calls are allowed 10:00–17:00 on Saturdays"},
		{name: "North Carolina names no zone, so the caller's counts, too", to: "919", from: "415", loc: Location{"NC", newYork}, at: "2026-11-24 09:00 America/New_York",
			rule: "hours.state.NC", status: Fail, says: "06:00 in Los Angeles"},
		{name: "which may be the same", to: "919", from: "202", loc: Location{"NC", newYork}, at: "2026-11-24 09:00 America/New_York", rule: "hours.state.NC", status: Pass},
		{name: "a zone of which the state is not known is held to the federal hours alone", to: "212", loc: Location{Zone: chicago}, at: "2026-11-24 12:00 America/New_York",
			rule: "hours.state.NY", status: Pass},
		{name: "a territory that nobody has read the law of has the strictest hours", to: "671", loc: Location{"GU", "Pacific/Guam"}, at: "2026-11-24 09:00 Pacific/Guam",
			rule: "hours.state.GU", status: Fail, says: "calls are allowed 10:00–17:00"},
		{name: "an emergency keeps no state's hours", to: "305", at: "2026-11-24 03:00 America/New_York", with: func(r *Request) { r.Purpose = Emergency },
			rule: "hours.state.FL", status: NotApplicable},
		{name: "a tenant's row replaces the built-in one", to: "212", loc: Location{"NY", newYork}, at: "2026-11-24 10:30 America/New_York",
			policy: "name: x\nstates: {NY: {weekdays: 11:00-15:00, saturday: none, sunday: none, holidays: ok, cap: 0, device: allow, citation: ours}}",
			rule:   "hours.state.NY", status: Fail, says: "calls are allowed 11:00–15:00"},
		{name: "switched off, the rule says by whom", to: "305", loc: Location{"FL", newYork}, at: "2026-11-24 20:10 America/New_York",
			policy: "name: night shift\nswitched_off: [hours.state.FL]", rule: "hours.state.FL", status: NotApplicable, says: "switched off by policy night shift"},
		{name: "without a state nobody knows its hours", to: "999", rule: "hours.state", status: Unknown},
	})
}

func TestDaysWithoutCalls(t *testing.T) {
	t.Parallel()
	runClockCases(t, []clockCase{
		{name: "Alabama takes no calls on Sundays", to: "205", loc: Location{"AL", chicago}, at: "2026-11-22 12:00 America/Chicago",
			rule: "holiday.state.AL", status: Fail, says: "it is Sunday in Alabama, where no calls are allowed on Sundays", retry: "2026-11-23 00:00 America/Chicago"},
		{name: "nor on Christmas", to: "205", loc: Location{"AL", chicago}, at: "2026-12-25 12:00 America/Chicago",
			rule: "holiday.state.AL", status: Fail, says: "it is Christmas Day in Alabama, where no calls are allowed on holidays"},
		{name: "nor on Mardi Gras", to: "251", loc: Location{"AL", chicago}, at: "2027-02-09 12:00 America/Chicago", rule: "holiday.state.AL", status: Fail, says: "Mardi Gras"},
		{name: "but on any other Tuesday", to: "205", loc: Location{"AL", chicago}, at: "2026-11-24 12:00 America/Chicago", rule: "holiday.state.AL", status: Pass, says: "Tuesday"},
		{name: "Louisiana keeps Good Friday", to: "504", loc: Location{"LA", chicago}, at: "2027-03-26 12:00 America/Chicago", rule: "holiday.state.LA", status: Fail, says: "Good Friday"},
		{name: "and All Saints' Day", to: "504", loc: Location{"LA", chicago}, at: "2027-11-01 12:00 America/Chicago", rule: "holiday.state.LA", status: Fail, says: "All Saints"},
		{name: "Rhode Island keeps Victory Day", to: "401", loc: Location{"RI", newYork}, at: "2027-08-09 12:00 America/New_York", rule: "holiday.state.RI", status: Fail, says: "Victory Day"},
		{name: "Utah keeps Pioneer Day", to: "801", loc: Location{"UT", "America/Denver"}, at: "2028-07-24 12:00 America/Denver", rule: "holiday.state.UT", status: Fail, says: "Pioneer Day"},
		{name: "and its Sundays, which some tables miss", to: "801", loc: Location{"UT", "America/Denver"}, at: "2026-11-22 12:00 America/Denver", rule: "holiday.state.UT", status: Fail, says: "Sunday"},
		{name: "Pennsylvania has kept its Sundays since October 2026", to: "215", loc: Location{"PA", newYork}, at: "2026-11-22 12:00 America/New_York", rule: "holiday.state.PA", status: Fail},
		{name: "the fourth of July on a Sunday is kept on the Monday, too", to: "215", loc: Location{"PA", newYork}, at: "2027-07-05 12:00 America/New_York",
			rule: "holiday.state.PA", status: Fail, says: "Independence Day (observed)"},
		{name: "one on a Saturday on the Friday, too", to: "215", loc: Location{"PA", newYork}, at: "2026-07-03 12:00 America/New_York", rule: "holiday.state.PA", status: Fail,
			says: "Independence Day (observed)"},
		{name: "and on the Saturday itself", to: "215", loc: Location{"PA", newYork}, at: "2026-07-04 12:00 America/New_York", rule: "holiday.state.PA", status: Fail, says: "it is Independence Day"},
		{name: "a new year of a Saturday begins on the last day of the old", to: "215", loc: Location{"PA", newYork}, at: "2027-12-31 12:00 America/New_York", rule: "holiday.state.PA",
			status: Fail, says: "New Year's Day (observed)"},
		{name: "a machine may not call Maine on Saturdays", to: "207", loc: Location{"ME", newYork}, at: "2026-11-21 12:00 America/New_York", rule: "holiday.state.ME", status: Fail, says: "Saturdays"},
		{name: "but on its holidays", to: "207", loc: Location{"ME", newYork}, at: "2026-11-26 12:00 America/New_York", rule: "holiday.state.ME", status: Pass},
		{name: "Nebraska's holidays begin at one", to: "402", loc: Location{"NE", chicago}, at: "2026-11-26 12:00 America/Chicago", rule: "holiday.state.NE", status: Fail,
			says: "on Thanksgiving Day calls are allowed 13:00–21:00", retry: "2026-11-26 13:00 America/Chicago"},
		{name: "and go on until nine", to: "402", loc: Location{"NE", chicago}, at: "2026-11-26 14:00 America/Chicago", rule: "holiday.state.NE", status: Pass},
		{name: "Florida keeps no day free", to: "305", loc: Location{"FL", newYork}, at: "2026-12-25 12:00 America/New_York", rule: "holiday.state.FL", status: Pass, says: "every day of the year"},
		{name: "when it is Saturday in New York, it is Sunday in Guam", to: "671", loc: Location{"GU", "Pacific/Guam"}, at: "2026-11-21 20:00 America/New_York",
			rule: "holiday.state.GU", status: Fail, says: "it is Sunday in Guam"},
		{name: "when it is Sunday in New York, Guam's Monday has begun", to: "671", loc: Location{"GU", "Pacific/Guam"}, at: "2026-11-22 20:00 America/New_York",
			rule: "holiday.state.GU", status: Pass, says: "Monday"},
		{name: "a holiday begins at midnight there, not here", to: "671", loc: Location{"GU", "Pacific/Guam"}, at: "2026-12-24 12:00 America/New_York",
			rule: "holiday.state.GU", status: Fail, says: "Christmas Day"},
		{name: "a state with a Sunday in one of its zones is closed", to: "605", loc: Location{State: "SD"}, at: "2026-11-22 23:30 America/Denver",
			rule: "holiday.state.SD", status: Fail, says: "Sunday"},
		{name: "after the last year that was written down nobody knows", to: "205", loc: Location{"AL", chicago}, at: "2031-02-04 12:00 America/Chicago",
			rule: "holiday.state.AL", status: Unknown, says: "the holidays of Alabama are not written down for 2031"},
		{name: "an emergency keeps no Sundays", to: "205", at: "2026-11-22 12:00 America/Chicago", with: func(r *Request) { r.Purpose = Emergency },
			rule: "holiday.state.AL", status: NotApplicable},
		{name: "without a state nobody knows its days", to: "999", rule: "holiday.state", status: Unknown},
	})
}

func TestEmergencyDeclared(t *testing.T) {
	t.Parallel()
	sells := func(r *Request) { r.Purpose = Telemarketing }
	runClockCases(t, []clockCase{
		{name: "nobody tells us of emergencies in New York, which is a warning", to: "212", loc: Location{"NY", newYork}, with: sells, rule: "emergency.state.NY", status: Unknown, says: "no feed"},
		{name: "a call that sells nothing is not barred by one", to: "212", loc: Location{"NY", newYork}, rule: "emergency.state.NY", status: NotApplicable},
		{name: "no law is known of Iowa", to: "515", loc: Location{"IA", chicago}, with: sells, rule: "emergency.state.IA", status: NotApplicable},
	})
	e := clockCase{to: "212", loc: Location{"NY", newYork}, with: sells}.evaluation(t)
	if r := e.timeResults()["emergency.state.NY"]; combine([]Result{r}) != Allow {
		t.Errorf("a feed that isn't there stands in the way: %+v", r)
	}
}
