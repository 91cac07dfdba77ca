package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/postgres"
)

// An instance is known by a name that stays with its data folder, so that after
// a crash it can tell which open calls in the log were its own.
const (
	beatEvery = 15 * time.Second
	beatStale = 2 * time.Minute // an instance that has not been seen for so long is dead
)

// Instance is this process among those that share the database.
type Instance struct {
	Name string
	Lock *os.File // held while the process lives
}

// NewInstance takes the folder's name, or a new one if another process of this
// machine uses the folder at the moment.
func NewInstance(dir string) (*Instance, error) {
	f, err := os.OpenFile(filepath.Join(dir, "instance"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the instance's name: %w", err)
	}
	if err := tryLock(f); err != nil {
		f.Close()
		return &Instance{Name: "instance_" + strings.ToLower(rand.Text())}, nil
	}
	b := make([]byte, 64)
	n, _ := f.ReadAt(b, 0)
	if name := strings.TrimSpace(string(b[:n])); name != "" {
		return &Instance{name, f}, nil
	}
	name := "instance_" + strings.ToLower(rand.Text())
	if _, err := f.WriteAt([]byte(name+"\n"), 0); err != nil {
		return nil, errors.Join(fmt.Errorf("write the instance's name: %w", err), f.Close())
	}
	return &Instance{name, f}, nil
}

// live says to the others that this instance lives, and closes the calls of
// those that don't, until ctx ends.
func (i *Instance) live(ctx context.Context, db *postgres.DB, board *call.Switchboard, log zerolog.Logger) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		err := db.Beat(ctx, i.Name)
		if err == nil {
			_, err = db.CloseOrphans(ctx, "", beatStale)
		}
		if err == nil {
			settleOrphans(ctx, db, board, log)
		}
		if err != nil && ctx.Err() == nil {
			log.Warn().Err(err).Msg("heartbeat of this instance not written")
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// settleOrphans hangs up the placed calls whose bridge is gone, and ends their permits.
func settleOrphans(ctx context.Context, db *postgres.DB, board *call.Switchboard, log zerolog.Logger) {
	calls, err := db.Orphans(ctx)
	for _, head := range calls {
		one := board.SettleOrphan(ctx, head)
		if one == nil {
			one = db.Settled(ctx, head.ID)
		}
		err = errors.Join(err, one)
	}
	if err != nil && ctx.Err() == nil {
		log.Warn().Err(err).Msg("calls of stopped instances not closed; retrying")
	}
}

// Close gives the data folder back.
func (i *Instance) Close() {
	if i.Lock != nil {
		i.Lock.Close()
	}
}
