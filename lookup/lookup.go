package lookup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Config says whom to ask.
type Config struct {
	Endpoints map[Kind]Endpoint
	Gate      *consent.Gate // decides without writing, and records the answers
	Logger    zerolog.Logger
}

// Service asks what the gate lacks. Its methods are safe for use by several goroutines.
type Service struct {
	endpoints map[Kind]Endpoint
	gate      *consent.Gate
	log       zerolog.Logger
	client    *http.Client
	turns     chan struct{}

	mu    sync.Mutex
	going map[person]chan struct{} // closed when the questions are answered
}

// person is a number, and who wants to call it.
type person struct {
	number phone.Number
	seller string
}

// New makes a service; Close it. The error is every problem of the endpoints.
func New(cfg Config) (*Service, error) {
	var problems []error
	for _, k := range slices.Sorted(maps.Keys(cfg.Endpoints)) {
		if !slices.Contains(Kinds, k) {
			problems = append(problems, fmt.Errorf("lookup: %s is not one of %v", k, Kinds))
		}
		if err := cfg.Endpoints[k].Check(); err != nil {
			problems = append(problems, fmt.Errorf("lookup: %s: url: %w", k, err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return &Service{endpoints: maps.Clone(cfg.Endpoints), gate: cfg.Gate, log: cfg.Logger,
		turns: make(chan struct{}, maxAsked), going: map[person]chan struct{}{},
		client: &http.Client{
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4,
				MaxConnsPerHost: maxAsked, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 16 << 10},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}, nil
}

// Close closes connections that nobody uses.
func (s *Service) Close() { s.client.CloseIdleConnections() }

// Before asks what a decision on a request would hold for, and records the answers. It
// returns when they are recorded, or after 3 s without them, and never says why: the
// decision does. Whoever comes while the same number is asked about waits for that.
func (s *Service) Before(ctx context.Context, req consent.Request) {
	if ctx.Value(askedKey{}) != nil || len(s.endpoints) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	who := person{req.To, req.Seller.Name}
	s.mu.Lock()
	done, under := s.going[who]
	if !under {
		done = make(chan struct{})
		s.going[who] = done
	}
	s.mu.Unlock()
	if under {
		select {
		case <-done:
		case <-ctx.Done():
		}
		return
	}
	defer func() {
		s.mu.Lock()
		delete(s.going, who)
		s.mu.Unlock()
		close(done)
	}()
	s.lookUp(ctx, req)
}

type askedKey struct{}

// Asked is a context under which nothing is looked up: it was just before.
func Asked(ctx context.Context) context.Context { return context.WithValue(ctx, askedKey{}, true) }

// lookUp asks all questions at once.
func (s *Service) lookUp(ctx context.Context, req consent.Request) {
	decisions, err := s.gate.Check(ctx, req)
	if err != nil || decisions[0].Outcome != consent.Hold {
		return // without a ledger there is no call, and the gate will say so
	}
	known, err := s.gate.Ledger.Snapshot(ctx, req.To)
	if err != nil {
		return
	}
	list := s.questions(decisions[0], known[0].Facts, s.now())
	facts := make([]*consent.Fact, len(list))
	var asking sync.WaitGroup
	for i, q := range list {
		asking.Go(func() {
			f, err := s.ask(ctx, q, req)
			if err != nil {
				s.log.Warn().Err(err).Str("lookup", string(q.kind)).Stringer("to",
					req.To).Msg("lookup failed; call held")
				return
			}
			facts[i] = &f
		})
	}
	asking.Wait()
	var answers []consent.Fact
	for _, f := range facts {
		if f != nil {
			answers = append(answers, *f)
		}
	}
	if len(answers) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWait)
	defer cancel()
	if _, err := s.gate.Record(ctx, answers...); err != nil {
		s.log.Warn().Err(err).Msg("lookup not recorded; call held")
	}
}

// ask asks one question in its turn.
func (s *Service) ask(ctx context.Context, q question, req consent.Request) (consent.Fact, error) {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return consent.Fact{}, ctx.Err()
	}
	e := s.endpoints[q.kind]
	b, err := e.ask(ctx, s.client, q, req.To, req.Seller.Name)
	if err != nil {
		return consent.Fact{}, err
	}
	return read(b, q, req.To, req.Seller.Name, e.Host(), s.now())
}

func (s *Service) now() time.Time {
	if s.gate.Now != nil {
		return s.gate.Now()
	}
	return time.Now()
}
