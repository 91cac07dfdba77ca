package chaos

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/calllog/calllogtest"
	"github.com/patchcord/patchcord/carrier"
)

var (
	errAway = errors.New("chaos: the database is away")
	errDead = errors.New("chaos: the instance is dead")
)

// database is what the instances share. All that was written is in its history.
type database struct {
	calllogtest.Store

	mu       sync.Mutex // guards what follows
	away     bool
	slow     time.Duration // that each request takes
	redeemed map[[32]byte]bool
	next     map[carrier.CallID]carrier.Step
	history  []calllog.Change
}

func newDatabase() *database {
	return &database{redeemed: map[[32]byte]bool{}, next: map[carrier.CallID]carrier.Step{}}
}

// disturb makes the database unreachable or slow; both false and 0 make it well.
func (d *database) disturb(away bool, slow time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away, d.slow = away, slow
}

// enter is the way of every request to the database.
func (d *database) enter(ctx context.Context) error {
	d.mu.Lock()
	away, slow := d.away, d.slow
	d.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
		}
	}
	if away {
		return errAway
	}
	return ctx.Err()
}

// write applies changes and remembers them.
func (d *database) write(ctx context.Context, changes []calllog.Change) error {
	if err := d.Store.Apply(ctx, changes); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range changes {
		if c.Call != nil {
			head := *c.Call
			c.Call = &head
		}
		d.history = append(d.history, c)
	}
	return nil
}

// written is all that was written, in order.
func (d *database) written() []calllog.Change {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.history
}

// heads is the newest header of every call that was written.
func (d *database) heads() map[string]calllog.Call {
	all := map[string]calllog.Call{}
	for _, c := range d.written() {
		if c.Call != nil {
			all[c.Call.ID] = *c.Call
		}
	}
	return all
}

// session is an instance's way to the database: it ends with the instance.
type session struct {
	*database
	of *Instance
}

func (s session) enter(ctx context.Context) error {
	if s.of.isDead() {
		return errDead
	}
	if err := s.database.enter(ctx); err != nil {
		return err
	}
	if s.of.isDead() { // while it waited
		return errDead
	}
	return nil
}

func (s session) Apply(ctx context.Context, changes []calllog.Change) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	return s.write(ctx, changes)
}

func (s session) Claim(ctx context.Context, c calllog.Claim) (calllog.Call, error) {
	if err := s.enter(ctx); err != nil {
		return calllog.Call{}, err
	}
	return s.Store.Claim(ctx, c)
}

func (s session) Get(ctx context.Context, id string) (calllog.Call, error) {
	if err := s.enter(ctx); err != nil {
		return calllog.Call{}, err
	}
	return s.Store.Get(ctx, id)
}

func (s session) BySID(ctx context.Context, sid string) (calllog.Call, error) {
	if err := s.enter(ctx); err != nil {
		return calllog.Call{}, err
	}
	return s.Store.BySID(ctx, sid)
}

func (s session) Earlier(ctx context.Context, q calllog.EarlierQuery) ([]calllog.Call, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	return s.Store.Earlier(ctx, q)
}
