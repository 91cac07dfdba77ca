package tools

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/hostile"
)

// Whatever a tool's endpoint answers, a model is given no more than the bound and nothing that a person
// can't see, and neither it nor the log is told what the endpoint says of an error.
func TestHTTPHostileAnswers(t *testing.T) {
	for _, in := range append(append(hostile.Texts(), hostile.JSON()...), hostile.Large()...) {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			url, _ := back(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				io.WriteString(w, in.Text)
			})
			begun := time.Now()
			a := callHTTP(t, HTTPConfig{URL: url})
			if took := time.Since(begun); took > 5*time.Second || len(a.Content) > MaxResult+100 || len(a.Err)+len(a.Say) > 1000 {
				t.Errorf("%s: %d bytes and an error of %d after %v", in.Name, len(a.Content), len(a.Err), took)
			}
			if unseen(a.Content) || unseen(a.Say) || unseen(a.Err) {
				t.Errorf("%s: a model is given %.200q, or the log %.200q", in.Name, a.Content, a.Err)
			}
			if a.OK != (status == http.StatusOK && len(in.Text) <= MaxResult) {
				t.Errorf("%s with %d: %t, %.200q", in.Name, status, a.OK, a.Err)
			}
		}
	}
}

// An endpoint that sends its answer a byte at a time, or half of it and no end, is left at the deadline.
func TestHTTPSlowAnswers(t *testing.T) {
	for name, body := range map[string]io.ReadCloser{"slow": hostile.NewSlow(strings.Repeat("a", 1000), 10*time.Millisecond), "stalled": hostile.NewStalled(`{"a":`)} {
		url, _ := back(t, func(w http.ResponseWriter, r *http.Request) {
			defer context.AfterFunc(r.Context(), func() { body.Close() })()
			flush := http.NewResponseController(w)
			for b := make([]byte, 64); ; {
				n, err := body.Read(b)
				w.Write(b[:n])
				if err != nil || flush.Flush() != nil {
					return
				}
			}
		})
		a := callHTTP(t, HTTPConfig{URL: url, Timeout: 100 * time.Millisecond})
		if a.OK || a.Err != "tools: order_status: no answer within 100ms" {
			t.Errorf("%s: the answer is %+v", name, a)
		}
	}
}

// Whatever a model gives as arguments, it is refused, or the endpoint gets one JSON object, and nothing in
// its address or its headers.
func TestHTTPHostileArguments(t *testing.T) {
	var got []string
	url, _ := back(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.URL.String(), string(body), r.Header.Get("X-Injected"))
	})
	tool, err := HTTP("order_status", HTTPConfig{Parameters: json.RawMessage(orderSchema), URL: url + "/orders"})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, tool)
	var all []string
	for _, in := range hostile.Texts() {
		all = append(all, in.Text, hostile.Fill(`{"order_id":%}`, in.Text), hostile.Fill(`{"order_id":"a",%:1}`, in.Text))
	}
	for _, in := range append(hostile.JSON(), hostile.Large()...) {
		all = append(all, in.Text)
	}
	for _, arguments := range all {
		got = nil
		begun := time.Now()
		a := r.Call(t.Context(), Call{ID: "call_1", Name: "order_status", Key: "k", Arguments: json.RawMessage(arguments)})
		if took := time.Since(begun); took > 5*time.Second || len(a.Err) > 2000 || unseen(a.Err) || unseen(a.Content) {
			t.Errorf("%.60q: after %v: %.300q", arguments, took, a.Err)
		}
		var object map[string]json.RawMessage
		if a.OK && (got[0] != "/orders" || json.Unmarshal([]byte(got[1]), &object) != nil || got[2] != "") {
			t.Errorf("%.60q: the endpoint got %.200q", arguments, got)
		}
	}
}
