package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Who dawdles over a request's header is cut after 10 s, over its body after 30 s, whoever has the key.
func TestSlowRequests(t *testing.T) {
	onWire(t, 10, func(w *wire) {
		const header = "POST /v1/consent/check HTTP/1.1\r\nHost: x\r\n"
		for _, x := range []struct {
			text string
			cut  time.Duration
		}{
			{header, 10 * time.Second},
			{header + "Authorization: Bearer " + apiToken + "\r\nContent-Length: 1000\r\n\r\n{", 30 * time.Second},
		} {
			c := w.send(x.text)
			giveUp := time.AfterFunc(time.Minute, func() { c.Close() })
			if _, took := w.answered(c); took != x.cut {
				w.Errorf("%q: cut after %v, want %v", x.text[len(header):], took, x.cut)
			}
			giveUp.Stop()
		}
	})
}

// A request's header is about 64 KiB at most.
func TestLargeHeaders(t *testing.T) {
	onWire(t, 10, func(w *wire) {
		for size, want := range map[int]int{60 << 10: 404, 70 << 10: 431} {
			c := w.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", size) + "\r\n\r\n")
			if status, _ := w.answered(c); status != want {
				w.Errorf("%d bytes: %d, want %d", size, status, want)
			}
		}
		time.Sleep(time.Second) // net/http lets what was not read arrive, and then closes
	})
}

// narrow is a listener of connections without buffers: a write waits for who reads.
type narrow struct {
	*twiliotest.Pipe
	conns chan net.Conn
}

func (n narrow) Accept() (net.Conn, error) {
	c, open := <-n.conns
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

// Who doesn't read the answer is waited for half a minute.
func TestAnswersThatNobodyReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		web := server.New(server.Config{Registry: prometheus.NewRegistry(), Logger: zerolog.Nop()}).HTTP("")
		l := narrow{twiliotest.NewPipe(), make(chan net.Conn)}
		var serving sync.WaitGroup
		serving.Go(func() { _ = web.Serve(l) })
		defer serving.Wait()
		defer close(l.conns)
		for wait, answered := range map[time.Duration]bool{30*time.Second - 1: true, 30*time.Second + 1: false} {
			client, end := net.Pipe()
			defer client.Close()
			l.conns <- end
			if _, err := fmt.Fprint(client, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(wait)
			if b, _ := io.ReadAll(client); strings.HasPrefix(string(b), "HTTP/1.1 200 ") != answered {
				t.Errorf("read after %v: %q", wait, b)
			}
		}
	})
}

// slowPlacer takes its time over who answered a call.
type slowPlacer struct {
	server.Placer
	gone chan error
}

func (p slowPlacer) Machine(ctx context.Context, _, _ string) {
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
	p.gone <- ctx.Err()
}

// Once its signature is checked a webhook has the usual time: the 5 s for its body end nothing of it. Of one
// without a body net/http waits meanwhile for the end of the connection, under that same deadline.
func TestASignedWebhookHasTime(t *testing.T) {
	placer := slowPlacer{gone: make(chan error, 1)}
	onWireWith(t, 10, placer, func(w *wire) {
		path := "/twilio/amd?AnsweredBy=human&call=call_1&CallSid=" + someSID
		status, took := w.answered(w.send(signedForm(path, nil)))
		if err := <-placer.gone; err != nil || status != 204 || took != 20*time.Second {
			w.Errorf("%d after %v, and its context: %v", status, took, err)
		}
	})
}
