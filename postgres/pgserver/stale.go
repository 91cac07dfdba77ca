package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"
)

// pidFile is what a postmaster writes about itself into its data: process on
// the first line, port on the fourth, state on the eighth (Postgres source,
// miscadmin.h).
type pidFile struct {
	pid, port int
	ready     bool
}

func pidPath(data string) string { return filepath.Join(data, "postmaster.pid") }

func readPidFile(data string) (pidFile, error) {
	b, err := os.ReadFile(pidPath(data))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 8 { // it is written line by line
		lines = append(lines, make([]string, 8)...)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return pidFile{}, errors.New("postmaster.pid does not begin with a process")
	}
	port, _ := strconv.Atoi(strings.TrimSpace(lines[3])) // 0 while it is not known
	return pidFile{pid, port, strings.TrimSpace(lines[7]) == "ready"}, nil
}

// reap ends a server that an earlier process has left on the data, be it
// running, halted, or on its way out, and waits for the last of its processes.
// The caller holds the lock of the folder, so it is nobody else's.
func reap(ctx context.Context, data string, log zerolog.Logger) error {
	pids := family(data)
	if len(pids) == 0 {
		return forget(data)
	}
	log.Warn().Msg("postgres: stopping a private server left by an earlier run")
	for _, step := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGINT, 4 * time.Second}, {syscall.SIGQUIT, 6 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		if state, err := readPidFile(data); err == nil && slices.Contains(pids, state.pid) {
			syscall.Kill(state.pid, step.signal)
		}
		for _, pid := range pids {
			if step.signal == syscall.SIGKILL {
				syscall.Kill(pid, syscall.SIGKILL)
			}
			syscall.Kill(pid, syscall.SIGCONT) // one that was halted would not hear the other signal
		}
		wait, cancel := context.WithTimeout(ctx, step.within)
		err := poll(wait, func() bool { pids = family(data); return len(pids) == 0 })
		cancel()
		if err == nil {
			return forget(data)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return fmt.Errorf("a server left there by an earlier run does not stop (process %d)", pids[0])
}

// forget removes the file of a server that is gone. Postgres would believe in
// it if the process number has been given to another program meanwhile, which
// is usual in containers.
func forget(data string) error {
	if err := os.Remove(pidPath(data)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
