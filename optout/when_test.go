package optout_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/optout"
)

// What was said on Wednesday, 2 December 2026, 15:20 in New York, and until when no call may be.
func TestNotBefore(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 12, 2, 15, 20, 0, 0, zone)
	for said, want := range map[string]string{
		"Don't call me until next Monday.":                      "2026-12-07 00:00",
		"Don't call me until Monday.":                           "2026-12-07 00:00",
		"Don't call me until Wednesday.":                        "2026-12-09 00:00",
		"Don't call me until next Friday.":                      "2026-12-11 00:00",
		"Please don't call before Thursday.":                    "2026-12-03 00:00",
		"Don't call me until Monday at five.":                   "2026-12-07 17:00",
		"Don't call me until Monday morning.":                   "2026-12-07 08:00",
		"Don't call me until after Monday.":                     "2026-12-08 00:00",
		"Don't call me until tomorrow.":                         "2026-12-03 00:00",
		"Don't call me until tomorrow afternoon.":               "2026-12-03 12:00",
		"Don't call me today.":                                  "2026-12-03 00:00",
		"No calls tonight, please.":                             "2026-12-03 00:00",
		"Don't call me tomorrow.":                               "2026-12-04 00:00",
		"Don't call me for an hour.":                            "2026-12-02 16:20",
		"Don't call me for half an hour.":                       "2026-12-02 15:50",
		"Don't call me for the next two weeks.":                 "2026-12-16 15:20",
		"Don't call me for a couple of days.":                   "2026-12-04 15:20",
		"Don't call me this week.":                              "2026-12-07 00:00",
		"Don't call me next week.":                              "2026-12-14 00:00",
		"Don't call me until next week.":                        "2026-12-07 00:00",
		"Don't call me until next month.":                       "2027-01-01 00:00",
		"Don't call me until the end of the month.":             "2027-01-01 00:00",
		"Don't call me this weekend.":                           "2026-12-07 00:00",
		"Don't call me on Saturday.":                            "2026-12-06 00:00",
		"Don't call me until the 15th.":                         "2026-12-15 00:00",
		"Don't call me until the first.":                        "2027-01-01 00:00",
		"Don't call me until January 5th.":                      "2027-01-05 00:00",
		"Don't call me until 12/20.":                            "2026-12-20 00:00",
		"Don't call me until after the holidays.":               "2027-01-03 00:00",
		"Don't call me until five.":                             "2026-12-02 17:00",
		"Don't call me until ten.":                              "2026-12-03 10:00", // nobody is called at ten at night
		"Don't call me until 4:30 pm.":                          "2026-12-02 16:30",
		"Don't call me until noon.":                             "2026-12-03 12:00",
		"Don't call me until after dinner.":                     "2026-12-02 20:00",
		"Don't call me for the rest of the day.":                "2026-12-03 00:00",
		"For the next hour please don't call me.":               "2026-12-02 16:20",
		"Until Monday, please don't call.":                      "2026-12-07 00:00",
		"Don't call me yet, I'm still waiting for the results.": "2026-12-03 15:20",
		"Don't call me right now.":                              "2026-12-02 17:20",
		"Hold off on calling me until Friday.":                  "2026-12-04 00:00",
		"I don't want any calls until January.":                 "2027-01-01 00:00",
		"Stop calling me on Sundays.":                           "2026-12-07 00:00",
		"No me llame hasta el lunes.":                           "2026-12-07 00:00",
		"No me llamen hasta la próxima semana.":                 "2026-12-07 00:00",
		"No me llamen hasta la semana que viene.":               "2026-12-07 00:00",
		"No me llame hasta mañana.":                             "2026-12-03 00:00",
		"No me llame hoy.":                                      "2026-12-03 00:00",
		"No me llame por una hora.":                             "2026-12-02 16:20",
		"No me llame por dos semanas.":                          "2026-12-16 15:20",
		"No me llame hasta las cinco.":                          "2026-12-02 17:00",
		"No me llame el sábado.":                                "2026-12-06 00:00",
		"No me llame esta semana.":                              "2026-12-07 00:00",
		"No me llame hasta después de Navidad.":                 "2026-12-26 00:00",
		"No me llame todavía.":                                  "2026-12-03 15:20",
		"No me llamen hasta enero.":                             "2027-01-01 00:00",
		"No me llame hasta el quince.":                          "2026-12-15 00:00",
		"I'm away until Monday, don't call me.":                 "2026-12-07 00:00",
		"Call me Friday.":                                       "2026-12-04 00:00",
		"Call me after Monday.":                                 "2026-12-08 00:00",
		"Call me back Friday morning.":                          "2026-12-04 08:00",
		"Call me the day after tomorrow.":                       "2026-12-04 00:00",
		"Call me on the fifteenth.":                             "2026-12-15 00:00",
		"Call me next week.":                                    "2026-12-07 00:00",
		"Call me only on weekends.":                             "2026-12-05 00:00",
		"Weekdays only, please.":                                "2026-12-07 00:00",
		"No calls on the sabbath.":                              "2026-12-07 00:00",
		"Llámeme el viernes.":                                   "2026-12-04 00:00",
		"Llámeme solo los fines de semana.":                     "2026-12-05 00:00",
	} {
		m := optout.Speech(said)
		got := ""
		if at, ok := m.When.NotBefore(now); ok {
			got = at.Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%q (%s): %q, want %q", said, m.Kind, got, want)
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]optout.When{
		"Don't call me after six.":                             {Before: "18:00"},
		"Please, not after 8 pm, don't call after 8 pm.":       {Before: "20:00"},
		"Don't call me past nine.":                             {Before: "21:00"},
		"Don't call me later than seven thirty.":               {Before: "19:30"},
		"Don't call me before noon.":                           {After: "12:00"},
		"Don't call me before nine.":                           {After: "09:00"},
		"Don't call me any earlier than ten.":                  {After: "10:00"},
		"Don't call me before nine or after five.":             {After: "09:00", Before: "17:00"},
		"Don't call me before 9 am and don't call after 5 pm.": {After: "09:00", Before: "17:00"},
		"Don't call me before six.":                            {After: "18:00"},
		"Don't call me before six in the morning.":             {After: "06:00"},
		"Don't call me during dinner.":                         {Before: "17:00"},
		"Don't call me during lunch.":                          {After: "14:00"},
		"Don't call me during work hours.":                     {After: "18:00"},
		"Don't call me while I'm at work.":                     {After: "18:00"},
		"Don't call me in the morning.":                        {After: "12:00"},
		"Don't call me in the evenings.":                       {Before: "17:00"},
		"Don't call me at night.":                              {Before: "18:00"},
		"Don't call me so late.":                               {Before: "19:00"},
		"Don't call me so early.":                              {After: "10:00"},
		"Quit calling me at six in the morning.":               {After: "07:00"},
		"Stop calling me at nine at night.":                    {Before: "21:00"},
		"Don't call me between five and seven.":                {Before: "17:00"},
		"No calls after nine.":                                 {Before: "21:00"},
		"No me llame antes de las nueve.":                      {After: "09:00"},
		"No me llame después de las seis.":                     {Before: "18:00"},
		"No me llame antes de las diez de la mañana.":          {After: "10:00"},
		"No me llamen después de las ocho de la noche.":        {Before: "20:00"},
		"No me llame por la noche.":                            {Before: "18:00"},
		"No me llame en la mañana.":                            {After: "12:00"},
		"No me llame durante la cena.":                         {Before: "17:00"},
		"No me llame antes del mediodía.":                      {After: "12:00"},
		"No me llame tan tarde.":                               {Before: "19:00"},
		"Call me after six.":                                   {After: "18:00"},
		"Call me after lunch.":                                 {After: "14:00"},
		"Call me before noon.":                                 {Before: "12:00"},
		"Call me in the afternoon.":                            {After: "12:00", Before: "17:00"},
		"Mornings only, please.":                               {After: "08:00", Before: "12:00"},
		"Only call me between two and four.":                   {After: "14:00", Before: "16:00"},
		"The best time to call me is after five.":              {After: "17:00"},
		"Llámeme por la tarde.":                                {After: "12:00", Before: "17:00"},
	} {
		m := optout.Speech(said)
		if m.Kind != optout.Preference || m.When.After != want.After || m.When.Before != want.Before {
			t.Errorf("%q: %s %+v, want %+v", said, m.Kind, m.When, want)
		}
	}
}
