package demo

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// lookEvery is how often the ledger is looked at while something happens.
const lookEvery = 100 * time.Millisecond

// ledgerWatch shows what the ledger gets of a person.
type ledgerWatch struct {
	*play
	person person
	seen   int64 // the newest row that was shown
	stop   context.CancelFunc
	wg     sync.WaitGroup
}

// watchLedger begins to watch.
func (p *play) watchLedger(ctx context.Context, who person) *ledgerWatch {
	w := &ledgerWatch{play: p, person: who}
	ctx, w.stop = context.WithCancel(ctx)
	w.wg.Go(func() {
		for sleep(ctx, lookEvery) == nil {
			w.look(ctx)
		}
	})
	return w
}

// look shows what is new. What can't be read now is there the next time.
func (w *ledgerWatch) look(ctx context.Context) {
	facts, err := w.stage.service.history(ctx, w.person.number)
	if err != nil {
		return
	}
	for _, f := range facts {
		if f.Seq > w.seen {
			w.seen = f.Seq
			w.show.fact(f.RecordedAt.Sub(w.began), w.person.name, f)
		}
	}
}

// end shows what is left.
func (w *ledgerWatch) end(ctx context.Context) {
	w.stop()
	w.wg.Wait()
	w.look(ctx)
}

// factsOf are those of a kind that belong to a call, or to any if it is empty.
func factsOf(facts []consent.Fact, kind consent.Type, callID string) (found []consent.Fact) {
	for _, f := range facts {
		if f.Type == kind && (callID == "" || f.CallID == callID) {
			found = append(found, f)
		}
	}
	return found
}
