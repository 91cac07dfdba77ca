package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// soon is how soon who talks over the voice has silence: 100 ms until that is speech to the
// voice, 200 ms until it is an interruption to the bridge, and pauses in it.
const soon = 600 * time.Millisecond

// judge is what came of a call, or what is wrong with it.
func (t *talk) judge(ctx context.Context) (string, error) {
	rec, err := t.stage.record(ctx, t.call.SID)
	if err != nil {
		return "", err
	}
	var problems []error
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for _, f := range t.call.Faults() {
		wrong("fault: %s", f)
	}
	if err := t.faults(t.stage.scenes.evi); err != nil {
		problems = append(problems, err)
	}
	if t.late > inTime {
		wrong("the voice had a prompt's last frame %v late", t.late)
	}
	cleared := t.interruptions(wrong)
	t.answers(wrong)
	t.logged(rec, wrong)
	t.remembered(wrong)
	speech := 0
	for _, s := range t.steps {
		speech += len(s.recorded.ulaw)
	}
	const figures = "%d prompts, %.1f s, byte for byte, the last frames within %d ms; talked over, silent after %d ms"
	return fmt.Sprintf(figures, len(t.steps), span(speech).Seconds(), t.late.Milliseconds(), cleared.Milliseconds()),
		errors.Join(problems...)
}

// interruptions judges how soon the line fell silent, and that it stayed so while the caller
// spoke.
func (t *talk) interruptions(wrong func(string, ...any)) (longest time.Duration) {
	var clears []twiliotest.Moment
	timeline := t.call.Timeline()
	for _, m := range timeline {
		if m.Event == twiliotest.Clear {
			clears = append(clears, m)
		}
	}
	for i, s := range t.steps {
		if s.over == 0 {
			continue
		}
		begins, ends := span(t.begins[i]+s.recorded.begins), span(t.begins[i]+s.recorded.ends)
		if len(clears) == 0 {
			wrong("%s: the line was not cleared", s.prompt)
			continue
		}
		cleared := clears[0].At
		clears = clears[1:]
		longest = max(longest, cleared-begins)
		if took := cleared - begins; took < 0 || took > soon {
			wrong("%s: cleared %v after it began", s.prompt, took)
		}
		for _, m := range timeline {
			if m.Event == twiliotest.Media && m.At > cleared && m.At < ends {
				wrong("%s: %d bytes of sound came after the line was cleared", s.prompt, m.Bytes)
			}
		}
	}
	if len(clears) > 0 {
		wrong("the line was cleared %d times more than it was talked over", len(clears))
	}
	return longest
}

// answers judges what the caller heard: all of each answer that they did not talk over. A
// realtime voice's comes byte for byte.
func (t *talk) answers(wrong func(string, ...any)) {
	heard := t.call.Heard()
	for i, s := range t.steps {
		if t.cut(i) {
			continue
		}
		ends := len(heard)
		if i+1 < len(t.steps) {
			ends = t.begins[i+1]
		}
		part := heard[t.begins[i]+s.recorded.ends : ends]
		if d := loudTime(part); d < s.length-ragged || d > s.length+ragged {
			wrong("%v of “%s” were heard, want %v", d, s.answer, s.length)
		}
		if t.by(i) == "realtime" && !bytes.Contains(part, ulawTone(s)) {
			wrong("“%s” was not heard byte for byte", s.answer)
		}
	}
}

// cut tells whether the caller talked over a step's answer.
func (t *talk) cut(i int) bool { return i+1 < len(t.steps) && t.steps[i+1].over > 0 }

// by is the voice that a step is for.
func (s *scene) by(i int) string {
	if s.drop > 0 && i >= s.drop {
		return s.voices[1]
	}
	return s.voices[0]
}
