package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/calllog"
)

// logged judges the call's log.
func (t *talk) logged(rec *calllog.Call, wrong func(string, ...any)) {
	var want, got []string
	for i, s := range t.steps {
		heard := calllog.HeardFull
		if t.cut(i) {
			heard = calllog.HeardPartly
		}
		want = append(want, "caller: "+s.recorded.words, fmt.Sprintf("agent: %s (%s)", s.answer, heard))
	}
	interruptions := 0
	for _, e := range rec.Entries {
		switch e.Kind {
		case calllog.KindCaller:
			got = append(got, "caller: "+e.Text)
		case calllog.KindAgent:
			got = append(got, fmt.Sprintf("agent: %s (%s)", e.Text, e.Heard))
		case calllog.KindInterruption:
			interruptions++
		}
	}
	if !slices.Equal(got, want) {
		wrong("the log has\n%q\nwant\n%q", got, want)
	}
	if interruptions != 1 {
		wrong("the log has %d interruptions, want 1", interruptions)
	}
	if rec.Outcome != calllog.OutcomeCallerHungUp || !slices.Equal(rec.Voices, t.voices) {
		wrong("the log has outcome %s and voices %q", rec.Outcome, rec.Voices)
	}
	if q := rec.Quality; q == nil || q.Gaps != 0 || q.Late != 0 || q.Dropped != 0 {
		wrong("the log has quality %+v", q)
	}
}

// remembered judges what the second voice knows of the talk with the first.
func (t *talk) remembered(wrong func(string, ...any)) {
	if t.drop == 0 {
		return
	}
	var knows string
	for _, c := range t.realtime.Conns() {
		knows += strings.Join(c.Context(), "\n")
	}
	for _, s := range t.steps[:t.drop] {
		if !strings.Contains(knows, s.recorded.words) || !strings.Contains(knows, s.answer) {
			wrong("the second voice doesn't know of “%s” and “%s”, only\n%s", s.recorded.words, s.answer, knows)
		}
	}
}
