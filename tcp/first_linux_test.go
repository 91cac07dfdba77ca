//go:build !386

package tcp_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/patchcord/patchcord/tcp"
)

func init() {
	if os.Getenv("LISTEN_AND_WAIT") != "" {
		listenAndWait()
	}
}

// listenAndWait is what the killed process does: it says where it listens, and
// keeps who comes.
func listenAndWait() {
	l, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(l.Addr().String() + "\n")
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() { _, _ = io.Copy(io.Discard, c) }()
		os.Stdout.WriteString("one more\n")
	}
}

// A peer that sees its connection end and asks again at once is refused, never
// let in and reset.
func TestKilledRefuses(t *testing.T) {
	for range 10 {
		killed := exec.Command(os.Args[0])
		killed.Env = append(os.Environ(), "LISTEN_AND_WAIT=1")
		out, err := killed.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		said.Scan()
		address := said.Text()
		var last net.Conn
		for range 20 { // its descriptors are high and many, as on a busy bridge
			c, err := net.Dial("tcp", address)
			if err != nil || !said.Scan() {
				t.Fatalf("connect to %q: %v", address, err)
			}
			defer c.Close()
			last = c
		}
		if err := killed.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if _, err := last.Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
			t.Fatalf("the killed process's connection: %v", err)
		}
		c, err := net.Dial("tcp", address)
		if err == nil {
			_, err = c.Read(make([]byte, 1))
			c.Close()
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("after the kill: %v, not a refusal", err)
		}
		if err := killed.Wait(); !strings.Contains(err.Error(), "killed") {
			t.Fatal(err)
		}
	}
}
