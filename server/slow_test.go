package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// wire is a server in virtual time, with at most so many connections. It has what a stranger's
// requests reach.
type wire struct {
	*testing.T
	pipe     *twiliotest.Pipe
	lines    *lines
	registry *prometheus.Registry
}

// lines is a log that counts its lines.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.text.String(), func(r rune) bool { return r == '\n' })
}

func onWire(t *testing.T, most int, test func(*wire)) {
	t.Helper()
	onWireWith(t, most, nil, test)
}

// onWireWith is onWire with a placer.
func onWireWith(t *testing.T, most int, placer server.Placer, test func(*wire)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		validator, err := twilio.NewValidator(public, authToken)
		if err != nil {
			t.Fatal(err)
		}
		w := &wire{T: t, pipe: twiliotest.NewPipe(), lines: &lines{}, registry: prometheus.NewRegistry()}
		s := server.New(server.Config{Validator: validator, APIToken: apiToken, HumeKeys: []string{"key"}, Placer: placer,
			Registry: w.registry, Logger: zerolog.New(w.lines)})
		web := s.HTTP("")
		var serving sync.WaitGroup
		serving.Go(func() {
			if err := web.Serve(s.Limit(w.pipe, most)); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		defer serving.Wait()
		defer web.Close()
		test(w)
	})
}

// send opens a connection and sends what it can of a text.
func (w *wire) send(text string) net.Conn {
	w.Helper()
	c, err := w.pipe.DialContext(w.Context(), "tcp", "bridge")
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, text); err != nil {
		w.Fatal(err)
	}
	return c
}

// answered reads a connection's answer and how long that took; 0 is a connection that was closed.
func (w *wire) answered(c net.Conn) (status int, took time.Duration) {
	w.Helper()
	begun := time.Now()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	took = time.Since(begun)
	if err != nil {
		return 0, took
	}
	res.Body.Close()
	return res.StatusCode, took
}

// refused is how many requests or connections are counted as refused for a reason.
func (w *wire) refused(by string) (n float64) {
	w.Helper()
	families, err := w.registry.Gather()
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := m.GetLabel()
			if f.GetName() == "patchcord_requests_refused_total" && len(labels) == 1 && labels[0].GetValue() == by {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}

// webhook is one of Twilio's, signed.
func webhook(path string) string { return signedForm(path, url.Values{"CallSid": {someSID}}) }

// signedForm is a webhook with this form.
func signedForm(path string, form url.Values) string {
	body := form.Encode()
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
		path, twiliotest.Sign(authToken, public+path, form), len(body), body)
}

const (
	slowHook = "POST /twilio/voice HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: AAAA\r\nContent-Length: 1000\r\n\r\nCallSid="
	slowHume = "POST /hume/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
)

// A body that nobody has vouched for is read for 5 s.
func TestSlowBodies(t *testing.T) {
	onWire(t, 10, func(w *wire) {
		for name, text := range map[string]string{"Twilio": slowHook, "Hume": slowHume} {
			if status, took := w.answered(w.send(text)); status < 400 || took != 5*time.Second {
				w.Errorf("%s: %d after %v, want a refusal after 5 s", name, status, took)
			}
		}
	})
}

// At most 64 such bodies are read at once. With one more the oldest is cut, so that who
// dawdles keeps nobody out.
func TestManySlowBodies(t *testing.T) {
	onWire(t, 1000, func(w *wire) {
		var slow []net.Conn
		for range 64 {
			slow = append(slow, w.send(slowHook))
			synctest.Wait()
		}
		if status, took := w.answered(w.send(webhook("/twilio/recording"))); status != 204 || took != 0 {
			w.Errorf("a webhook beside 64 slow ones: %d after %v", status, took)
		}
		if status, took := w.answered(slow[0]); status != 403 || took != 0 {
			w.Errorf("the oldest: %d after %v, want 403 at once", status, took)
		}
		if status, took := w.answered(slow[1]); status != 403 || took != 5*time.Second {
			w.Errorf("the next: %d after %v, want 403 after 5 s", status, took)
		}
	})
}

// A body is 64 KiB at most.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	s := open(t)
	for size, want := range map[int]int{60 << 10: 204, 64 << 10: 403} {
		if got := s.hook("/twilio/recording", incoming("x", strings.Repeat("x", size))); got.status != want {
			t.Errorf("%d bytes: %d, want %d", size, got.status, want)
		}
	}
}

// With one connection too many the oldest silent one goes; where all have spoken, the new one.
func TestConnections(t *testing.T) {
	onWire(t, 3, func(w *wire) {
		silent := []net.Conn{w.send("POST /twi"), w.send("P"), w.send("GET / HTTP/1.1\r\nA: b\r\n")}
		synctest.Wait()
		if status, took := w.answered(w.send(webhook("/twilio/recording"))); status != 204 || took != 0 {
			w.Errorf("beside three silent ones: %d after %v", status, took)
		}
		if status, took := w.answered(silent[0]); status != 0 || took != 0 {
			w.Errorf("the oldest silent one: %d after %v, want it closed", status, took)
		}
		if _, err := io.WriteString(silent[2], "Host: x\r\n\r\n"); err != nil {
			w.Error(err)
		} else if status, _ := w.answered(silent[2]); status != 404 {
			w.Errorf("one that goes on to speak: %d", status)
		}
		silent[1].Close()
		synctest.Wait()
		for range 3 {
			w.send(slowHook)
		}
		synctest.Wait()
		c, err := w.pipe.DialContext(w.Context(), "tcp", "bridge")
		if err != nil {
			w.Fatal(err)
		}
		defer c.Close()
		if status, took := w.answered(c); status != 0 || took != 0 {
			w.Errorf("beside three that have spoken: %d after %v, want it closed", status, took)
		}
		if n := w.refused("connections"); n != 2 {
			w.Errorf("%v connections are counted as refused, want two", n)
		}
	})
}

// However many requests are refused, they cost a line a second, without what they sent.
func TestRefusedRequestsAreQuiet(t *testing.T) {
	onWire(t, 100, func(w *wire) {
		for range 50 {
			for _, path := range []string{"/twilio/forged%0aline", "/twilio/media?forged=1", "/hume/webhook?forged=1"} {
				method := "POST"
				if strings.HasPrefix(path, "/twilio/media") {
					method = "GET"
				}
				text := method + " " + path + " HTTP/1.1\r\nHost: forged\r\nX-Twilio-Signature: forged\r\nContent-Length: 0\r\n\r\n"
				if status, _ := w.answered(w.send(text)); status != 403 && status != 401 {
					w.Fatalf("%s: %d", path, status)
				}
			}
		}
		if n := len(w.lines.all()); n != 1 {
			w.Errorf("%d lines in one moment, want one", n)
		}
		time.Sleep(time.Second)
		w.answered(w.send("POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"))
		all := w.lines.all()
		if len(all) != 2 {
			w.Errorf("%d lines after a second more, want two: %q", len(all), all)
		}
		for _, line := range all {
			if strings.Contains(line, "forged") || len(line) > 200 {
				w.Errorf("a line holds what was sent, or is long: %s", line)
			}
		}
	})
}
