package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/postgres"
)

// PrivateConfig says where a private server keeps its data.
type PrivateConfig struct {
	Dir  string         // the server makes a folder "postgres" in it, and lives there
	Log  zerolog.Logger // Defaults to none
	Sync bool           // wait for the disk, so that data outlives a crash of the machine and not of the server alone
}

// Private is a Postgres server that belongs to this process: it listens on a
// free port of 127.0.0.1, lets in only who has a password in its folder, and
// ends with the process, even when that is killed.
type Private struct {
	// URLs are its addresses: one that serves, one that migrates, and the superuser's.
	URLs   URLs
	server *server
	lock   *os.File
	stop   sync.Once
	err    error
}

// ErrInUse says that another process runs a private server in the folder.
// FindPrivate tells its address.
var ErrInUse = errors.New("another process runs its private Postgres there; set DATABASE_URL or another BRIDGE_DATA_DIR")

const (
	serverUser   = "patchcord"
	startTimeout = time.Minute // most of it for the recovery after a crash of a busy server
)

// StartPrivate starts a private server on the Postgres binaries of this
// machine, and makes its database first if there is none in the folder. A
// server that a killed process has left there is stopped. Ctx bounds the start
// only; the caller ends the server with Stop.
func StartPrivate(ctx context.Context, cfg PrivateConfig) (*Private, error) {
	if cfg.Dir == "" {
		return nil, errors.New("postgres: PrivateConfig.Dir is empty; the server needs a folder")
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	p, err := startPrivate(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: private server in %s: %w", cfg.Dir, err)
	}
	return p, nil
}

func startPrivate(ctx context.Context, cfg PrivateConfig) (*Private, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	home, err := makeHome(dir)
	if err != nil {
		return nil, err
	}
	defer home.Close()
	lock, err := lockHome(ctx, home)
	if err != nil {
		return nil, err
	}
	server, err := startIn(ctx, home, cfg)
	if err != nil {
		lock.Close()
		return nil, err
	}
	p := &Private{server: server, lock: lock}
	if p.URLs, err = server.cluster.urls(server.port); err == nil {
		err = postgres.SeparateRoles(ctx, p.URLs.Superuser, server.cluster.password)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("its roles: %w", err), p.Stop())
	}
	return p, nil
}

// startIn does all that needs the lock of home.
func startIn(ctx context.Context, home folder, cfg PrivateConfig) (*server, error) {
	c := &cluster{home: home.Name(), log: cfg.Log, sync: cfg.Sync}
	dataOwner, err := c.dataOwner(home)
	if err != nil {
		return nil, err
	}
	if err := reap(ctx, c.data(), cfg.Log); err != nil {
		return nil, err
	}
	if c.bin, err = findBinaries(ctx, c.version()); err != nil {
		return nil, err
	}
	if c.as, err = chooseAccount(ctx, c.bin, c.home, dataOwner); err != nil {
		return nil, err
	}
	if err := c.makePasswords(home); err != nil {
		return nil, err
	}
	if c.version() == 0 {
		if err := c.create(ctx, home); err != nil {
			return nil, err
		}
	}
	return c.start(ctx)
}

// lockHome takes home for this process. The lock of a process that was just
// killed may take a moment to vanish.
func lockHome(ctx context.Context, home folder) (*os.File, error) {
	file, err := home.open("lock", os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err = poll(ctx, func() bool {
		return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	})
	if err != nil {
		file.Close()
		return nil, ErrInUse
	}
	return file, nil
}

// CanStartPrivate tells whether there is a server on this machine that could be started in dir, of
// the version of the database that is there. It starts none.
func CanStartPrivate(ctx context.Context, dir string) error {
	c := &cluster{home: filepath.Join(dir, "postgres")}
	_, err := findBinaries(ctx, c.version())
	return err
}

// FindPrivate returns the addresses of the private server that another process
// of this user runs in dir.
func FindPrivate(dir string) (URLs, error) {
	c := &cluster{home: filepath.Join(dir, "postgres")}
	state, err := readPidFile(c.data())
	if err != nil || !state.ready {
		return URLs{}, fmt.Errorf("postgres: no private server runs in %s", dir)
	}
	urls, err := c.urls(state.port)
	if err != nil {
		return URLs{}, fmt.Errorf("postgres: private server in %s: %w", dir, err)
	}
	return urls, nil
}

// Done is closed when the server has ended, whoever ended it.
func (p *Private) Done() <-chan struct{} { return p.server.done }

// Stop ends the server and waits for it, at most about 15 seconds. Close all
// pools before: it breaks connections that are still open.
func (p *Private) Stop() error {
	p.stop.Do(func() {
		p.err = p.server.stop()
		p.lock.Close()
	})
	return p.err
}

// poll asks done every few milliseconds until it says yes or ctx ends.
func poll(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// fatal picks the lines of a server's messages that say why it ended.
func fatal(output string) string {
	var lines []string
	for line := range strings.Lines(output) {
		if strings.Contains(line, "FATAL") || strings.Contains(line, "PANIC") || strings.Contains(line, "error:") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) == 0 {
		return strings.TrimSpace(output)
	}
	return strings.Join(lines, "; ")
}
