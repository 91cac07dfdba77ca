//go:build !386

package tcp_test

import (
	"regexp"
	"runtime"
	"sync"
	"testing"
	"time"
)

var ofLoop = regexp.MustCompile(`goroutine \d+ \[IO wait\]:\n(?:[^\n]+\n)*?[^\n]*tcp\.\(\*(alarm\)\.sleep|poll\)\.wait)\((?:[^\n]+\n)*?[^\n]*tcp\.\(\*loop\)\.run`)

// state is what the loop waits for in the runtime's poller: "alarm).sleep" or "poll).wait".
func state() string {
	buf := make([]byte, 1<<20)
	m := ofLoop.FindSubmatch(buf[:runtime.Stack(buf, true)])
	if m == nil {
		return "there is none"
	}
	return string(m[1])
}

func await(t *testing.T, want string) {
	t.Helper()
	got, until := "", time.Now().Add(10*time.Second)
	for time.Now().Before(until) {
		if got = state(); got == want {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("the loop is in state %q, not %q", got, want)
}

// The loop has an alarm while there is traffic, none when it is over, and ends with
// the last connection.
func TestLoopAtRest(t *testing.T) {
	a, b := connect(t)
	await(t, "poll).wait")
	var wg sync.WaitGroup
	end := make(chan struct{})
	wg.Go(func() { echo(b) })
	for range 40 {
		c, d := connect(t)
		wg.Go(func() { echo(d) })
		wg.Go(func() {
			for {
				select {
				case <-end:
					c.Close()
					return
				default:
					converse(t, c, 1)
				}
			}
		})
	}
	await(t, "alarm).sleep")
	close(end)
	await(t, "poll).wait")
	converse(t, a, 10)
	a.Close()
	wg.Wait()
	await(t, "there is none")
}
