package pgserver_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
)

// serverEndsWithUs says that the kernel ends a server whose bridge was killed.
const serverEndsWithUs = runtime.GOOS == "linux"

// bridge is a child process with a private server.
type bridge struct {
	*exec.Cmd
	stdin io.Closer
	urls  pgserver.URLs
}

// startBridge starts binary, a copy of this test, in a process of its own.
func startBridge(t *testing.T, binary, dir string, attr *syscall.SysProcAttr) bridge {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), bridgeDir+"="+dir)
	cmd.SysProcAttr = attr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // unless it was killed, it stops its server, which is still busy in the folder
		stdin.Close()
		cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	app, owner, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || !strings.HasPrefix(owner, "postgres://") {
		t.Fatalf("the bridge said %q, %v", line, err)
	}
	return bridge{cmd, stdin, pgserver.URLs{App: app, Owner: owner}}
}

func (b bridge) kill() {
	b.Process.Kill()
	b.Wait()
}

func endsWithKilledBridge(t *testing.T, dir string) {
	b := startBridge(t, os.Args[0], dir, nil)
	leave(t, b.urls)
	pid := pgservertest.Postmaster(t, dir)
	b.kill()
	if serverEndsWithUs {
		gone(t, pid)
	}
	find(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs)
}

func startsRightAfterKill(t *testing.T, dir string) {
	b := startBridge(t, os.Args[0], dir, nil)
	leave(t, b.urls)
	for range 3 {
		b.kill()
		b = startBridge(t, os.Args[0], dir, nil)
	}
	find(t, b.urls)
}

// A server that was halted does not notice that its bridge was killed.
func startsOverHalted(t *testing.T, dir string) {
	b := startBridge(t, os.Args[0], dir, nil)
	leave(t, b.urls)
	pid := pgservertest.Postmaster(t, dir)
	pgservertest.Halt(t, pid)
	b.kill()
	find(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs)
	gone(t, pid)
}
