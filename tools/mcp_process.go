package tools

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"
)

const (
	mcpWriteTimeout = 5 * time.Second // for a command to read its stdin, which holds 64 KiB
	mcpGrace        = time.Second     // for it to end at the end of stdin, and again at SIGTERM
	mcpLastWords    = 200 * time.Millisecond
	mcpFirstSaid    = 1 << 10 // bytes of stderr for Explain
)

// process is a command that serves over stdin and stdout, with everything that it started in a group of its own.
type process struct {
	cmd     *exec.Cmd
	stdin   *os.File
	stdout  *os.File
	stderr  *os.File
	meter   *meter
	log     zerolog.Logger
	said    atomic.Int64                         // bytes on stderr, which may hold what callers said and is not kept
	first   []byte                               // of stderr, for explain, once deaf is closed
	deaf    chan struct{}                        // closed when stderr has ended
	explain func(code int, stderr string) string // nil: nobody asks
	mute    atomic.Bool                          // its stdin or stdout has ended, and not by us
	wg      sync.WaitGroup                       // of the goroutines that wait for it and read its stderr
	exited  chan struct{}                        // closed when the command has ended
	state   error                                // how, once exited is closed; nil for exit status 0
}

// startProcess starts the command.
func startProcess(m *MCP, link *mcpLink) (*process, error) {
	p := &process{cmd: exec.Command(m.config.Command[0], m.config.Command[1:]...), meter: link.meter, log: m.log, exited: make(chan struct{}),
		deaf: make(chan struct{}), explain: m.config.Explain}
	p.cmd.Dir = m.config.Dir
	p.cmd.Env = mcpEnv(m.config.Env)
	p.cmd.SysProcAttr = attributes()
	if m.config.Prepare != nil {
		if err := m.config.Prepare(p.cmd); err != nil {
			return nil, fmt.Errorf("can't start the command: %w", err)
		}
	}

	var err error
	var theirs [3]*os.File
	if theirs[0], p.stdin, err = os.Pipe(); err == nil {
		if p.stdout, theirs[1], err = os.Pipe(); err == nil {
			p.stderr, theirs[2], err = os.Pipe()
		}
	}
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1], theirs[2]
		err = p.cmd.Start()
	}
	closeAll(theirs[:]...)
	if err != nil {
		closeAll(p.stdin, p.stdout, p.stderr)
		return nil, fmt.Errorf("the command failed to start: %w", err)
	}
	p.wg.Go(func() {
		p.state = p.cmd.Wait()
		close(p.exited)
	})
	p.wg.Go(p.swallow)
	return p, nil
}

// closeAll closes the ends of pipes that there are; one that is closed already stays so.
func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// mcpEnv is all that a command sees of our environment.
func mcpEnv(named []string) []string {
	env := []string{}
	for _, name := range []string{"PATH", "HOME", "LANG"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, named...)
}

// swallow reads stderr, so that the command never waits for us to, and forgets it. A command that writes without end is
// held to a few megabytes a second.
func (p *process) swallow() {
	defer close(p.deaf)
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.stderr.Read(buffer)
		p.said.Add(int64(n))
		if p.explain != nil {
			p.first = append(p.first, buffer[:min(n, mcpFirstSaid-len(p.first))]...)
		}
		if err != nil {
			return
		}
		if n == len(buffer) {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// transport implements mcpWire.
func (p *process) transport() mcp.Transport {
	stdout := &metered{ReadCloser: p.stdout, meter: p.meter, left: -1, ended: func(err error) {
		if errors.Is(err, io.EOF) {
			p.mute.Store(true)
		}
	}}
	return &mcp.IOTransport{Reader: stdout, Writer: patientWriter{p.stdin, &p.mute}, MaxLineLength: mcpMaxMessage}
}

// patientWriter gives up on a command that does not read, and for good: half a message has broken the stream, and
// whoever waits for his turn must not wait as long again.
type patientWriter struct {
	*os.File
	mute *atomic.Bool // set when nobody is there to read
}

func (w patientWriter) Write(b []byte) (int, error) {
	if err := w.SetWriteDeadline(time.Now().Add(mcpWriteTimeout)); err != nil {
		return 0, err
	}
	n, err := w.File.Write(b)
	if err != nil {
		if errors.Is(err, syscall.EPIPE) { // seen before the end of stdout may be
			w.mute.Store(true)
		}
		w.Close()
	}
	return n, err
}

var _ io.WriteCloser = patientWriter{}

// cut implements mcpWire.
func (p *process) cut() {
	p.signal(syscall.SIGKILL)
	closeAll(p.stdin, p.stdout, p.stderr)
}

// signal sends a signal to the command and to all that it started.
func (p *process) signal(s syscall.Signal) { syscall.Kill(-p.cmd.Process.Pid, s) }

// close implements mcpWire: the end of stdin, then SIGTERM, then SIGKILL.
func (p *process) close() {
	p.stdin.Close()
	if !p.gone(mcpGrace) {
		p.signal(syscall.SIGTERM)
		p.gone(mcpGrace)
	}
	p.cut() // also what the command started and left behind
	p.wg.Wait()
	p.log.Debug().Int64("stderr_bytes", p.said.Load()).Msg("MCP command exited; its stderr output is not logged")
}

// gone waits for the command's end.
func (p *process) gone(atMost time.Duration) bool { return within(p.exited, atMost) }

// within waits for a channel to be closed.
func within(done <-chan struct{}, atMost time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(atMost):
		return false
	}
}

// epitaph implements mcpWire.
func (p *process) epitaph() error {
	if !p.mute.Load() || !p.gone(mcpLastWords) { // stdout ends a moment before the command does
		return nil
	}
	if p.state == nil {
		return errors.New("the command ended: exit status 0")
	}
	if why := p.neverBegan(); why != "" {
		return errors.New("can't start the command: " + why)
	}
	return fmt.Errorf("the command ended: %w", p.state)
}

// neverBegan is why the command's launcher could not start it; empty if it could, or says nothing.
func (p *process) neverBegan() string {
	end, ok := errors.AsType[*exec.ExitError](p.state)
	if !ok || p.explain == nil || !within(p.deaf, mcpLastWords) {
		return ""
	}
	return p.explain(end.ExitCode(), string(p.first))
}
