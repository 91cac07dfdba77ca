package call

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
)

// keepWait bounds writing down what nobody waits for.
const keepWait = 10 * time.Second

// keeper does beside the calls what must be done though nobody waits for it: what the
// ledger has to know, and telling Twilio to hang up. Drain waits for it.
type keeper struct {
	gate      *consent.Gate // nil if there is none
	callbacks Callbacks     // nil if there are none
	log       zerolog.Logger

	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// do runs f beside. After close it runs at once.
func (k *keeper) do(f func()) {
	k.mu.Lock()
	closed := k.closed
	if !closed {
		k.wg.Go(f)
	}
	k.mu.Unlock()
	if closed {
		f()
	}
}

// close waits for all that was begun.
func (k *keeper) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.wg.Wait()
}

// keep writes facts into the ledger, or the spool if that does not answer in time. The
// channel is closed when either has them, or neither will.
func (k *keeper) keep(bound time.Duration, facts ...consent.Fact) <-chan struct{} {
	kept := make(chan struct{})
	k.do(func() {
		defer close(kept)
		k.record(bound, facts...)
	})
	return kept
}

// recordRow is record for one fact, and tells its row in the ledger; 0 if it waits in the spool.
func (k *keeper) recordRow(ctx context.Context, f consent.Fact) int64 {
	soon, cancel := context.WithTimeout(ctx, keepBound)
	defer cancel()
	if receipts, err := k.gate.Record(soon, f); err == nil {
		return receipts[0].Seq
	}
	k.record(keepBound, f)
	return 0
}

func (k *keeper) record(bound time.Duration, facts ...consent.Fact) {
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	spooled, err := k.gate.RecordDurably(ctx, facts...)
	switch {
	case err != nil && spooled:
		k.log.Error().Err(err).Str("type", string(facts[0].Type)).Msg("consent fact kept in memory only: ledger and spool unavailable")
	case err != nil:
		k.log.Error().Err(err).Str("type", string(facts[0].Type)).Msg("consent fact lost")
	case spooled:
		k.log.Warn().Str("type", string(facts[0].Type)).Msg("consent fact spooled to disk: ledger unavailable")
	}
}

// keepText writes the words of an opening into the ledger, once for ever.
func (k *keeper) keepText(text string) {
	k.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), keepWait)
		defer cancel()
		if err := k.gate.KeepTexts(ctx, consent.OpeningText(text)); err != nil {
			k.log.Warn().Err(err).Msg("opening not recorded in the ledger; retrying with the next call")
		}
	})
}
