// Package lookuptest imitates Twilio Lookup v2, as far as look-ups need it.
//
// https://www.twilio.com/docs/lookup/v2-api
package lookuptest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Twilio answers GET /v2/PhoneNumbers/{number}. What it would refuse it refuses. Set the
// fields before the first request.
type Twilio struct {
	User, Password string
	Line           string // the type of every line, such as mobile; empty for none
	Reassigned     string // of every number: yes, no, no data; empty for none

	mu    sync.Mutex
	asked []string // queries
}

// Asked is the queries so far.
func (t *Twilio) Asked() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.asked)
}

var (
	onePath = regexp.MustCompile(`^/v2/PhoneNumbers/(\+[1-9][0-9]{6,14})$`)
	oneDay  = regexp.MustCompile(`^[0-9]{8}$`)
)

// ServeHTTP implements http.Handler.
func (t *Twilio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	path := onePath.FindStringSubmatch(r.URL.Path)
	q := r.URL.Query()
	fields := strings.Split(q.Get("Fields"), ",")
	date := q.Get("LastVerifiedDate")
	switch {
	case user != t.User || password != t.Password:
		refuse(w, http.StatusUnauthorized, 20003)
		return
	case r.Method != http.MethodGet || path == nil:
		refuse(w, http.StatusNotFound, 20404)
		return
	case slices.Contains(fields, "reassigned_number") && !oneDay.MatchString(date):
		refuse(w, http.StatusBadRequest, 60617)
		return
	}
	t.mu.Lock()
	t.asked = append(t.asked, r.URL.RawQuery)
	t.mu.Unlock()
	answer := map[string]any{"calling_country_code": "1", "country_code": "US", "phone_number": path[1], "valid": true, "validation_errors": []string{},
		"line_type_intelligence": nil, "reassigned_number": nil, "url": "https://lookups.twilio.com" + r.URL.Path}
	if t.Line != "" && slices.Contains(fields, "line_type_intelligence") {
		answer["line_type_intelligence"] = map[string]any{"type": t.Line, "carrier_name": "A Carrier", "error_code": nil}
	}
	if t.Reassigned != "" && slices.Contains(fields, "reassigned_number") {
		answer["reassigned_number"] = map[string]any{"last_verified_date": date, "is_number_reassigned": t.Reassigned, "error_code": nil}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

func refuse(w http.ResponseWriter, status, code int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "status": status, "message": "no"})
}
