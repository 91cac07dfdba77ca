package service

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/internal/build"
	"github.com/patchcord/patchcord/internal/config"
)

// Serve runs the service until it is told to stop, in two steps: the first signal refuses new calls and waits for the
// live ones, at most BRIDGE_DRAIN_TIMEOUT; the second ends them.
func Serve(c *config.Config) error {
	tuneMemory()
	log := NewLogger(c, os.Stderr)
	for _, f := range c.Posture() {
		log.Warn().Str("what", f.What).Str("problem", f.Say).Msg("setup can be hardened")
	}
	c.WarnOfPlaceholders(log)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	defer signal.Stop(signals)

	starting, cancel := context.WithCancel(context.Background())
	defer cancel()
	started := make(chan struct{})
	go func() { // a signal while it starts stops the start
		select {
		case <-signals:
			cancel()
		case <-started:
		}
	}()
	s, err := Start(starting, c, log)
	close(started)
	if err != nil {
		return err
	}
	forgetStart()
	serving, over := context.WithCancel(context.Background())
	defer over()
	go collect(serving, s.Switchboard.Live)
	log.Info().Str("listen", s.Listener.Addr().String()).Str("public", c.PublicURL).Int("agents", len(c.File.Agents)).Str("version", build.Version).Msg("serving")
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	var sig os.Signal
	select {
	case err := <-served:
		s.Switchboard.Drain(Canceled())
		return errors.Join(err, s.Stop())
	case sig = <-signals:
	}
	linger := time.Now() // until when even an idle bridge answers
	if sig == syscall.SIGTERM {
		linger = linger.Add(c.DrainDelay)
	}
	log.Info().Int("calls", s.Switchboard.Live()).Dur("at_most_ms", c.DrainTimeout).Msg("draining: refusing new calls; a second signal ends live calls")
	drain, cancel := context.WithTimeout(context.Background(), c.DrainTimeout)
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-drain.Done():
		}
	}()
	s.quiet(drain)
	s.Switchboard.Drain(drain)
	select {
	case <-time.After(time.Until(linger)):
	case <-drain.Done():
	}
	err = errors.Join(s.Stop(), <-served)
	log.Info().Msg("stopped")
	return err
}

// Canceled is a context that is over.
func Canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
