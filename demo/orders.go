package demo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// orderTool is the tool that the agent has, and lookupTime how long it takes.
const (
	orderTool  = "order_status"
	lookupTime = 600 * time.Millisecond
)

// orders is somebody's order system, which the service reaches as an HTTP tool.
type orders struct {
	http  *httptest.Server
	token string

	mu    sync.Mutex
	asked int
}

func newOrders(token string) *orders {
	o := &orders{token: token}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", o.status)
	o.http = httptest.NewServer(mux)
	return o
}

func (o *orders) url() string { return o.http.URL + "/orders" }

// lookups is how often it was asked for an order.
func (o *orders) lookups() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked
}

// status answers {"order_id": "A17"}.
func (o *orders) status(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked++
	o.mu.Unlock()
	var ask struct {
		OrderID string `json:"order_id"`
	}
	err := json.NewDecoder(io.LimitReader(r.Body, 4<<10)).Decode(&ask)
	switch {
	case r.Header.Get("Authorization") != "Bearer "+o.token:
		http.Error(w, "the token is wrong", http.StatusUnauthorized)
		return
	case err != nil || ask.OrderID != "A17":
		http.Error(w, "there is no such order", http.StatusNotFound)
		return
	}
	if sleep(r.Context(), lookupTime) != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"shipped":"Tuesday","arrives":"Friday"}`) // the service may be gone
}
