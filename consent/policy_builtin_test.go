package consent

import (
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/phone"
)

// The built-in rows are those of the table that counsel is given: hours on
// weekdays, Saturdays, Sundays and holidays, and the cap.
func TestBuiltinHours(t *testing.T) {
	t.Parallel()
	fed, none := "08:00-21:00", "none"
	week := func(w string) [4]string { return [4]string{w, w, w, holidaysOK} }
	hours := map[string][4]string{ // all others: the federal hours, every day
		"AL": {"08:00-20:00", "08:00-20:00", none, none}, "CA": week("09:00-21:00"), "CT": week("09:00-20:00"),
		"FL": week("08:00-20:00"),
		"IL": week("09:00-21:00"), "IN": week("09:00-20:00"), "KY": week("10:00-21:00"),
		"LA": {"08:00-20:00", "08:00-20:00", none, none},
		"ME": {"09:00-17:00", none, none, holidaysOK}, "MD": week("08:00-20:00"), "MA": week("08:00-20:00"),
		"MI": week("09:00-21:00"),
		"MN": week("09:00-21:00"), "MS": {"09:00-20:00", "09:00-20:00", none, none},
		"NE": {fed, fed, "13:00-21:00", "13:00-21:00"},
		"NV": week("09:00-20:00"), "NM": week("09:00-21:00"), "OK": {"08:00-20:00", "08:00-20:00", "08:00-20:00", none},
		"OR": week("08:00-20:00"),
		"PA": {"09:00-19:00", "09:00-19:00", none, none}, "RI": {"09:00-18:00", "10:00-17:00", none, none},
		"SD": {"09:00-21:00", none, none, none},
		"TX": {"09:00-21:00", "09:00-21:00", "12:00-21:00", holidaysOK}, "UT": {fed, fed, none, none},
		"WA": week("08:00-20:00"), "WY": week("08:00-20:00"),
	}
	for _, s := range strings.Fields("PR VI GU AS MP") {
		hours[s] = [4]string{"10:00-17:00", none, none, none}
	}
	rows := Builtin().States
	if len(rows) != 56 {
		t.Errorf("%d rows", len(rows))
	}
	for _, state := range phone.States() {
		row, ok := rows[state]
		want, special := hours[state]
		if !special {
			want = week(fed)
		}
		if got := [4]string{row.MonFri, row.Saturday, row.Sunday, row.Holidays}; !ok || got != want {
			t.Errorf("%s is %v, want %v", state, got, want)
		}
		if row.Citation == "" || row.Confidence == "" || row.Device != "allow" && row.DeviceCitation == "" ||
			row.Written != "" && row.WrittenCitation == "" {
			t.Errorf("%s doesn't say where it is from: %+v", state, row)
		}
	}
}

// What else the rows say, as lists of states.
func TestBuiltinOverlays(t *testing.T) {
	t.Parallel()
	const territories = " AS GU MP PR VI"
	for _, tt := range []struct {
		name string
		is   func(StateRow) bool
		want string
	}{
		{"three sales calls a day on one subject", func(r StateRow) bool { return r.Cap == 3 && r.CapHours == 24 },
			"FL MD OK OR"},
		{"one in eight hours", func(r StateRow) bool { return r.Cap == 1 && r.CapHours == 8 }, "ME" + territories},
		{"no cap by law", func(r StateRow) bool { return r.Cap == 0 && r.CapHours != 0 }, ""},
		{"no artificial voice sells", func(r StateRow) bool { return r.Device == "block" }, "WA"},
		{"none without counsel", func(r StateRow) bool { return r.Device == "counsel_required" },
			"AR CA GA IN ME MI MN MS MT NC ND NE NH NJ OR SC SD TN TX WY" + territories},
		{"consent in writing by the state's law", func(r StateRow) bool { return r.Written == "all" },
			"CT FL MD OK" + territories},
		{"to call a mobile", func(r StateRow) bool { return r.Written == "mobile" }, "AZ LA NJ"},
		{"lists of their own", func(r StateRow) bool { return r.List }, "CO FL IN LA MA MO OK PA TN TX WY"},
		{"sellers register first", func(r StateRow) bool { return r.Register },
			"AK AZ CO DC FL ID MS NJ OH RI TX UT VT WA WI" + territories},
		{"recording needs everyone's consent", func(r StateRow) bool { return r.AllParty },
			"CA CT DE FL IL MA MD MI MT NH NV OR PA VT WA" + territories},
		{"no sales calls in an emergency", func(r StateRow) bool { return r.Emergency }, "LA NY"},
		{"the caller's zone, too", func(r StateRow) bool { return r.CallerZone }, "NC"},
	} {
		want := strings.Fields(tt.want)
		slices.Sort(want)
		var got []string
		for _, state := range phone.States() {
			if tt.is(Builtin().States[state]) {
				got = append(got, state)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
	}
}
