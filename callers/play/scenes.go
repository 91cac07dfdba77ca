package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// scene is one call: what the caller says, what they are answered, and by which voices.
type scene struct {
	name     string
	agent    string // in bridge.yaml
	number   string // that is called
	language string
	voices   []string // that speak, in order
	steps    []step
	drop     int // the step before which EVI leaves for good; 0 for none

	evi      *eviVoice
	realtime *realtimetest.Server
}

// step is something that the caller says, and the answer to it.
type step struct {
	prompt   string        // a recording
	over     time.Duration // of the answer before that is heard until this is said over it; 0: all of it
	answer   string
	length   time.Duration // of the answer
	recorded *prompt
}

// scenes are all calls, with the voices that take them.
type scenes struct {
	all []*scene
	evi *evitest.Server
}

const (
	long    = 8 * time.Second // of an answer that is talked over
	short   = time.Second
	allSent = 3 * time.Second // into a long answer, it has all been sent: the bridge decides what interrupts
)

// newScenes reads the recordings and starts the voices. The caller must close them.
func newScenes(dir string) (*scenes, error) {
	all := &scenes{all: []*scene{
		{name: "English on evi", agent: "english", number: "+14155550101", language: "en", voices: []string{"evi"},
			steps: []step{
				{prompt: "number-not-answering", answer: "Let me read you all of our opening hours.", length: long},
				{prompt: "vm-sorry", over: time.Second, answer: "We are open until six.", length: short},
				{prompt: "vm-goodbye", answer: "You're welcome.", length: short},
			}},
		{name: "Spanish on realtime", agent: "spanish", number: "+14155550102", language: "es", voices: []string{"realtime"},
			steps: []step{
				{prompt: "conf-onlyperson", answer: "Le leo todos nuestros horarios.", length: long},
				{prompt: "vm-dialout", over: time.Second, answer: "Con gusto.", length: short},
				{prompt: "queue-thankyou", answer: "A usted.", length: short},
			}},
		{name: "English on evi, then realtime", agent: "chain", number: "+14155550103", language: "en",
			voices: []string{"evi", "realtime"}, steps: []step{
				{prompt: "number-not-answering", answer: "Which number do you mean?", length: short},
				{prompt: "something-terribly-wrong", answer: "Let me explain all that we can do about it.", length: long},
				{prompt: "one-moment-please", over: allSent, answer: "Take your time.", length: short},
				{prompt: "vm-goodbye", answer: "You're welcome.", length: short},
			}, drop: 1},
	}}
	for _, s := range all.all {
		for i := range s.steps {
			p, err := readPrompt(dir, s.language, s.steps[i].prompt)
			if err != nil {
				return nil, err
			}
			s.steps[i].recorded = p
		}
	}
	all.evi = evitest.NewServer(key, all.serveEVI)
	for _, s := range all.all {
		s.serve()
	}
	return all, nil
}

// serve makes the scene's voices.
func (s *scene) serve() {
	spoken := s.steps // over realtime
	if s.voices[0] == "evi" {
		s.evi = &eviVoice{steps: s.steps}
		if spoken = nil; s.drop > 0 {
			s.evi.steps, spoken = s.steps[:s.drop], s.steps[s.drop:]
		}
	}
	if spoken != nil {
		s.realtime = newRealtime(spoken)
	}
}

// prompts are the recordings of some steps.
func prompts(steps []step) (all []*prompt) {
	for _, s := range steps {
		all = append(all, s.recorded)
	}
	return all
}

func (s *scenes) close() {
	s.evi.Close()
	for _, sc := range s.all {
		if sc.realtime != nil {
			sc.realtime.Close()
		}
	}
}

// faults is what the scene's voices object to. Those of evitest are of all scenes.
func (s *scene) faults(evi *evitest.Server) error {
	faults := evi.Faults()
	problems := []error{evi.Err()}
	if s.realtime != nil {
		faults = append(faults, s.realtime.Faults()...)
		problems = append(problems, s.realtime.Err())
	}
	for _, f := range faults {
		problems = append(problems, fmt.Errorf("fault: %s", f))
	}
	return errors.Join(problems...)
}
