package call

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// Elsewhere is where a caller's calls at other instances are counted: *postgres.DB.
type Elsewhere interface {
	// CallsFrom counts the calls that came in from a number within a day and that other
	// instances than this one carry: those that are not over, and those of the last hour.
	CallsFrom(ctx context.Context, from, instance string) (live, lastHour int, err error)
}

// elsewhereWait bounds what the count may add to the answer of a call.
const elsewhereWait = 300 * time.Millisecond

// tally is calls of one caller.
type tally struct{ live, lastHour int }

// countElsewhere counts a caller's calls at other instances. While that can't be known in time
// there are none: then this instance's own count has to do. A call is in the count as soon
// as its instance has written it down, which takes a moment.
func (b *Switchboard) countElsewhere(v carrier.Incoming) (n tally) {
	if b.cfg.Elsewhere == nil || callerOf(v.From) == "" {
		return n
	}
	ctx, cancel := context.WithTimeout(b.ctx, elsewhereWait)
	defer cancel()
	live, lastHour, err := b.cfg.Elsewhere.CallsFrom(ctx, string(v.From), b.cfg.Instance)
	if err != nil {
		b.refusals.Warn().Err(err).Msg("calls at other instances not counted")
		return tally{}
	}
	return tally{live, lastHour}
}
