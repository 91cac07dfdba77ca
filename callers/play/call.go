package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const (
	caller   = "+14155550142"
	patience = 15 * time.Second       // for what is waited for
	inTime   = 100 * time.Millisecond // from the caller's last frame to the voice
	ragged   = 60 * time.Millisecond  // of an answer, at its ends
)

// play plays the call and judges it.
func (s *scene) play(ctx context.Context, st *stage) (string, error) {
	call, err := st.phone.Dial(ctx, caller, s.number)
	if err != nil {
		return "", err
	}
	t := talk{scene: s, call: call, stage: st}
	err = t.hold(ctx)
	call.HangUp()
	<-call.Done()
	if err != nil {
		return "", err
	}
	return t.judge(ctx)
}

// talk is a call under way, and what is measured of it.
type talk struct {
	*scene
	call  *twiliotest.Call
	stage *stage

	begins []int         // byte of the call at which each prompt began
	late   time.Duration // that the last frame of a prompt reached the voice, at worst
}

// hold says all that the caller says, each when it is due.
func (t *talk) hold(ctx context.Context) error {
	for i := range t.steps {
		if err := t.listen(ctx, i); err != nil {
			return err
		}
		if t.drop > 0 && i == t.drop {
			t.evi.leave()
			t.call.Speak(bytes.Repeat([]byte{media.Silence}, 3*frame)) // until the bridge knows
		}
		if err := t.speak(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", t.steps[i].prompt, err)
		}
	}
	return t.listen(ctx, len(t.steps))
}

// listen waits until the caller has heard as much of the answer before a step as they want to.
func (t *talk) listen(ctx context.Context, i int) error {
	if i == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %v", patience))
	defer cancel()
	before := t.steps[i-1]
	from := t.begins[i-1] + before.recorded.ends
	want, cut := before.length-ragged, i < len(t.steps) && t.steps[i].over > 0
	if cut {
		want = t.steps[i].over
	}
	return until(ctx, "the answer “"+before.answer+"”", func() (bool, error) {
		select {
		case <-t.call.Done():
			return false, errors.New("the call is over")
		default:
		}
		heard := t.call.Heard()
		return len(heard) > from && loudTime(heard[from:]) >= want && (cut || t.call.Queued() == 0), nil
	})
}

// speak says a prompt, and waits until the voice has all of it.
func (t *talk) speak(ctx context.Context, i int) error {
	from := len(t.call.Said())
	p := t.steps[i].recorded
	t.call.Speak(p.ulaw)
	if err := t.call.WaitSpoken(ctx); err != nil {
		return err
	}
	spoken := time.Now()
	at := bytes.Index(t.call.Said()[from:], p.ulaw)
	if at < 0 {
		return errors.New("the telephone did not send it whole")
	}
	t.begins = append(t.begins, from+at)
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("not all of it came"))
	defer cancel()
	err := until(ctx, "the voice to get it", func() (bool, error) { return t.got(i), nil })
	t.late = max(t.late, time.Since(spoken))
	return err
}
