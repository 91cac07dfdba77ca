package demo

import (
	"context"
	"errors"
	"time"
)

// ramble speaks until the caller has spoken over it for a while. Then it begins no further
// sentence, says that it was interrupted, and lets the sound already under way still come.
func (a *agent) ramble(sentences ...*line) {
	a.try("speaks and is not interrupted", func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		noticed, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- a.recite(ctx, sentences, noticed) }()
		err := a.ears.await(ctx, func(e *ear) bool { return e.talk >= bargeIn })
		close(noticed)
		if err == nil {
			a.note(func(f *agentFacts) { f.interrupted = time.Now() })
			err = a.conn.interrupt()
			late := time.NewTimer(inFlight)
			defer late.Stop()
			select {
			case <-late.C:
			case <-ctx.Done():
			}
		}
		stop()
		if spoke := <-ended; !errors.Is(spoke, context.Canceled) && !errors.Is(spoke, errInterrupted) {
			err = errors.Join(err, spoke)
		}
		return err
	})
}

// insist speaks on whatever the caller says: it only tells the bridge their words, as an
// agent would that does not care for them, or does not notice that they began. It ends when
// the bridge has left.
func (a *agent) insist(sentences ...*line) {
	a.try("insists", func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = a.recite(ctx, sentences, nil) // the bridge leaves while it speaks, as it should
		}()
		err := a.understand(ctx)
		if err == nil {
			select {
			case <-a.conn.done():
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		stop()
		<-ended
		return err
	})
}

// recite speaks sentence after sentence, until it is told to begin no more.
func (a *agent) recite(ctx context.Context, sentences []*line, enough <-chan struct{}) error {
	for _, l := range sentences {
		select {
		case <-enough:
			return nil
		default:
		}
		if err := a.utter(ctx, l, unhurried); err != nil {
			return err
		}
	}
	return nil
}
