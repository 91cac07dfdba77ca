package call

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/recording"
)

// The errors that an operator's order may meet.
var (
	ErrNotLive = errors.New("call: the call is not live")
)

// Shared is what the instances of the service know together. Its loss stops no
// call: then an instance knows what it did itself.
type Shared interface {
	// RedeemToken is true for the first one who asks with this hash.
	RedeemToken(ctx context.Context, hash [32]byte, expires time.Time) (first bool, err error)
	// SetNext keeps the step that a call shall follow after its stream; TakeNext takes it away.
	SetNext(ctx context.Context, id carrier.CallID, s carrier.Step) error
	TakeNext(ctx context.Context, id carrier.CallID) (s carrier.Step, found bool, err error)
	// SendCommand gives an order to whichever instance holds the call.
	SendCommand(ctx context.Context, callID, verb, text string) error
}

// Config is what a switchboard needs. All fields are required unless said.
type Config struct {
	Account    string              // whose lines are taken, as [carrier.Start] has it; empty for any
	Profiles   map[string]*Profile // by the agent's name
	Numbers    map[string]string   // the number called, E.164: the agent's name
	Routers    map[string]Router   // the number called, one of Numbers: who is asked first who answers. Optional
	Key        []byte              // signs tokens; the same on every instance
	Instance   string
	MaxCalls   int // live calls at once. Defaults to 500
	Limits     Limits
	Log        *calllog.Writer
	Store      calllog.Store
	Shared     Shared
	Elsewhere  Elsewhere         // optional: without it a caller's calls are counted at this instance alone
	Carrier    carrier.Carrier   // optional: hangs up calls that have no stream yet; without it none are placed
	Gate       *consent.Gate     // optional: without it no call is placed, and nobody can opt out
	Callbacks  Callbacks         // optional: without it nobody is called back by schedule_callback
	Recordings *recording.Folder // optional: without it no call is recorded
	Metrics    *Metrics
	Logger     zerolog.Logger

	// Ended hears of every placed call that this instance ends, once, after the ledger
	// has. It may wait, beside other calls, and Drain waits for it. Optional.
	Ended func(calllog.Call)

	// CarrierHealth hears once of each call that the carrier was asked for whether it did its part:
	// nil when a telephone rings, or else what went wrong that the next call will meet,
	// too: too many requests, an error of its own, no answer, nobody there, an account
	// that may not. Of a number that it refuses it hears nothing. The error names no one.
	// It must not wait. Optional.
	CarrierHealth func(agent string, err error)
}

// Switchboard holds all calls of an instance, each in its phase.
type Switchboard struct {
	cfg    Config
	tokens tokens
	keeper *keeper

	refusals zerolog.Logger // of streams: a line a second, however many come

	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup

	mu           sync.Mutex // guards what follows
	draining     bool
	table        table
	used         map[[32]byte]time.Time // tokens redeemed here, until they expire
	whispers     map[carrier.CallID]prepared
	arrivals     arrivals      // calls that came in during the last hour
	lookBackMost time.Duration // a test of a busy machine has more
	ownerWait    time.Duration // so has this
}

// live is a call that talks.
type live struct {
	e      *entry
	call   *Call
	stream *stream         // that it talks on: the call may have another when this one is over
	over   *carrier.Status // the carrier's report that the call has ended; nil before
	done   chan struct{}
}

// New makes a switchboard. End it by Drain.
func New(c Config) *Switchboard {
	getReady()
	var gauge prometheus.Gauge
	if c.Metrics != nil {
		c.Metrics.zero(c.Profiles)
		gauge = c.Metrics.live
	}
	if c.MaxCalls == 0 {
		c.MaxCalls = 500
	}
	if c.Limits.Duration == 0 {
		c.Limits.Duration = time.Hour
	}
	if c.Limits.Inactivity == 0 {
		c.Limits.Inactivity = 2 * time.Minute
	}
	b := &Switchboard{cfg: c, tokens: tokens{c.Key}, refusals: c.Logger.Sample(&zerolog.BurstSampler{Burst: 1, Period: time.Second}),
		keeper: &keeper{gate: c.Gate, callbacks: c.Callbacks, log: c.Logger},
		table:  newTable(gauge), used: map[[32]byte]time.Time{}, whispers: map[carrier.CallID]prepared{},
		arrivals:     arrivals{callers: map[string]*hour{}, numbers: map[string]*hour{}},
		lookBackMost: lookBackMost, ownerWait: ownerWait}
	b.ctx, b.cancel = context.WithCancelCause(context.Background())
	return b
}

// full says why no further call is taken; empty if one may be. b.mu is held.
func (b *Switchboard) full() string {
	switch {
	case b.draining:
		return "draining"
	case b.table.busy >= b.cfg.MaxCalls:
		return "capacity"
	}
	return ""
}

// isFull tells whether no further call is taken.
func (b *Switchboard) isFull() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.full() != ""
}

// connect brings a call's stream here, after the digits.
func (b *Switchboard) connect(sid carrier.CallID, p *Profile, digits string) carrier.Step {
	return carrier.Connect{Token: b.tokens.mint(sid, p.Name, time.Now()), Digits: digits}
}

// refusal is what a caller hears whom nobody can serve.
func refusal(p *Profile) carrier.Step {
	if p.Fallback == (Fallback{}) {
		return carrier.Reject{Busy: true}
	}
	return p.Fallback.step()
}

// Live counts the calls that this instance carries or is about to.
func (b *Switchboard) Live() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.table.busy
}

// Draining tells whether new calls are refused.
func (b *Switchboard) Draining() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.draining
}

// Drain refuses new calls and waits until the live ones have ended. When ctx
// ends first, those left are cut with ErrShutdown, each with its fallback.
// It returns when nothing of any call is left.
func (b *Switchboard) Drain(ctx context.Context) {
	b.mu.Lock()
	b.draining = true
	b.mu.Unlock()
	for {
		b.mu.Lock()
		left, changed := b.table.busy, b.table.changed
		b.mu.Unlock()
		if left == 0 {
			break
		}
		select {
		case <-changed:
			continue
		case <-ctx.Done():
			b.cfg.Logger.Warn().Int("calls", left).Msg("shutdown timeout: ending the remaining calls")
		}
		break
	}
	b.mu.Lock()
	b.cancel(ErrShutdown)
	b.mu.Unlock()
	b.abandonAll()
	b.wg.Wait()
	b.keeper.close()
	b.farewells()
}

// newID makes the name of a call in our own log.
func newID() string { return "call_" + strings.ToLower(rand.Text()) }
