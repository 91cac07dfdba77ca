package cli

import (
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

func TestUsageLine(t *testing.T) {
	for want, u := range map[string]calllog.Usage{
		"realtime, m: tokens in 190 text, 60 audio (129 cached), out 24 text, 36 audio, about 0.0051 USD": {Voice: "realtime", Model: "m",
			TextIn: 190, TextCached: 128, TextOut: 24, AudioIn: 60, AudioCached: 1, AudioOut: 36, USD: 0.00512},
		"realtime, t: 31 s": {Voice: "realtime", Model: "t", Seconds: 30.6},
	} {
		if got := usageLine(u); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
