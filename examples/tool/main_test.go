package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestToolAnswers(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/A-17", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"shipped":"Tuesday"}`))
	})
	mux.HandleFunc("GET /orders/A-18", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	system := httptest.NewServer(mux)
	defer system.Close()
	defer http.DefaultClient.CloseIdleConnections()

	var out bytes.Buffer
	if err := run(t.Context(), []string{"-orders", system.URL + "/orders", "A-17", "A-18", "B-1"}, &out); err != nil {
		t.Fatal(err)
	}
	const want = `result: "{\"shipped\":\"Tuesday\"}"
for the agent: "The order system is down. Offer a callback."
for the log:   "tools: order_status: the order system answers 503 Service Unavailable"
for the agent: "There is no order with that number. Ask for it again."
for the log:   "tools: order_status: no such order"
`
	if out.String() != want {
		t.Errorf("it prints\n%swant\n%s", out.String(), want)
	}
}
