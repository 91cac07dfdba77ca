package call_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// sound is a stretch of one byte of µ-law, told from others by it.
func sound(d time.Duration, b byte) []byte {
	return bytes.Repeat([]byte{b}, int(d/(time.Millisecond/8)))
}

func count(ulaw []byte, b byte) time.Duration {
	return time.Duration(bytes.Count(ulaw, []byte{b})) * time.Millisecond / 8
}

// deadAir is the longest silence in what was heard from one time to another.
func deadAir(heard []byte, from, to time.Duration) time.Duration {
	at := func(d time.Duration) int { return min(len(heard), int(d/(time.Millisecond/8))) }
	longest, run := 0, 0
	for _, b := range heard[at(from):at(to)] {
		if run++; b != media.Silence {
			run = 0
		}
		longest = max(longest, run)
	}
	return time.Duration(longest) * time.Millisecond / 8
}

// firstOf is when a byte was first heard; -1 if it never was.
func firstOf(heard []byte, b byte) time.Duration {
	i := bytes.IndexByte(heard, b)
	if i < 0 {
		return -1
	}
	return time.Duration(i) * time.Millisecond / 8
}

// near checks a time to within a frame or two of the line's clock.
func near(t testing.TB, what string, got, want time.Duration) {
	t.Helper()
	if d := got - want; d < -60*time.Millisecond || d > 60*time.Millisecond {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func verbs(c *twiliotest.Call) (names []string) {
	for _, v := range c.Followed() {
		names = append(names, v.Name)
	}
	return names
}

// entries are those of a kind.
func entries(c calllog.Call, kind calllog.Kind) (some []calllog.Entry) {
	for _, e := range c.Entries {
		if e.Kind == kind {
			some = append(some, e)
		}
	}
	return some
}

// said is the entry of what the agent said, by its text.
func said(t testing.TB, c calllog.Call, text string) calllog.Entry {
	t.Helper()
	for _, e := range entries(c, calllog.KindAgent) {
		if e.Text == text {
			return e
		}
	}
	t.Errorf("the log has nothing that the agent said as %q: %+v", text, c.Entries)
	return calllog.Entry{}
}

// noFaults checks that Twilio would have had nothing to complain about.
func noFaults(t testing.TB, calls ...*twiliotest.Call) {
	t.Helper()
	for _, c := range calls {
		if faults := c.Faults(); len(faults) > 0 {
			t.Errorf("faults: %q", faults)
		}
	}
}
