package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// server is a running postmaster that this process has started.
type server struct {
	cluster  *cluster
	port     int
	process  *os.Process
	output   tail
	stopping atomic.Bool
	done     chan struct{}
}

// portTries bounds how often another program may take the free port that we
// found before the server has it.
const portTries = 5

// start runs the server and waits until it takes connections.
func (c *cluster) start(ctx context.Context) (*server, error) {
	for try := 1; ; try++ {
		s := &server{cluster: c, done: make(chan struct{})}
		var err error
		if s.port, err = freePort(); err != nil {
			return nil, err
		}
		if err = s.launch(); err != nil {
			return nil, err
		}
		if err = s.ready(ctx); err == nil {
			return s, nil
		}
		if !errors.Is(err, errPortTaken) || try == portTries {
			return nil, errors.Join(err, s.stop())
		}
	}
}

// settings of the server. Its messages are kept to why it would not start or
// go on: those about single statements can quote what was to be stored.
func (s *server) settings() []string {
	durable := "off"
	if s.cluster.sync {
		durable = "on"
	}
	args := []string{"-D", s.cluster.data()}
	for _, setting := range []string{
		"listen_addresses=127.0.0.1",
		fmt.Sprintf("port=%d", s.port),
		"unix_socket_directories=",
		"max_connections=200",
		"fsync=" + durable,
		"full_page_writes=" + durable,
		"logging_collector=off",
		"log_destination=stderr",
		"log_min_messages=fatal",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
	} {
		args = append(args, "-c", setting)
	}
	return args
}

// launch starts the postmaster in a goroutine that keeps its thread: on Linux
// the kernel ends the server when that thread ends, that is, with the process.
func (s *server) launch() error {
	cmd := s.cluster.command(context.Background(), "postgres", s.settings()...)
	cmd.Stderr = &s.output
	cmd.WaitDelay = 2 * time.Second // orphans of a killed postmaster hold the pipe for a moment
	started := make(chan error, 1)
	go func() {
		defer close(s.done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			s.process = cmd.Process
			giveWay(cmd.Process.Pid)
		}
		started <- err
		if err == nil {
			s.watch(cmd)
		}
	}()
	return <-started
}

func (s *server) watch(cmd *exec.Cmd) {
	err := cmd.Wait()
	if s.stopping.CompareAndSwap(false, true) {
		s.cluster.log.Error().AnErr("exit", err).Str("said", fatal(s.output.String())).
			Msg("postgres: the private server exited")
	}
}

var errPortTaken = errors.New("another program uses the port")

// ready waits until the postmaster's own file says that it takes connections.
func (s *server) ready(ctx context.Context) error {
	ended := false
	err := poll(ctx, func() bool {
		select {
		case <-s.done:
			ended = true
		default:
		}
		state, err := readPidFile(s.cluster.data())
		return ended || err == nil && state.pid == s.process.Pid && state.ready
	})
	if !ended {
		return err
	}
	said := fatal(s.output.String())
	if strings.Contains(said, "could not create any TCP/IP sockets") {
		return fmt.Errorf("the server exited at once: %w: %s", errPortTaken, said)
	}
	return fmt.Errorf("the server exited at once: %s", said)
}

// stop ends the server: first by breaking its connections and writing all to
// disk, then without the latter, at last by force.
func (s *server) stop() error {
	s.stopping.Store(true)
	for _, step := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGINT, 5 * time.Second}, {syscall.SIGQUIT, 6 * time.Second}, {syscall.SIGKILL, 3 * time.Second}} {
		select {
		case <-s.done:
			return nil
		default:
		}
		s.process.Signal(step.signal)
		for _, pid := range family(s.cluster.data()) {
			syscall.Kill(pid, syscall.SIGCONT) // one that was halted would not hear the other signal
		}
		select {
		case <-s.done:
			return nil
		case <-time.After(step.within):
		}
	}
	return errors.New("postgres: the private server does not stop")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tail keeps the last few kilobytes of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-4<<10):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
