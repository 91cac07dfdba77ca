package phone

import (
	"strings"
	"testing"
)

func TestZonesThatTheGateCanUse(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, us, anywhere string }{
		{"America/New_York", "", ""},
		{"America/Detroit", "", ""},
		{"America/Indiana/Knox", "", ""},
		{"US/Eastern", "", ""},
		{"Navajo", "", ""},
		{"Pacific/Guam", "", ""},
		{"Europe/London", "is not a US time zone: want one such as America/New_York", ""},
		{"America/Toronto", "is not a US time zone: want one such as America/New_York", ""},
		{"EST", "want America/New_York", "want America/New_York"},
		{"EDT", "want America/New_York", "want America/New_York"},
		{"est", "want America/New_York", "want America/New_York"},
		{"Eastern Time", "want America/New_York", "want America/New_York"},
		{"Pacific Standard Time", "want America/Los_Angeles", "want America/Los_Angeles"},
		{"EST5EDT", "want America/New_York", "want America/New_York"},
		{"MST", "want America/Denver", "want America/Denver"},
		{"HST", "want Pacific/Honolulu", "want Pacific/Honolulu"},
		{"america/new_york", "must be written as America/New_York", "must be written as America/New_York"},
		{"America/New York", "must be written as America/New_York", "must be written as America/New_York"},
		{"UTC", "fixed offset", "fixed offset"},
		{"GMT", "fixed offset", "fixed offset"},
		{"Etc/GMT+5", "fixed offset", "fixed offset"},
		{"Etc/UTC", "fixed offset", "fixed offset"},
		{"Local", "IANA", "IANA"},
		{"", "IANA", "IANA"},
		{"Mars/Olympus", "IANA", "IANA"},
		{"../../etc/passwd", "IANA", "IANA"},
		{"-05:00", "IANA", "IANA"},
	} {
		for want, err := range map[string]error{x.us: CheckZone(x.name), x.anywhere: CheckAnyZone(x.name)} {
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %q", x.name, err, want)
			}
		}
	}
}
