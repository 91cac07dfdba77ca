package demo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// The tools that the agents have, and how long each takes.
const (
	orderTool   = "order_status"
	moveTool    = "move_appointment"
	officeThink = 600 * time.Millisecond
)

// crm is the computer of whoever the agents work for, which the service reaches by
// HTTP tools.
type crm struct {
	http  *httptest.Server
	token string

	mu    sync.Mutex
	asked int
}

func newCRM(token string) *crm {
	o := &crm{token: token}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", o.orders)
	mux.HandleFunc("POST /appointments", o.appointments)
	o.http = httptest.NewServer(mux)
	return o
}

func (o *crm) url() string { return o.http.URL }

// requests is how often it was asked for anything.
func (o *crm) requests() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked
}

// orders answers {"order_id": "A17"}.
func (o *crm) orders(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		OrderID string `json:"order_id"`
	}
	if o.read(w, r, &ask) {
		o.answer(w, r, ask.OrderID == "A17", `{"shipped":"Tuesday","arrives":"Friday"}`)
	}
}

// appointments answers {"day": "Thursday", "part": "afternoon"}.
func (o *crm) appointments(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Day  string `json:"day"`
		Part string `json:"part"`
	}
	if o.read(w, r, &ask) {
		o.answer(w, r, ask.Day == "Thursday" && ask.Part == "afternoon", `{"moved_to":"Thursday 14:00"}`)
	}
}

// read counts a question and reads it into v. It is false if there is nothing to answer.
func (o *crm) read(w http.ResponseWriter, r *http.Request, v any) bool {
	o.mu.Lock()
	o.asked++
	o.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+o.token {
		http.Error(w, "the token is wrong", http.StatusUnauthorized)
		return false
	}
	if json.NewDecoder(io.LimitReader(r.Body, 4<<10)).Decode(v) != nil {
		http.Error(w, "that is no JSON", http.StatusNotFound)
		return false
	}
	return true
}

// answer takes its time.
func (o *crm) answer(w http.ResponseWriter, r *http.Request, known bool, text string) {
	if !known {
		http.Error(w, "there is nothing of the kind", http.StatusNotFound)
		return
	}
	if sleep(r.Context(), officeThink) != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, text) // the service may be gone
}
