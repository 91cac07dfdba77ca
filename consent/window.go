package consent

import (
	"errors"
	"fmt"
)

// holidaysOK is what a row says of holidays that are days like any other.
const holidaysOK = "ok"

// timeWindow is a part of a local day, in minutes since midnight: from open on,
// and no more at shut. A window that shuts when it opens is closed all day.
type timeWindow struct{ open, shut int }

const minutesOfDay = 24 * 60

var wholeDay = timeWindow{0, minutesOfDay}

// parseWindow reads "08:00-21:00", or "none".
func parseWindow(s string) (timeWindow, error) {
	if s == "none" {
		return timeWindow{}, nil
	}
	if len(s) != len("08:00-21:00") || s[5] != '-' {
		return timeWindow{}, fmt.Errorf("%q is not a window: want one such as 08:00-20:00, or none", s)
	}
	from, err := parseMinutes(s[:5])
	if err != nil {
		return timeWindow{}, fmt.Errorf("%q is not a window: %w", s, err)
	}
	to, err := parseMinutes(s[6:])
	if err != nil {
		return timeWindow{}, fmt.Errorf("%q is not a window: %w", s, err)
	}
	if from >= to {
		return timeWindow{}, fmt.Errorf("%q ends before it starts", s)
	}
	return timeWindow{from, to}, nil
}

var errMinutes = errors.New("want times from 00:00 to 24:00")

// parseMinutes reads "15:04" as minutes since midnight.
func parseMinutes(s string) (int, error) {
	if len(s) != 5 || s[2] != ':' {
		return 0, errMinutes
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, errMinutes
		}
	}
	hour, minute := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if minute > 59 || hour*60+minute > minutesOfDay {
		return 0, errMinutes
	}
	return hour*60 + minute, nil
}

func (w timeWindow) closed() bool { return w.open >= w.shut }

func (w timeWindow) holds(minute int) bool { return w.open <= minute && minute < w.shut }

// and is what is in both windows.
func (w timeWindow) and(v timeWindow) timeWindow {
	w.open, w.shut = max(w.open, v.open), min(w.shut, v.shut)
	if w.closed() {
		return timeWindow{}
	}
	return w
}

// String is the window as a reason says it: 08:00–21:00.
func (w timeWindow) String() string {
	return string(appendMinutes(append(appendMinutes(nil, w.open), "–"...), w.shut))
}

// appendMinutes writes minutes since midnight as a time of day.
func appendMinutes(dst []byte, m int) []byte {
	h, m := m/60, m%60
	return append(dst, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10))
}
