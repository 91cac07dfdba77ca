package demo

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopWait is how long the service may take to end: its log's last lines, then Postgres.
const stopWait = 20 * time.Second

// process is a program that was started. It is in a process group of its own, so that
// Ctrl-C on the terminal reaches us alone, and we end it in order.
type process struct {
	cmd  *exec.Cmd
	said *tail
	done chan struct{} // closed when it has ended
}

// startProcess starts a program in a folder, with that environment and no other. What it
// writes to its standard error goes to log, too.
func startProcess(program, arg, dir string, env []string, log io.Writer) (*process, error) {
	p := &process{cmd: exec.Command(program, arg), said: &tail{to: log}, done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = dir, env, p.said
	p.cmd.SysProcAttr = attributes()
	started := make(chan error, 1)
	go func() {
		defer close(p.done)
		// On Linux the kernel ends the child with the thread that started it, that is,
		// with this process, even if that is killed.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // how it ended is in its state
		}
	}()
	return p, <-started
}

// stop ends the program and waits for it.
func (p *process) stop() error {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		_ = p.cmd.Process.Signal(signal) // it may have ended already
		timer := time.NewTimer(stopWait)
		defer timer.Stop()
		select {
		case <-p.done:
			if code := p.cmd.ProcessState.ExitCode(); code != 0 {
				return fmt.Errorf("the service exited with %s; its last output:\n%s", p.cmd.ProcessState, p.said.last())
			}
			return nil
		case <-timer.C:
		}
	}
	return errors.New("the service does not stop")
}

// tail keeps the last of what is written to it, and passes all on.
type tail struct {
	to io.Writer

	mu sync.Mutex
	b  []byte
}

// tailBytes is more than any message of the service.
const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-tailBytes):]
	return t.to.Write(p)
}

// last is the end of it: the lines from the command's own error on, or the last few.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(t.b))
	if i := strings.LastIndex("\n"+text, "\nbridge: "); i >= 0 {
		return text[i:]
	}
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
