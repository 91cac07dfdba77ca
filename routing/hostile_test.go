package routing_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/hostile"
)

// Whatever is answered, it is a route within the bounds or an error that is short and repeats nothing of it.
func TestHostileAnswers(t *testing.T) {
	var answers []string
	for _, in := range hostile.Texts() {
		answers = append(answers, in.Text, hostile.Fill(`{"agent":%}`, in.Text), hostile.Fill(`{"agent":"sales","variables":{"name":%}}`, in.Text), hostile.Fill(`{"agent":"sales","variables":{%:"x"}}`, in.Text))
	}
	for _, in := range append(hostile.JSON(), hostile.Large()...) {
		answers = append(answers, in.Text, `{"agent":"sales","variables":`+in.Text+`}`)
	}
	answer := ""
	c := at(t, 3*time.Second, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) })
	for _, answer = range answers {
		begun := time.Now()
		route, err := c.Route(t.Context(), asked)
		if took := time.Since(begun); took > 3500*time.Millisecond {
			t.Errorf("%.60q: after %v", answer, took)
		}
		if err != nil {
			if s := err.Error(); len(s) > 300 || strings.ContainsFunc(s, unicode.IsControl) || strings.Contains(s, "forged") {
				t.Errorf("%.60q: the error is %.300q", answer, s)
			}
			continue
		}
		if route.Agent == "" || len(route.Variables) > 50 {
			t.Errorf("%.60q: %+v", answer, route)
		}
		for name, v := range route.Variables {
			if len(name) > 64 || len(v) > 1000 {
				t.Errorf("%.60q: a variable of %d and %d bytes", answer, len(name), len(v))
			}
		}
	}
}

// An answer that comes a byte at a time is not waited for longer than any other.
func TestDrippingAnswer(t *testing.T) {
	body := hostile.NewSlow(`{"agent":"sales"}`, 20*time.Millisecond)
	c := at(t, 100*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
		for b := make([]byte, 1); ; {
			if _, err := body.Read(b); err != nil || r.Context().Err() != nil {
				return
			}
			w.Write(b)
			_ = http.NewResponseController(w).Flush()
		}
	})
	if _, err := c.Route(t.Context(), asked); err == nil || errors.Is(err, call.ErrBadRoute) || !strings.Contains(err.Error(), "within 100ms") {
		t.Errorf("got %v", err)
	}
}
