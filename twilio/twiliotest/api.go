package twiliotest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// API is the part of Twilio's REST API that acts on a phone's calls and tells about its
// account. It is an http.Handler: serve it with httptest.NewServer, say, and give that
// server's URL to the product as TWILIO_API_URL.
//
// Requests must carry the phone's AccountSID and AuthToken, or the Key and Secret.
type API struct {
	// Key and Secret are an API key that is taken beside the auth token. Set them
	// before serving.
	Key, Secret string

	// Permitted tells whether a call with this id of the product's may be placed: the
	// id that its Url has in the query's field "call". Without it none may. Set it
	// before serving.
	Permitted func(callID string) bool

	// CPS is how many calls begin each second; more wait for their turn, and Twilio
	// says 201 all the same. Defaults to any number.
	CPS int

	phone *Phone

	mu       sync.Mutex
	numbers  []Number
	messages []Message
	callees  []*Callee
	faults   []string
	turn     time.Time // when the next call may begin
	failures []Failure
	requests []Request
}

// Number is a telephone number of the account.
type Number struct {
	PhoneNumber    string // E.164
	VoiceURL       string
	VoiceMethod    string // "POST" or "GET"
	StatusCallback string
	SMSURL         string
}

// Request is one that came with the right credentials.
type Request struct {
	Method, Path string
	Form         url.Values // of the body, or the query
}

// Failure is an answer in place of the true one; the request has no effect.
type Failure struct {
	Status     int
	Code       int           // of Twilio, such as 20429
	Message    string        // Twilio's sentence
	RetryAfter string        // the header, if not ""
	Body       string        // the whole body, in place of Twilio's JSON
	Delay      time.Duration // before the answer, or until the client gives up
}

// NewAPI makes an API for the calls of a phone.
func NewAPI(phone *Phone) *API { return &API{phone: phone} }

// SetNumbers replaces the account's numbers. It has none at first.
func (a *API) SetNumbers(numbers ...Number) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.numbers = slices.Clone(numbers)
}

// Numbers are the account's numbers as they are set now.
func (a *API) Numbers() []Number {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.numbers)
}

// Fail makes the next requests fail, each by the next of the failures.
func (a *API) Fail(failures ...Failure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failures = append(a.failures, failures...)
}

// Requests is every request so far.
func (a *API) Requests() []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

// Creations counts the requests to create a call, taken or not.
func (a *API) Creations() (n int) {
	for _, r := range a.Requests() {
		if r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/Calls.json") {
			n++
		}
	}
	return n
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	byToken := user == a.phone.account() && password == a.phone.AuthToken
	byKey := a.Key != "" && user == a.Key && password == a.Secret
	if !byToken && !byKey {
		refuse(w, http.StatusUnauthorized, 20003, "Authenticate")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, 20001, "the body is not a form")
		return
	}
	if failure, fails := a.note(r); fails {
		failure.answer(w, r)
		return
	}
	path, own := strings.CutPrefix(r.URL.Path, "/2010-04-01/Accounts/"+a.phone.account())
	path, suffixed := strings.CutSuffix(path, ".json")
	callSID, aboutCall := strings.CutPrefix(path, "/Calls/")
	switch {
	case !own || !suffixed:
		notFound(w, r)
	case path == "" && r.Method == http.MethodGet:
		reply(w, map[string]any{"sid": a.phone.account(), "status": "active", "type": "Full"})
	case path == "/IncomingPhoneNumbers" && r.Method == http.MethodGet:
		a.listNumbers(w, r)
	case strings.HasPrefix(path, "/IncomingPhoneNumbers/") && r.Method == http.MethodPost:
		a.updateNumber(w, r, strings.TrimPrefix(path, "/IncomingPhoneNumbers/"))
	case path == "/Messages" && r.Method == http.MethodGet:
		a.listMessages(w, r)
	case path == "/Calls" && r.Method == http.MethodPost:
		a.createCall(w, r)
	case path == "/Calls" && r.Method == http.MethodGet:
		a.listCalls(w, r)
	case path == "/Messages" && r.Method == http.MethodPost:
		a.createText(w, r)
	case aboutCall && r.Method == http.MethodGet:
		a.fetchCall(w, r, callSID)
	case aboutCall && r.Method == http.MethodPost:
		a.updateCall(w, r, callSID)
	default:
		notFound(w, r)
	}
}

// note remembers a request and returns the failure that is due, if any.
func (a *API) note(r *http.Request) (failure Failure, fails bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = append(a.requests, Request{Method: r.Method, Path: r.URL.Path, Form: r.Form})
	if len(a.failures) == 0 {
		return Failure{}, false
	}
	failure, a.failures = a.failures[0], a.failures[1:]
	return failure, true
}

func (f Failure) answer(w http.ResponseWriter, r *http.Request) {
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Body != "" {
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body)) // the client may be gone
		return
	}
	refuse(w, f.Status, f.Code, f.Message)
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// refuse answers as Twilio does when it will not do something.
func refuse(w http.ResponseWriter, status, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "code": code, "message": message})
}

func notFound(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
}
