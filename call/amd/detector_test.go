package amd

import (
	"reflect"
	"testing"
	"time"
)

// step is something that the detector hears so long after the answer, and what the call has to do about it.
type step struct {
	at   time.Duration
	hear func(*Detector, time.Time) []Verdict
	want []Verdict
}

const (
	greeting  = "You've reached Dana. Please leave a message after the beep."
	screening = "Please state your name and the reason for your call."
	phoneMenu = "For billing, press 1."
	full      = "The mailbox is full."
	endless   = "Thank you for calling, all of our agents are busy, please stay where you are now."
)

func says(text string) func(*Detector, time.Time) []Verdict {
	return func(d *Detector, now time.Time) []Verdict { return d.Said(text, now) }
}

func interim(text string) func(*Detector, time.Time) []Verdict {
	return func(d *Detector, now time.Time) []Verdict { return d.Interim(text, now) }
}

func carrier(answeredBy string, leaves bool) func(*Detector, time.Time) []Verdict {
	return func(d *Detector, now time.Time) []Verdict { return d.CarrierSaid(answeredBy, leaves, now) }
}

func sound(s Sound) func(*Detector, time.Time) []Verdict {
	return func(d *Detector, now time.Time) []Verdict { return d.Heard(s, now) }
}

func tick(d *Detector, now time.Time) []Verdict { return d.Tick(now) }

// What is heard on a call that was placed, step by step, and what the call has to do.
func TestDetector(t *testing.T) {
	t.Parallel()
	const s = time.Second
	beep := sound(Sound{Beep: &Tone{Hz: 1000, Length: 3200}})
	beeped := Noted("a beep was heard: 1000 Hz for 400 ms")
	known := []Verdict{Noted(noteWaits), Mute{}}
	supposed := []Verdict{Noted(noteGreeting), Mute{}}
	for name, tt := range map[string]struct {
		steps   []step
		machine bool
		waits   bool
	}{
		"a beep ends the wait": {[]step{{4 * s, carrier("machine_start", true), known},
			{9 * s, beep, []Verdict{beeped, Record{}}}}, true, true},
		"a beep before the words": {[]step{{2 * s, beep, []Verdict{beeped}},
			{16 * s, says(greeting), append(supposed[:2:2], Record{})}}, true, true},
		"a beep too long before": {[]step{{2 * s, beep, []Verdict{beeped}}, {18 * s, says(greeting), supposed}}, false, true},
		"silence":                {[]step{{4 * s, says(greeting), supposed}, {7 * s, sound(Sound{Quiet: true}), []Verdict{Record{}}}}, true, true},
		"silence that is over": {[]step{{4 * s, sound(Sound{Quiet: true}), nil}, {5 * s, sound(Sound{}), nil},
			{6 * s, says(greeting), supposed}}, false, true},
		"a known machine does not end": {[]step{{4 * s, carrier("machine_start", true), known}, {23 * s, tick, nil},
			{24 * s, tick, []Verdict{Record{}}}}, true, true},
		"a supposed one does not end": {[]step{{4 * s, interim(greeting), supposed}, {23 * s, tick, nil},
			{24 * s, tick, []Verdict{Noted(noteNoBeep), Person{}}}}, false, false},
		"a person after all": {[]step{{4 * s, says(greeting), supposed}, {6 * s, says("Hello?"), []Verdict{Noted(notePerson), Person{}}}},
			false, false},
		"a greeting in two": {[]step{{4 * s, says("I can't come to the phone right now."), nil},
			{6 * s, says("Please leave your name and number."), supposed}}, false, true},
		"words too late": {[]step{{46 * s, says(greeting), nil}, {46 * s, interim(greeting), nil}}, false, false},
		"a full mailbox": {[]step{{4 * s, says(full), []Verdict{Noted(noteOf[FullBox]), Mute{}}},
			{8 * s, beep, []Verdict{beeped, Record{Full: true}}}}, true, true},
		"nothing to leave":   {[]step{{4 * s, carrier("machine_start", false), []Verdict{Record{}}}}, true, false},
		"the greeting's end": {[]step{{9 * s, carrier("machine_end_beep", true), []Verdict{Record{}}}}, true, false},
		"a fax":              {[]step{{9 * s, carrier("fax", true), []Verdict{Record{Fax: true}}}}, true, false},
		"a fax, after full words": {[]step{{4 * s, says(full), []Verdict{Noted(noteOf[FullBox]), Mute{}}},
			{9 * s, carrier("fax", true), []Verdict{Record{Fax: true}}}}, true, true},
		"an assistant": {[]step{{4 * s, says(screening), []Verdict{Noted(noteOf[Assistant]), Asks{Assistant}}},
			{8 * s, carrier("machine_start", true), []Verdict{Noted(noteOther)}},
			{9 * s, says("Please hold."), nil}, {15 * s, says("Yes, this is Dana."), []Verdict{Noted(noteBehind), Person{}}},
			{16 * s, says("What is it about?"), nil}}, false, false},
		"an assistant's beep does not count": {[]step{{4 * s, beep, []Verdict{beeped}},
			{5 * s, says(screening), []Verdict{Noted(noteOf[Assistant]), Asks{Assistant}}}, {9 * s, says(greeting), supposed}}, false, true},
		"a menu takes a greeting": {[]step{{4 * s, says(phoneMenu), []Verdict{Noted(noteOf[Menu]), Asks{Menu}}},
			{9 * s, says("You have selected billing."), nil}, {15 * s, says("Hello?"), []Verdict{Noted(noteBehind), Person{}}}}, false, false},
		"the same again": {[]step{{50 * s, says(endless), nil}, {60 * s, says(endless), []Verdict{Repeats{}}},
			{70 * s, says(endless), []Verdict{Endless{}}}}, false, false},
		"a person, all along": {[]step{{2 * s, says("Hello?"), nil}, {3 * s, beep, []Verdict{beeped}},
			{9 * s, says("Yes, that is me."), nil}, {10 * s, sound(Sound{Quiet: true}), nil}, {60 * s, tick, nil}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d Detector
			answered := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
			d.Placed(answered)
			for i, st := range tt.steps {
				if got := st.hear(&d, answered.Add(st.at)); !reflect.DeepEqual(got, st.want) && len(got)+len(st.want) > 0 {
					t.Errorf("step %d: %#v, want %#v", i+1, got, st.want)
				}
			}
			if d.Machine() != tt.machine || d.Waits() != tt.waits {
				t.Errorf("a machine: %v, waits: %v", d.Machine(), d.Waits())
			}
		})
	}
}

// Of a call that came in nothing but endless repetition is noticed.
func TestACallThatCameIn(t *testing.T) {
	t.Parallel()
	var d Detector
	for i := range 6 {
		for _, text := range []string{greeting, screening} {
			if v := d.Said(text, time.Now()); v != nil {
				t.Fatalf("round %d: %#v", i, v)
			}
		}
	}
	for i := range 6 {
		v := d.Said("Is there anybody at all there", time.Now())
		if want := []Verdict{Endless{}}; i == 5 && !reflect.DeepEqual(v, want) || i < 5 && v != nil {
			t.Errorf("time %d: %#v", i+1, v)
		}
	}
}

// A call that ends by itself while a greeting is listened to was taken by a machine.
func TestGone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		heard  func(*Detector, time.Time) []Verdict
		hungUp bool
		want   string
	}{
		"a supposed machine hung up":      {says(greeting), true, noteGone},
		"the agent left a supposed one":   {says(greeting), false, ""},
		"the agent left a known one":      {carrier("machine_start", true), false, noteGone},
		"the agent left a full mailbox":   {says(full), false, NoteFull},
		"a person hung up":                {says("Hello?"), true, ""},
		"an assistant hung up":            {says(screening), true, ""},
		"a full mailbox hung up":          {says(full), true, NoteFull},
		"a machine that the carrier knew": {carrier("machine_start", true), true, noteGone},
	} {
		var d Detector
		now := time.Now()
		d.Placed(now)
		tt.heard(&d, now)
		if got := d.Gone(tt.hungUp); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// Beeps and silence are told once each, and only in the first 80 s.
func TestToneDetector(t *testing.T) {
	t.Parallel()
	var d ToneDetector
	var got []Sound
	hear := func(parts ...part) {
		line := signal(parts, -15, 0, 1)
		for ; len(line) > 0; line = line[min(160, len(line)):] {
			d.Add(line[:min(160, len(line))], func(s Sound) { got = append(got, s) })
		}
	}
	hear(part{500, nil}, part{400, []float64{850}}, part{4000, nil}, part{1000, []float64{300, 500}})
	if len(got) != 3 || got[0].Beep == nil || !got[1].Quiet || got[2] != (Sound{}) {
		t.Errorf("heard %+v", got)
	}
	hear(part{75_000, []float64{300, 500}})
	got = nil
	if hear(part{500, nil}, part{400, []float64{850}}, part{4000, nil}); got != nil {
		t.Errorf("after 80 s it heard %+v", got)
	}
}
