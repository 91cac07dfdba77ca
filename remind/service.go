package remind

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Placer places calls; *call.Switchboard is the one. It gives the call the id that
// the order names, and a permit with that id is in the ledger before anything can
// ring. What it errors with is a *consent.DeniedError, a *consent.LedgerError, a
// *call.OrderError, or one of call's ErrDraining, ErrFull and ErrNoGate, after
// which surely nothing was placed; after any other error nobody knows.
type Placer interface {
	Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error)

	// Request is an order as the gate sees it; an error is a *call.OrderError.
	Request(o call.Order) (consent.Request, error)
}

// Calls is where the log of a call is read; calllog.Store is one.
type Calls interface {
	Get(ctx context.Context, id string) (calllog.Call, error)
}

// Ledger is where it is read what is known of a number; consent.Ledger is one.
type Ledger interface {
	Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error)
}

// Line is where calls wait for their turn at the carrier; *postgres.CallRate is one.
// With wait, TakeSlot returns when it is one's turn, or ErrNoSlot if that is too far
// away. Without, it takes a place and does not wait for it.
type Line interface {
	TakeSlot(ctx context.Context, wait bool) error
}

// Config is what a service needs. All fields are required unless they say a default.
type Config struct {
	Placer Placer
	Calls  Calls
	Ledger Ledger
	Line   Line // of all calls of the account, on all instances

	// Check asks the gate without placing or writing anything. A reminder that may
	// be placed waits for its turn among the account's calls; one that may not
	// needs none, and if it was held or put off before for the same reasons, the
	// ledger gets no other decision. Defaults to nil: all of them wait, and each look
	// is a decision.
	Check func(ctx context.Context, o call.Order) (consent.Decision, error)

	Policy  Policy
	Workers int              // that place calls at once, in this instance. Defaults to 10
	Now     func() time.Time // Defaults to time.Now
	Logger  zerolog.Logger
}

// Service runs reminders. Its methods are safe for use by several goroutines.
type Service struct {
	cfg      Config
	policy   Policy
	store    Store
	queue    queue
	breakers *breakers
	log      zerolog.Logger

	idleUntil atomic.Int64 // Unix, ns: until then nothing is placed here

	// Of what hooks leave to be done: run works on it.
	errands chan func(context.Context)
	started bool
	quiet   sync.Once
	quieted error
	work    context.Context // ends with Quiet: nobody waits in the line any more
	leave   context.CancelFunc
	stop    context.CancelFunc // of run
	running sync.WaitGroup
}

// Bounds of the service's own work.
const (
	maxErrands = 1024             // that wait
	errandTime = 10 * time.Second // for one of them
	settleTime = 5 * time.Second  // to write down what became of an attempt, also at the end
)

// New makes a service on river, with a driver and a store of the same database. It
// does nothing until it is started.
func New[T any](driver riverdriver.Driver[T], store interface {
	Store
	Adder[T]
}, cfg Config) (*Service, error) {
	cfg.Policy = cfg.Policy.withDefaults()
	if cfg.Workers == 0 {
		cfg.Workers = 10
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Placer == nil || cfg.Calls == nil || cfg.Ledger == nil || cfg.Line == nil {
		return nil, errors.New("remind: Config.Placer, Calls, Ledger and Line are required")
	}
	if cfg.Workers < 1 {
		return nil, fmt.Errorf("remind: Config.Workers is %d: want at least 1", cfg.Workers)
	}
	if err := cfg.Policy.check(); err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, policy: cfg.Policy, store: store, log: cfg.Logger, errands: make(chan func(context.Context), maxErrands)}
	s.work, s.leave = context.WithCancel(context.Background())
	s.breakers = newBreakers(s.policy, s.now, s.rested)
	q, err := newQueue(driver, store, s)
	if err != nil {
		return nil, err
	}
	s.queue = q
	return s, nil
}

// Start begins to work until Quiet or Stop. It is called once.
func (s *Service) Start(ctx context.Context) error {
	if err := s.queue.start(ctx); err != nil {
		return fmt.Errorf("remind: start: %w", err)
	}
	run, stop := context.WithCancel(context.Background())
	s.started, s.stop = true, stop
	s.running.Go(func() { s.run(run) })
	return nil
}

// Quiet places no more calls here: other instances go on. It waits for workers until
// ctx ends, and then cancels them; what they had claimed by then is looked up later,
// here or elsewhere. Hooks still work, and so do Add and Cancel.
func (s *Service) Quiet(ctx context.Context) error {
	s.quiet.Do(func() {
		s.leave()
		if !s.started {
			return
		}
		if err := s.queue.stop(ctx); err != nil {
			s.quieted = fmt.Errorf("remind: stop: %w", err)
		}
	})
	return s.quieted
}

// Stop ends all work: first as Quiet does, then what hooks have left.
func (s *Service) Stop(ctx context.Context) error {
	err := s.Quiet(ctx)
	if s.started {
		s.stop()
		s.running.Wait()
	}
	return err
}

// run does what hooks have left to be done; at the end, as much as a moment allows.
func (s *Service) run(ctx context.Context) {
	do := func(ctx context.Context, errand func(context.Context)) {
		ctx, cancel := context.WithTimeout(ctx, errandTime)
		defer cancel()
		errand(ctx)
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case errand := <-s.errands:
			do(context.WithoutCancel(ctx), errand)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	for len(s.errands) > 0 && last.Err() == nil {
		do(last, <-s.errands)
	}
}

// later leaves an errand to run. It tells whether there was room.
func (s *Service) later(errand func(context.Context)) bool {
	select {
	case s.errands <- errand:
		return true
	default:
		s.log.Warn().Msg("reminders: queue full; leaving the rest to the next sweep")
		return false
	}
}

func (s *Service) now() time.Time { return s.cfg.Now() }
