package expression

import (
	"context"
	"errors"
	"time"
)

// maxAsking is how many turns of one call may be unanswered. One more has no result.
const maxAsking = 2

// decisions asks about one clip a turn.
type decisions struct {
	c      Config
	host   host
	sound  sound
	asking chan struct{}
}

func newDecisions(c Config, h host) *decisions {
	return &decisions{c: c, host: h, asking: make(chan struct{}, maxAsking)}
}

func (d *decisions) hear(f frame)             { d.sound.push(f) }
func (d *decisions) tick(time.Time) time.Time { return time.Time{} }
func (d *decisions) reset()                   { d.sound.reset() }
func (d *decisions) close()                   {}

func (d *decisions) ended(t turn) {
	pcm, _ := d.sound.take(t)
	wav := clip(pcm)
	if wav == nil {
		d.host.skip(nil)
		return
	}
	select {
	case d.asking <- struct{}{}:
	default:
		d.host.skip(nil)
		return
	}
	d.host.wg.Go(func() {
		defer func() { <-d.asking }()
		result, err := d.ask(wav)
		if err != nil {
			d.host.skip(err)
			return
		}
		result.Turn = t.number
		d.host.emit(result)
	})
}

// ask asks about a turn.
func (d *decisions) ask(wav []byte) (Result, error) {
	a, now := d.c.Account, time.Now()
	if !a.breaker.allow(now) {
		return Result{}, fault("decisions", errResting)
	}
	if !a.window.take(now) {
		return Result{}, fault("decisions", errors.New("the limit of requests a minute is reached"))
	}
	ctx, cancel := context.WithTimeout(d.host.ctx, min(d.c.Wait, a.c.Timeout))
	defer cancel()
	body, err := a.decide(ctx, d.c.Questions, wav)
	var result Result
	if err == nil {
		result, err = readAnswers(body, d.c.Questions, d.c.Threshold)
	}
	a.judge(d.host.ctx, err)
	if err != nil {
		return Result{}, fault("decisions", err)
	}
	return result, nil
}

// judge notes what an answer says of the service's health.
func (a *Account) judge(call context.Context, err error) {
	var r *refusal
	switch {
	case err == nil:
		a.breaker.succeeded()
	case call.Err() != nil: // we gave up
	case errors.As(err, &r) && (r.status == 429 || r.status == 503):
		a.breaker.refused(time.Now(), max(r.after, a.c.Retry))
	default:
		a.breaker.failed(time.Now())
	}
}
