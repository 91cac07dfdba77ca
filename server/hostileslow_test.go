package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/server"
)

// A body that never ends is waited for half a minute at most, whoever has the key: on every
// route that takes one.
func TestSlowBodiesOfOperators(t *testing.T) {
	onWire(t, 1000, func(w *wire) {
		operators, _, doors := server.Patterns(server.Config{Reminders: struct{ server.Reminders }{}, Permits: struct{ server.Permits }{}, Registry: prometheus.NewRegistry()})
		for _, pattern := range append(operators, doors...) {
			method, path := path(pattern)
			if method != "POST" || strings.HasSuffix(pattern, "/hangup") { // reads no body
				continue
			}
			c := w.send(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", method, path, apiToken))
			synctest.Wait()
			if status, took := w.answered(c); status >= 500 || took > 30*time.Second {
				w.Errorf("%s: %d after %v, want a refusal within 30 s", pattern, status, took)
			}
		}
	})
}

// What Hume has signed may hold anything: it is taken or refused, and never an error of the bridge's,
// for which it would be sent again for ever.
func TestHostileReportsOfHume(t *testing.T) {
	t.Parallel()
	s := open(t)
	const sid = `"custom_session_id":"CA0123456789abcdef0123456789abcdef"`
	var bodies []string
	for i, in := range hostile.Texts() {
		for _, form := range []string{`{"event_name":%,` + sid + `}`, fmt.Sprintf(`{"event_name":"chat_started","chat_id":%%,"start_time":%d,`, i+1) + sid + `}`,
			fmt.Sprintf(`{"event_name":"chat_ended","chat_id":"c%d","end_reason":%%,`, i) + sid + `}`, `{"event_name":"chat_started","chat_id":"c","custom_session_id":%}`} {
			bodies = append(bodies, hostile.Fill(form, in.Text))
		}
	}
	for _, n := range []string{"1e999", "-1", "9223372036854775807", "9007199254740993", "253402300799999", "1" + strings.Repeat("0", 400)} {
		bodies = append(bodies, fmt.Sprintf(`{"event_name":"chat_ended","chat_id":"n","start_time":%[1]s,"end_time":%[1]s,"duration_seconds":%[1]s,%s}`, n, sid))
	}
	for _, in := range append(hostile.JSON(), hostile.Large()...) {
		bodies = append(bodies, in.Text)
	}
	for _, body := range bodies {
		got := s.reportAs(body, func(h http.Header) { hume.Sign("first key", h, []byte(body), time.Now()) })
		if got.status != 204 && got.status != 400 && got.status != 413 {
			t.Errorf("%.100q: %d %s", body, got.status, got.body)
		}
		plain(t, "a report", got)
	}
}
