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
)

const (
	mcpWriteTimeout = 5 * time.Second // for a command to read its stdin, which holds 64 KiB
	mcpGrace        = time.Second     // for it to end at the end of stdin, and again at SIGTERM
	mcpLastWords    = 200 * time.Millisecond
)

// process is a command that serves over stdin and stdout, with everything that it started in a group of its own.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr *os.File
	meter  *meter
	said   atomic.Int64   // bytes on stderr, which may hold what callers said and is not kept
	mute   atomic.Bool    // its stdout has ended, and not by us
	wg     sync.WaitGroup // of the goroutines that wait for it and read its stderr
	exited chan struct{}  // closed when the command has ended
	state  error          // how, once exited is closed; nil for exit status 0
}

// startProcess starts the command.
func startProcess(m *MCP, link *mcpLink) (*process, error) {
	p := &process{cmd: exec.Command(m.config.Command[0], m.config.Command[1:]...), meter: link.meter, exited: make(chan struct{})}
	p.cmd.Dir = m.config.Dir
	p.cmd.Env = mcpEnv(m.config.Env)
	p.cmd.SysProcAttr = attributes()

	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
	}()
	pipe := func(inward bool) (ours, their *os.File, err error) {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, nil, err
		}
		if ours, their = r, w; inward {
			ours, their = w, r
		}
		theirs = append(theirs, their)
		return ours, their, nil
	}
	in, err1 := wire(&p.stdin, true, pipe)
	out, err2 := wire(&p.stdout, false, pipe)
	errs, err3 := wire(&p.stderr, false, pipe)
	err := errors.Join(err1, err2, err3)
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = in, out, errs
		err = p.cmd.Start()
	}
	if err != nil {
		p.closePipes()
		return nil, fmt.Errorf("the command does not start: %w", err)
	}
	p.wg.Go(func() {
		p.state = p.cmd.Wait()
		close(p.exited)
	})
	p.wg.Go(p.swallow)
	return p, nil
}

// wire makes a pipe, keeps our end of it and returns the command's.
func wire(ours **os.File, inward bool, pipe func(bool) (*os.File, *os.File, error)) (their *os.File, err error) {
	*ours, their, err = pipe(inward)
	return their, err
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
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.stderr.Read(buffer)
		p.said.Add(int64(n))
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
		if err == io.EOF {
			p.mute.Store(true)
		}
	}}
	return &mcp.IOTransport{Reader: stdout, Writer: patientWriter{p.stdin}, MaxLineLength: mcpMaxMessage}
}

// patientWriter gives up on a command that does not read, and for good: half a message has broken the stream, and
// whoever waits for his turn must not wait as long again.
type patientWriter struct{ *os.File }

func (w patientWriter) Write(b []byte) (int, error) {
	if err := w.SetWriteDeadline(time.Now().Add(mcpWriteTimeout)); err != nil {
		return 0, err
	}
	n, err := w.File.Write(b)
	if err != nil {
		w.Close()
	}
	return n, err
}

var _ io.WriteCloser = patientWriter{}

// cut implements mcpWire.
func (p *process) cut() {
	p.signal(syscall.SIGKILL)
	p.closePipes()
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
}

// gone waits for the command's end.
func (p *process) gone(atMost time.Duration) bool {
	select {
	case <-p.exited:
		return true
	case <-time.After(atMost):
		return false
	}
}

func (p *process) closePipes() {
	for _, f := range []*os.File{p.stdin, p.stdout, p.stderr} {
		if f != nil {
			f.Close()
		}
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
	return fmt.Errorf("the command ended: %w", p.state)
}
