package tcp_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// echo sends back what comes, until the end.
func echo(c net.Conn) {
	_, _ = io.Copy(c, struct{ io.Reader }{c})
	c.Close()
}

// converse sends messages and waits for each to come back.
func converse(t *testing.T, c net.Conn, messages int) {
	sent, got := make([]byte, 400), make([]byte, 400)
	for i := range messages {
		sent[0], sent[399] = byte(i), byte(i>>8)
		if _, err := c.Write(sent); err != nil {
			t.Error(err)
			return
		}
		if _, err := io.ReadFull(c, got); err != nil || got[0] != sent[0] || got[399] != sent[399] {
			t.Errorf("message %d did not come back: %v", i, err)
			return
		}
	}
}

// Hundreds of connections on which much happens, some of which end meanwhile.
func TestHundreds(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 300 {
		a, b := connect(t)
		wg.Go(func() { echo(b) })
		wg.Go(func() {
			converse(t, a, 10+i%40)
			a.Close()
		})
	}
	wg.Wait()
}

// A goroutine that never waits holds up nobody for long.
func TestBesideALongGoroutine(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var spinning, wg sync.WaitGroup
	var end atomic.Bool
	spinning.Go(func() {
		for !end.Load() {
		}
	})
	a, b := connect(t)
	wg.Go(func() { echo(b) })
	a.SetDeadline(time.Now().Add(10 * time.Second))
	converse(t, a, 5)
	end.Store(true)
	spinning.Wait()
	a.Close()
	wg.Wait()
}

// Closing and deadlines beside reads and writes that are under way, of several goroutines each.
func TestCloseBesideTraffic(t *testing.T) {
	for range 50 {
		a, b := connect(t)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { echo(b) })
			wg.Go(func() { _ = fill(a, make([]byte, 4096)) })
			wg.Go(func() { _, _ = io.Copy(io.Discard, struct{ io.Reader }{a}) })
			wg.Go(func() {
				for range 20 {
					a.SetDeadline(time.Now().Add(time.Hour))
				}
				a.Close()
			})
		}
		wg.Wait()
		if err := a.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a second Close: %v", err)
		}
	}
}

// TLS lies on a connection of ours as on any other.
func TestTLS(t *testing.T) {
	https := httptest.NewUnstartedServer(nil)
	https.StartTLS() // for its certificate
	defer https.Close()
	client := https.Client().Transport.(interface{ Clone() *http.Transport }).Clone().TLSClientConfig
	client.ServerName = "example.com"
	a, b := connect(t)
	dialled, accepted := tls.Client(a, client), tls.Server(b, https.TLS)
	var wg sync.WaitGroup
	wg.Go(func() { echo(accepted) })
	converse(t, dialled, 100)

	dialled.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := dialled.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing came, and the error is %v", err)
	}
	dialled.SetReadDeadline(time.Time{})
	converse(t, dialled, 100)

	if err := dialled.CloseWrite(); err != nil {
		t.Error(err)
	}
	if n, err := dialled.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("after the end: %d, %v", n, err)
	}
	dialled.Close()
	wg.Wait()
}
